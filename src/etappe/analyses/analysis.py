"""What an analysis is: a question with its filters, put to the tables of one build.

Each file of this room with an ``ANALYSIS`` is one, found by its name; nothing lists them. `show NAME`, a
method of the workspace, a page of the documentation and a drawing all come from that one object.
"""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import importlib
import re
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from etappe.analyses.money import Rates, converted, converted_by, converted_journeys
from etappe.analyses.narrowing import narrowed
from etappe.errors import Fault, Faults, NotFound, QuestionFault
from etappe.journeys import beside, in_numbers, shortcuts
from etappe.journeys import touches as counting
from etappe.journeys.schema import BUILT, SHORTCUTS
from etappe.tables.engine import Engine
from etappe.words.result import Period, Recipe, Result, Row
from etappe.words.said import said

_FOLDER = Path(__file__).parent
_MARK = re.compile(r"^ANALYSIS\b", re.MULTILINE)
_GERMAN = re.compile(r'^QUESTION_DE = "(.*)"$', re.MULTILINE)


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of one build, as expressions, with the engine that computes them and the state of knowledge.

    `built` has the tables of journeys.schema.BUILT, `persons` and `resolved_accounts`; `evidence` those of
    sources.schema.EVIDENCE (current versions). A table that a workspace does not have is an empty one.
    `earlier` gives the tables as they were known at a moment, where the workspace can build them. `rates` convert
    amounts where the user gives any; `playbook` are the firm's own rules of selling. `members` are
    the personas that are asked for, each with its persons (a table with `person_id`); `segments` the segments of the
    workspace that are asked for, each with its companies (a table with `account_id`). `known` are the ids of stages and
    touchpoints that the rules have, whether a journey has met them or not.
    """

    built: Mapping[str, ir.Table]
    evidence: Mapping[str, ir.Table]
    engine: Engine
    as_of: dt.datetime
    earlier: Callable[[dt.datetime], Tables] | None = None
    rates: Rates = field(default_factory=Rates)
    playbook: tuple[str, ...] = ()
    members: Mapping[str, ir.Table] = field(default_factory=dict)
    segments: Mapping[str, ir.Table] = field(default_factory=dict)
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, built: Mapping[str, ir.Table], evidence: Mapping[str, ir.Table], engine: Engine, as_of: dt.datetime
    ) -> Tables:
        """The tables, with a fault that names all that are missing."""
        missing = [name for name in BUILT if name not in built]
        if missing:
            raise QuestionFault(f"the build lacks {', '.join(missing)}", "builds", "Run `etappe build`.")
        return cls(built, evidence, engine, as_of)

    @property
    def steps(self) -> ir.Table:
        """One event inside a journey a row.

        The content of a page without a name is the path of its address. `persona` is filled where personas are asked
        for; somebody who belongs to several counts for the first of them.
        """
        steps = self.built["steps"]
        if self.members:
            belonging = ibis.union(*(table.select("person_id", persona=ibis.literal(name), place=ibis.literal(place)) for place, (name, table) in enumerate(self.members.items())))
            first = belonging.group_by("person_id").agg(persona=belonging.persona.argmin(belonging.place))
            steps = steps.drop("persona").left_join(first, "person_id").drop("person_id_right")
        return steps.mutate(content=in_numbers.content_of(steps))

    @property
    def journeys(self) -> ir.Table:
        """One buying episode of one account a row."""
        journeys = self.built["journeys"]
        return converted_journeys(journeys, self.built["journey_deals"], self.rates, self.as_of) if self.rates else journeys

    @property
    def stage_visits(self) -> ir.Table:
        """One stay of one journey in one stage a row."""
        return self.built["stage_visits"]

    def _counted(self, name: str, otherwise: Callable[[], ir.Table]) -> ir.Table:
        """What the build has counted beforehand; counted now where it did not, or an earlier version did in another way."""
        if name in self.built and set(SHORTCUTS[name].names) <= set(self.built[name].columns):
            return self.built[name]
        return otherwise()

    @property
    def stage_exits(self) -> ir.Table:
        """One journey's way out of one stage a row."""
        return self._counted("stage_exits", lambda: shortcuts.stage_exits(self.stage_visits, self.journeys, self.as_of))

    @property
    def moves(self) -> ir.Table:
        """How many journeys went from one touchpoint to another, by kind and outcome."""
        return self._counted("moves", lambda: shortcuts.moves(self.built["steps"], self.journeys))

    @property
    def move_waits(self) -> ir.Table:
        """After how long one touchpoint followed another."""
        return self._counted("move_waits", lambda: shortcuts.move_waits(self.built["steps"]))

    @property
    def stays(self) -> ir.Table:
        """The stays in stages with their numbers."""
        return self._counted("stays", lambda: counting.stays(self.stage_visits))

    @property
    def touch_ways(self) -> ir.Table:
        """The ways in which touchpoints are met, with their numbers."""
        return self._counted("touch_ways", lambda: in_numbers.touch_ways(self.built["steps"]))

    @property
    def use_ways(self) -> ir.Table:
        """The ways in which content is used, with their numbers."""
        return self._counted("use_ways", lambda: in_numbers.use_ways(self.built["steps"]))

    @property
    def numbered_steps(self) -> ir.Table:
        """The steps as numbers, in order of journey and time."""
        return self._counted("numbered_steps", lambda: in_numbers.numbered_steps(self.built["steps"], self.stays, self.touch_ways))

    @property
    def touches(self) -> ir.Table:
        """One touchpoint that a stay met in one way a row, with how often and when."""
        return self._counted("touches", lambda: counting.touches(self.numbered_steps))

    @property
    def uses(self) -> ir.Table:
        """One piece of content that a stay used in one way a row, with how often and when."""
        return self._counted("uses", lambda: counting.uses(self.built["steps"], self.stays, self.use_ways))

    @property
    def visit_days(self) -> ir.Table:
        """One day on which a journey was active a row: the last own act of it."""
        return self._counted("visit_days", lambda: counting.visit_days(self.built["steps"], self.stays))

    @property
    def voices(self) -> ir.Table:
        """One step in which somebody writes or says something a row."""
        return self._counted("voices", lambda: counting.voices(self.built["steps"]))

    @property
    def long_waits(self) -> ir.Table:
        """One own act of an account after a long wait a row."""
        return self._counted("long_waits", lambda: counting.long_waits(self.built["steps"], self.stays))

    @property
    def pauses(self) -> ir.Table:
        """One time on ice a row."""
        return self.built["pauses"]

    @property
    def pauses_around(self) -> ir.Table:
        """The times on ice with the touchpoint before each, and the vendor's last act before its end."""
        return self._counted("pauses_around", lambda: beside.pauses_around(self.built["steps"], self.pauses))

    @property
    def center_states(self) -> ir.Table:
        """Who had come to each won or open journey by the time it left a stage, or by now."""
        return self._counted("center_states", lambda: beside.center_states(self.stage_visits, self.buying_center, self.built["journeys"], self.as_of))

    @property
    def buying_center(self) -> ir.Table:
        """One person in one journey a row."""
        return self.built["buying_center"]

    @property
    def journey_deals(self) -> ir.Table:
        """One deal, tied to its account and journey, a row."""
        deals = self.built["journey_deals"]
        day = deals.closed_at.fill_null(ibis.timestamp(self.as_of)).date()
        return converted(deals, self.rates, "amount", day) if self.rates else deals

    @property
    def costs(self) -> ir.Table:
        """What advertising cost, a platform, campaign and day a row."""
        costs = self.evidence["costs"]
        return converted(costs, self.rates, "cost", costs.day) if self.rates else costs

    def money_told(self) -> list[str]:
        """What to know of amounts of deals: whether, and from which currencies, they were converted."""
        return converted_by(self.engine, self.built["journey_deals"], self.rates, ("Amounts", "Beträge"))

    def costs_told(self) -> list[str]:
        """The same of costs."""
        return converted_by(self.engine, self.evidence["costs"], self.rates, ("Costs", "Kosten"))

    @property
    def unresolved(self) -> ir.Table:
        """One event that is in no journey a row."""
        return self.built["unresolved"]


def option(words: str, default: Any = None, choices: Iterable[str] = ()) -> Any:
    """A parameter of an analysis: what it does in words for `--help`, its default, and what it may be."""
    return field(default=default, metadata={"words": words, "choices": tuple(choices)})


@dataclass(frozen=True, kw_only=True)
class Params:
    """The filters that all analyses have in common. Several values of one filter mean any of them."""

    since: dt.date | None = option("first day of the period")  # noqa: RUF009
    until: dt.date | None = option("first day after the period")  # noqa: RUF009
    kind: tuple[str, ...] = option("kind of journey: first_purchase, repurchase, expansion, …", ())
    outcome: tuple[str, ...] = option("outcome: won, lost, dormant, open", ())
    segment: tuple[str, ...] = option("segment of the account", ())
    tier: tuple[str, ...] = option("tier of the account", ())
    industry: tuple[str, ...] = option("industry of the account", ())
    country: tuple[str, ...] = option("country of the account", ())
    owner: tuple[str, ...] = option("owner of the deal or account", ())
    persona: tuple[str, ...] = option("journeys in which somebody of this persona took part", ())
    role: tuple[str, ...] = option("journeys in which somebody of this buying role took part", ())
    account: tuple[str, ...] = option("account: name, domain or id", ())
    zone: str = option("time zone in which the days of the period begin; else the workspace's", "UTC")

    @property
    def period(self) -> Period:
        """The period asked for."""
        return Period(self.since, self.until)

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Params:
        """Parameters from texts, as a command line or an address has them. All faults at once.

        Lists are split at commas, dates are ISO dates (2026-03-31, 2026-03 or 2026), flags are true or false,
        and unknown names are told with the nearest known ones. None stands for "not given".
        """
        known = {part.name: part for part in fields(cls)}
        hints = typing.get_type_hints(cls)
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, value in given.items():
            key = name.replace("-", "_")
            if value is None or value == ():
                continue
            if key not in known:
                faults.append(unknown("parameter", name, known))
                continue
            try:
                values[key] = _read(value, hints[key], known[key])
            except ValueError as wrong:
                faults.append(QuestionFault(str(wrong), f"--{key.replace('_', '-')} {value}", "Give another."))
        made = None
        if not faults:
            made = cls(**values)
            if made.since and made.until and made.since >= made.until:
                where = f"--since {made.since} --until {made.until}"
                faults.append(QuestionFault("the period ends before it begins", where, "Exchange the two."))
            try:
                ZoneInfo(made.zone)
            except (KeyError, ValueError, OSError):
                faults.append(QuestionFault(f"there is no time zone '{made.zone}'", "--zone", "write it as Europe/Berlin or UTC"))
        if faults:
            raise faults[0] if len(faults) == 1 else Faults(faults)
        assert made is not None
        return made


def _read(value: Any, hint: Any, part: Field[Any]) -> Any:
    """One value as the type of its parameter."""
    options = typing.get_args(hint)
    real = [inner for inner in options if inner not in (type(None), Ellipsis)]
    wanted = real[0] if real else hint
    if typing.get_origin(hint) is tuple:
        items = value.split(",") if isinstance(value, str) else [str(item) for item in value]
        read = tuple(item.strip() for item in items if item.strip())
        for item in read:
            _one_of(item, part)
        return read
    if wanted is dt.date:
        return value if isinstance(value, dt.date) else read_day(str(value))
    if wanted is bool:
        text = str(value).lower()
        if text not in ("true", "false", "yes", "no", "1", "0"):
            raise ValueError(f"{value!r} is neither true nor false")
        return text in ("true", "yes", "1")
    if wanted in (int, float):
        try:
            return wanted(value)
        except (TypeError, ValueError):
            raise ValueError(f"{value!r} is not a number") from None
    return _one_of(str(value), part)


def _one_of(value: str, part: Field[Any]) -> str:
    choices = part.metadata.get("choices", ())
    if choices and value not in choices:
        near = difflib.get_close_matches(value, choices, 1)
        hint = f"; did you mean {near[0]}?" if near else f"; it may be {', '.join(choices)}"
        raise ValueError(f"{value!r} is not known for {part.name}{hint}")
    return value


def read_day(text: str) -> dt.date:
    """A day, a month or a year as its first day; ValueError for anything else."""
    parts = text.split("-")
    try:
        year, month, day = ([int(part) for part in parts] + [1, 1])[:3]
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"{text!r} is not a date such as 2026-03-31") from None


_LISTED: Final = 30
_NONE_YET: Final = {
    "persona": "There are none yet: make one with `etappe persona new NAME`.",
    "segment": "There are none yet: make one with `etappe segment new NAME`, or a rule in rules/segments.yaml.",
    "tier": "No company of this workspace has one.",
    "owner": "No deal or company of this workspace has one.",
    "industry": "No company of this workspace has one.",
    "country": "No company of this workspace has one.",
}


def unknown(what: str, name: str, known: Iterable[str]) -> NotFound:
    """The fault for a name that nothing has, with the nearest that exist."""
    names = sorted({str(item) for item in known})
    lower = {item.lower(): item for item in names}
    near = [lower[item] for item in difflib.get_close_matches(name.lower(), lower, 3, 0.6)]
    near += [item for item in names if name.lower() in item.lower() and item not in near][:3]
    if near:
        return NotFound(f"there is no {what} {name!r}", "", f"Did you mean {' or '.join(near)}?")
    shown = names[:_LISTED]
    do_next = f"Known: {', '.join(shown)}{' …' if len(names) > len(shown) else ''}" if shown else _NONE_YET.get(what, "There are none yet.")
    return NotFound(f"there is no {what} {name!r}", "", do_next)


@dataclass(frozen=True)
class Analysis:
    """A question: its name, its titles, its recipe, its parameters, and the function that answers it."""

    name: str
    title: str
    title_de: str
    recipe: Recipe
    params: type[Params]
    run: Callable[[Tables, Any], Result]
    doc: str
    question_de: str
    records: Callable[[Tables, Any], ir.Table] | None = None
    """The records behind, where they need no answer first."""
    whole: Mapping[str, Any] = field(default_factory=dict)
    """What to ask for so that all is shown, where options only say how much of one answer is shown."""
    part: Callable[[Result, Any], Result] | None = None
    """What is shown of the whole answer for other values of those options, as `run` gives it."""

    def rows_behind(self, tables: Tables, limit: int, only: Mapping[str, str], figure: str, **given: Any) -> list[Row]:
        """The records behind the figures for parameters as in `ask`, at most `limit`; without the answer where it is not needed."""
        if self.records is None:
            return self.ask(tables, **given).behind(limit, only, figure)
        return tables.engine.rows(narrowed(self.records(tables, self.params.parse(given)), only, figure)[0], limit)

    def ask(self, tables: Tables, **given: Any) -> Result:
        """The answer for parameters given by name (texts are read as on the command line)."""
        question = said(self.doc.split("\n")[0].strip(), self.question_de)
        return replace(self.run(tables, self.params.parse(given)), title=said(self.title, self.title_de), question=question)

    @property
    def options(self) -> dict[str, tuple[str, Any]]:
        """Parameters of this analysis beyond the common ones: name → (words, default)."""
        common = {part.name for part in fields(Params)}
        return {
            part.name: (str(part.metadata.get("words", "")), None if part.default is MISSING else part.default)
            for part in fields(self.params)
            if part.name not in common
        }


def names() -> list[str]:
    """Names of all analyses, without importing them."""
    return list(_names())


@functools.cache
def _names() -> tuple[str, ...]:
    """Looked for once a process: every question asks whether it is one."""
    return tuple(sorted(path.stem.replace("_", "-") for path in _FOLDER.glob("*.py") if _is_one(path)))


@functools.cache
def _is_one(path: Path) -> bool:
    """Whether a file is an analysis."""
    return path.is_file() and bool(_MARK.search(path.read_text("utf-8")))


def summaries(language: str = "en") -> dict[str, str]:
    """Name → first sentence of each analysis, without importing them: for the list of `etappe show`."""
    texts = {name: _file(name).read_text("utf-8") for name in names()}
    if language == "de":
        return {name: _GERMAN.search(text)[1] for name, text in texts.items()}  # type: ignore[index]
    return {name: text.split('"""')[1].split("\n")[0].strip() for name, text in texts.items()}


def find(name: str) -> Analysis:
    """The analysis of a name; NotFound with the nearest ones."""
    wanted = name.replace("_", "-").lower()
    if not wanted.replace("-", "_").isidentifier() or not _is_one(_file(wanted)):
        raise unknown("analysis", name, names())
    module = importlib.import_module(f"{__package__}.{wanted.replace('-', '_')}")
    found: Analysis = module.ANALYSIS
    return found


def _file(name: str) -> Path:
    return _FOLDER / f"{name.replace('-', '_')}.py"
