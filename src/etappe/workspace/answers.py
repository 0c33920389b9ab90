"""Questions put to a build: analyses, one account's story, why it is one account, reports of all of them."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etappe.errors import QuestionFault
from etappe.identity.schema import ACCOUNT_KEYS, LINKS, PERSON_KEYS, PERSONS, RESOLVED_ACCOUNTS
from etappe.journeys.schema import BUILT, SHORTCUTS
from etappe.settings import Settings
from etappe.sources.schema import EVIDENCE
from etappe.tables.keep import Build
from etappe.tables.lookup import InFiles
from etappe.words.german_options import OPTIONS
from etappe.words.kinds import NO_NAME
from etappe.words.result import Query, Result, plain
from etappe.words.said import said
from etappe.workspace import kept_answers
from etappe.workspace import rules as rules_room
from etappe.workspace.called import with_words
from etappe.workspace.folder import Folder
from etappe.workspace.groups import with_groups

# The analyses and their engine are loaded by the questions that need them.
if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etappe.analyses.analysis import Analysis, Tables
    from etappe.reports.notebook import InNotebook
    from etappe.tables.engine import Engine
    from etappe.tables.standing import Standing
    from etappe.workspace.workspace import Workspace

_IDENTITY = {table.name: table for table in (PERSON_KEYS, PERSONS, ACCOUNT_KEYS, RESOLVED_ACCOUNTS, LINKS)}
_KNOWN = {**BUILT, **_IDENTITY}


class _Lazy(Mapping[str, "ir.Table"]):
    """Tables by name, each opened when it is first asked for."""

    def __init__(self, names: Sequence[str], opened: Callable[[str], ir.Table]) -> None:
        self._names, self._open = list(names), opened
        self._tables: dict[str, ir.Table] = {}

    def __getitem__(self, name: str) -> ir.Table:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._tables:
            self._tables[name] = self._open(name)
        return self._tables[name]

    def __iter__(self) -> Any:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def names() -> list[str]:
    """Names of all analyses."""
    from etappe.analyses import analysis

    return analysis.names()


def summaries(language: str = "en") -> list[dict[str, str]]:
    """Name and question of each analysis."""
    from etappe.analyses import analysis

    return [{"name": name, "question": words} for name, words in analysis.summaries(language).items()]


def described() -> list[dict[str, Any]]:
    """Each analysis with its titles, its question and its own options, as the page offers them."""
    from etappe.analyses import analysis

    return [_described(analysis.find(name)) for name in analysis.names()]


def described_one(name: str) -> dict[str, Any]:
    """One analysis as in `described`; NotFound with the nearest names."""
    from etappe.analyses import analysis

    return _described(analysis.find(name))


def speaks(name: str) -> bool:
    """Whether an answer is itself another one in another language, and not only its words."""
    from etappe.analyses import analysis

    return "language" in analysis.find(name).options


def _described(found: Analysis) -> dict[str, Any]:
    from etappe.analyses import analysis

    choices = {part.name: list(part.metadata.get("choices", ())) for part in fields(found.params)}
    german = analysis.summaries("de")
    options = [{"name": name, "words": words, "words_de": OPTIONS.get(words, words), "default": plain(default), "choices": choices[name]} for name, (words, default) in found.options.items()]
    return {"name": found.name, "title": found.title, "title_de": found.title_de, "question": analysis.summaries()[found.name], "question_de": german[found.name], "options": options}


def told(result: Result, language: str, names: Mapping[str, Mapping[str, Mapping[str, str]]] | None = None) -> dict[str, Any]:
    """An answer as the page takes it: that of `show --json` in a language, with title, headline, headings of the columns and drawing.

    `names` is what the workspace's rules call stages and touchpoints.
    """
    from etappe.reports.table import column_name, words_of

    words = words_of(result, "de" if language == "de" else "en", names)
    shown = result.spoken(language, words.any_term)
    return {
        **shown.to_dict(), "language": language, "columns": list(result.columns), "brief": list(result.brief),
        "headings": {name: column_name(name, words) for name in result.columns}, "drawing": result.drawing,
    }  # fmt: skip


def rows_behind(
    folder: Folder, engine: Engine, build: Build, name: str, params: Mapping[str, Any], settings: Settings, limit: int, only: Mapping[str, str] | None = None, figure: str = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """The records behind the figures of an analysis, at most `limit` of them, with the names of their companies.

    `only` and `figure` narrow them to one row of the answer, and to what one of its figures counts.
    """
    from etappe.analyses import analysis

    found, given = with_words(tables(folder, engine, build), folder, _given(name, params, settings))
    rows = analysis.find(name).rows_behind(with_groups(found, folder, settings, given), limit, only or {}, figure, **given)
    return with_names(engine, build, rows)


def with_names(engine: Engine, build: Build, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records with what each company is called, where they say which one it is."""
    ids = sorted({row["account_id"] for row in rows if row.get("account_id")})
    if not ids or "account" in rows[0]:
        return rows
    accounts = built(engine, build)["resolved_accounts"]
    found = engine.rows(accounts.filter(accounts.account_id.isin(ids)).select("account_id", "name", "domain"))
    names = {row["account_id"]: row["name"] or row["domain"] for row in found}
    return [{"account": names.get(row["account_id"]) or f"{NO_NAME}{row['account_id']}", **row} for row in rows]


def engine_of(folder: Folder, settings: Settings, standing: Standing | None = None) -> Engine:
    """The engine that answers, as the settings name it; a cluster's intermediate tables lie beside the builds."""
    from etappe.tables.engine import open_engine

    opened = standing.engine if standing else open_engine
    return opened(memory=settings.memory or None, master=settings.engine, within=folder.builds)


def built(engine: Engine, build: Build) -> Mapping[str, ir.Table]:
    """The tables of a build."""
    counted = [name for name in SHORTCUTS if (build.folder / f"{name}.parquet").exists()]
    return _Lazy([*_KNOWN, *counted], lambda name: build.table(engine, name, _KNOWN.get(name)))


def tables(folder: Folder, engine: Engine, build: Build, earlier: Callable[[dt.datetime], Tables] | None = None) -> Tables:
    """Everything an analysis may read; `earlier` gives the same as it was known at a moment."""
    from etappe.analyses.analysis import Tables
    from etappe.tables.lake import Lake

    lake = Lake(folder.evidence, EVIDENCE)
    evidence = _Lazy(list(EVIDENCE), lambda name: lake.read(engine, name, build.as_of))
    return Tables(built(engine, build), evidence, engine, build.as_of, earlier, rules_room.rates(folder), rules_room.playbook(folder))


def show(
    folder: Folder, engine: Engine, build: Build, name: str, params: Mapping[str, Any], settings: Settings,
    build_of: Callable[[dt.datetime], Build] | None = None,
) -> Result:  # fmt: skip
    """The answer of one analysis, with the build's conservation in its caveats where it does not hold.

    `rows=True` fetches the records behind the figures, so that they outlive the engine. `build_of` gives the build of
    another state of knowledge.
    """
    from etappe.analyses import analysis

    known = functools.partial(_known, folder, engine, build_of) if build_of else None
    found, given = with_words(tables(folder, engine, build, known), folder, _given(name, params, settings))
    result = analysis.find(name).ask(with_groups(found, folder, settings, given), **given)
    behind = with_names(engine, build, result.behind(100_000)) if params.get("rows") else None
    result = replace(result, caveats=(*_too_early(folder, build, result), *result.caveats))
    again = _again(folder, build, name, dict(params), settings, build_of)
    if behind is not None:
        result = replace(result, evidence=lambda limit, only=None, figure="": again(limit, only, figure) if only or figure else behind[:limit])
        return replace(result, shows=_shown(folder, params, settings), zone=settings.zone)
    return _outliving(result, folder, build, name, params, settings, build_of)


def with_query(result: Result, opened: Callable[[], AbstractContextManager[tuple[Engine, Build]]], again: Callable[[Engine, Build], Result], now: bool) -> Result:
    """The answer with its query as text `now`, while the engine is there; else with one that is written when it is read.

    Tables that only the query reads are opened when it is written, which a closed engine cannot do.
    """
    if now:
        return replace(result, sql=str(result.sql))

    def anew() -> str:
        with opened() as (engine, build):
            return str(again(engine, build).sql)

    return replace(result, sql=Query(anew))


def show_kept(
    folder: Folder, build: Build, name: str, params: Mapping[str, Any], settings: Settings, build_of: Callable[[dt.datetime], Build] | None = None,
) -> Result | None:  # fmt: skip
    """The answer as `show` gives it, where it was told when the build was made and nothing special is asked; no engine is opened."""
    result = kept_answers.kept(build.folder, name, params)
    return None if result is None else _outliving(result, folder, build, name, params, settings, build_of)


def _outliving(
    result: Result, folder: Folder, build: Build, name: str, params: Mapping[str, Any], settings: Settings, build_of: Callable[[dt.datetime], Build] | None,
) -> Result:  # fmt: skip
    """The answer as it is handed out: it shows itself in the reader's words, and fetches the records behind it anew."""
    return replace(result, shows=_shown(folder, params, settings), zone=settings.zone, evidence=_again(folder, build, name, dict(params), settings, build_of))


def _shown(folder: Folder, params: Mapping[str, Any], settings: Settings) -> _Shown:
    return _Shown(folder, str(params.get("language") or settings.language))


def _too_early(folder: Folder, build: Build, result: Result) -> list[str]:
    """Why an answer as of a day knows nothing: all that was imported became known later."""
    if result.population.get("journeys") != 0:
        return []
    from etappe.tables.lake import Lake

    first = min((item.learned_at for item in Lake(folder.evidence, EVIDENCE).imports()), default=None)
    if first is None or first <= build.as_of:
        return []
    return [said("Nothing was known yet on {day}: the first import became known on {first}. `etappe import --learned-at DAY` says of old exports when they did.",
        "Am {day} war noch nichts bekannt: Der erste Import wurde am {first} bekannt. Mit `etappe import --learned-at TAG` sagen Sie bei alten Exporten, wann das war.",
        day=build.as_of.date(), first=first.date())]  # fmt: skip


@dataclass(frozen=True)
class _Shown:
    """How an answer shows itself in a notebook; words and rules are loaded when it does."""

    folder: Folder
    language: str

    def html(self, result: Result) -> str:
        return self._in_notebook().html(result)

    def chart(self, result: Result) -> Any:
        return self._in_notebook().chart(result)

    def _in_notebook(self) -> InNotebook:
        from etappe.reports.notebook import InNotebook

        return InNotebook("de" if self.language == "de" else "en", rules_room.readable_names(self.folder))


def _given(name: str, params: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """The parameters of an analysis, with its period read and its language set where it has one."""
    from etappe.analyses import analysis

    own = analysis.find(name).options
    given = {"zone": settings.zone} | _period({key: value for key, value in params.items() if key not in ("rows", "sql", "language")}, "to" in own)
    if "language" in own:
        given["language"] = params.get("language") or settings.language
    return given


def _known(folder: Folder, engine: Engine, build_of: Callable[[dt.datetime], Build], moment: dt.datetime) -> Tables:
    """The tables as they were known at a moment."""
    return tables(folder, engine, build_of(moment))


def _again(
    folder: Folder, build: Build, name: str, params: dict[str, Any], settings: Settings, build_of: Callable[[dt.datetime], Build] | None
) -> Callable[..., list[dict[str, Any]]]:
    """The rows behind a result, fetched anew when they are asked for after the engine has gone."""

    def fetch(limit: int, only: Mapping[str, str] | None = None, figure: str = "") -> list[dict[str, Any]]:
        with engine_of(folder, settings) as engine:
            if only or figure:
                return rows_behind(folder, engine, build, name, params, settings, limit, only, figure)
            return show(folder, engine, build, name, {**params, "rows": True}, settings, build_of).behind(limit)

    return fetch


def _period(given: dict[str, Any], own_to: bool = False) -> dict[str, Any]:
    """`period="2025-01..2025-06"`, or `from` and `to` (the end included in both) as since and until.

    Where the question has a `to` of its own, only what begins as a date does is an end.
    """
    text = given.pop("period", None)
    kept = {"to": given.pop("to")} if own_to and not str(given.get("to", "0"))[:1].isdigit() else {}
    if text is None:
        text = _ends(given)
    given |= kept
    if text is None:
        return given
    start, dots, end = str(text).partition("..")
    try:
        if start:
            given["since"] = _first(start)
        if end or not dots:
            given["until"] = _after(end if dots else start)
    except ValueError as fault:
        raise QuestionFault(f"'{text}' is not a period", "--period", "write it as 2025, 2025-03, 2025-01..2025-06 or 2025-01-15..2025-02-14") from fault
    return given


def _ends(given: dict[str, Any]) -> str | None:
    """`from` and `to` as one period; None where neither is given."""
    start, end = given.pop("from", None), given.pop("to", None)
    return None if start is None and end is None else f"{start or ''}..{end or ''}"


def _first(text: str) -> dt.date:
    parts = [int(part) for part in text.split("-")]
    return dt.date(*[*parts, 1, 1][:3])


def _after(text: str) -> dt.date:
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return dt.date(parts[0] + 1, 1, 1)
    if len(parts) == 2:
        return dt.date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
    return dt.date(*parts) + dt.timedelta(days=1)


def looked_up(build: Build) -> InFiles:
    """The tables of a build for a handful of look-ups."""
    return InFiles(build.folder, _KNOWN)


def account(build: Build, text: str) -> dict[str, Any]:
    """One company's story; see `journeys.story`."""
    from etappe.identity.find import find_account
    from etappe.journeys.story import story

    found = looked_up(build)
    return story(found, find_account(found, text))


def why(folder: Folder, engine: Engine, build: Build, company: str | None, person: str | None, language: str = "en") -> dict[str, Any]:
    """Why records are one company, or identifiers one person; human decisions beside. The rules are said in the language."""
    from etappe.identity.why import why_account, why_person

    found = built(engine, build)
    decisions = rules_room.human_decisions(folder)
    if company is not None:
        return why_account(engine, found, company, decisions, language)
    return why_person(engine, found, person or "", decisions, language)


def preview(folder: Folder, settings: Settings, rules: Path, opened: Callable[[], AbstractContextManager[tuple[Engine, Build]]]) -> dict[str, Any]:
    """Accounts and deal value that changed rules would move, against the current build."""
    import shutil
    import tempfile

    from etappe.journeys.build import build_journeys
    from etappe.journeys.preview import preview as compare
    from etappe.journeys.rules import JourneyRules
    from etappe.tables.lake import Lake
    from etappe.workspace.evidence import read_evidence

    if not rules.exists():
        raise QuestionFault("there is no such file or folder of rules", str(rules), "name the changed stages.yaml")
    with tempfile.TemporaryDirectory() as trial, opened() as (engine, build):
        shutil.copytree(folder.rules, trial, dirs_exist_ok=True)
        if rules.is_dir():
            shutil.copytree(rules, trial, dirs_exist_ok=True)
        else:
            shutil.copy(rules, Path(trial) / rules.name)
        changed = JourneyRules.load(Path(trial))
        before = built(engine, build)
        evidence = read_evidence(Lake(folder.evidence, EVIDENCE), engine, build.as_of)
        after = build_journeys(evidence, before, engine, changed, build.as_of)
        moves = compare(before, after, engine)
    accounts = sum(row["accounts"] for row in moves)
    value = sum(row.get("deal_value") or 0 for row in moves)
    words = said("{n} accounts and {value} {currency} of deals would move", "{n} Unternehmen und Deals über {value} {currency} würden wandern", n=accounts, value=round(value), currency=settings.currency)
    words = words if moves else said("nothing would move", "nichts würde wandern")
    return {"words": words, "accounts": accounts, "deal_value": value, "moves": moves}


def report(ws: Workspace, what: str, path: Path, company: str | None, language: str, params: Mapping[str, Any]) -> Path:
    """Writes one account's story, or the answer of an analysis, as a page."""
    from etappe.reports.report import write_account, write_result

    if what == "account":
        if company is None:
            raise QuestionFault("whose story?", "report account", 'name the company: `etappe report account "NAME" -o story.pdf`')
        build = ws.current()
        told = {**account(build, company), "zone": ws.settings.zone, "names": rules_room.names(ws.folder)}
        write_account(told, path, language, build.as_of, build.about)
        return path
    result = ws.show(what, **params)
    write_result(result, path, language, names=rules_room.names(ws.folder))
    return path


def list_formats() -> list[dict[str, str]]:
    """Name, source and words of each export format."""
    from etappe.sources.format import formats

    return [{"format": item.name, "source": item.source, "words": item.words} for item in formats()]
