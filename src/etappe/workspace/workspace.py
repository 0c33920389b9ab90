"""The front door: one customer's workspace, for the notebook, the command line and the page alike."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etappe import settings as settings_room
from etappe.errors import WorkspaceFault
from etappe.sources.schema import EVIDENCE
from etappe.tables.keep import Build, Builds
from etappe.words.result import Result
from etappe.workspace import answers, kept_answers, rules
from etappe.workspace import folder as folders
from etappe.workspace.folder import Folder

# What imports, builds and erases is loaded where it is used: a question must not wait for it.
if TYPE_CHECKING:
    from etappe.maps.store import Applied
    from etappe.sources.importer import FileReport
    from etappe.tables.duck import DuckEngine
    from etappe.tables.engine import Engine
    from etappe.tables.lake import Lake
    from etappe.tables.standing import Standing
    from etappe.workspace.atlas import Atlas
    from etappe.workspace.check import Check
    from etappe.workspace.persona_page import PersonaPage

Progress = Callable[[str, float], None]


class Workspace:
    """One customer's folder, opened.

    Every analysis is a method of its own name: `ws.stages()`, `ws.journeys(outcome="lost")`, `ws.before_sales()`.
    Who answers many questions sets `standing`: the database is open between them.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.standing: Standing | None = None

    def __repr__(self) -> str:
        return f"<Workspace {self.settings.name or self.folder.root.name} at {self.folder.root}>"

    @cached_property
    def settings(self) -> settings_room.Settings:
        """The settings of `etappe.toml`."""
        return settings_room.load(self.folder.settings)

    @property
    def lake(self) -> Lake:
        """The evidence."""
        from etappe.tables.lake import Lake

        return Lake(self.folder.evidence, EVIDENCE)

    @cached_property
    def atlas(self) -> Atlas:
        """The maps, personas and segments."""
        from etappe.workspace.atlas import Atlas

        return Atlas(self.folder, self.settings)

    # -- evidence --------------------------------------------------------------------------------------------------

    def import_(
        self, paths: str | Path | Sequence[str | Path], *, format: str | None = None, mapping: str | Path | None = None,
        source: str | None = None, learned_at: dt.datetime | str | None = None, progress: Progress | None = None,
    ) -> list[FileReport]:  # fmt: skip
        """Imports files, folders and archives; importing the same again changes nothing.

        Parameters
        ----------
        format, mapping : str or path, optional
            What the files are, where they are not recognised: a format's name, or a mapping file.
        source : str, optional
            Another name of the source, for a second portal of the same product.
        learned_at : datetime or text such as "2026-03-31", optional
            When these exports became known, for exports of an earlier day.
        """
        from etappe.sources.importer import Options, import_paths
        from etappe.sources.quarantine import Quarantine
        from etappe.workspace import garbage
        from etappe.workspace.forget import filter_of

        listed = [paths] if isinstance(paths, (str, Path)) else list(paths)
        learned = settings_room.parse_as_of(learned_at) if isinstance(learned_at, str) else learned_at
        options = Options(
            zone=self.settings.zone, zones=self.settings.zones, learned_at=learned, format=format,
            mapping=Path(mapping) if mapping else None, source=source, mappings=self.folder.mappings,
            forgotten=filter_of(self.folder),
        )  # fmt: skip
        with garbage.looked_for_seldom(), self._duck() as engine:
            return import_paths([Path(path).expanduser() for path in listed], self.lake, engine, Quarantine(self.folder.quarantine), options, progress)

    def build(self, as_of: dt.datetime | str | None = None, progress: Progress | None = None) -> dict[str, Any]:
        """Rebuilds everything derived and swaps it in; returns the counts and the conservation checks.

        With `as_of` the numbers are as they were known that day; such a build is kept beside and used by
        `show … --as-of`, the current one stays in use.
        """
        from etappe.workspace import pipeline

        moment = settings_room.parse_as_of(as_of) if isinstance(as_of, str) else as_of
        made = pipeline.build(self.folder, self.settings, moment, progress)
        return dict(made.about)

    def missing(self, made: dict[str, Any]) -> list[str]:
        """What keeps records out of the journeys of a build (what `build` returned), and what would bring them in."""
        from etappe.workspace import state

        return state.missing(made, self.lake.imports())

    def status(self) -> dict[str, Any]:
        """Sources, freshness, match rates, quarantine, last build, what is unresolved."""
        from etappe.workspace import state

        return state.status(self.folder, self.settings)

    def compact(self) -> dict[str, int]:
        """Gathers the small files that many imports leave; files gathered per table."""
        from etappe.tables.compaction import compact

        with self._duck() as engine:
            return compact(self.lake, engine)

    def retire(self) -> dict[str, int]:
        """Removes what is older than the retention limits of `etappe.toml`; rows removed per source."""
        from etappe.tables.erasure import retire

        now = dt.datetime.now(dt.UTC)
        with self._duck() as engine:
            return {source: retire(self.lake, engine, source, now - dt.timedelta(days=days)) for source, days in self.settings.retention.items()}

    def forget(self, identifier: str) -> dict[str, Any]:
        """Erases a person from evidence, builds, quarantine and logs, and returns the receipt."""
        from etappe.workspace import forget as forgetting

        return forgetting.forget(self.folder, self.settings, identifier)

    # -- answers ---------------------------------------------------------------------------------------------------

    def show(self, name: str, *, as_of: dt.datetime | str | None = None, **params: Any) -> Result:
        """The answer of one analysis; see `etappe show --help` for their names and `docs/methods` for what they say."""
        moment = settings_room.parse_as_of(as_of) if isinstance(as_of, str) else as_of
        again = functools.partial(answers.show, self.folder, name=name, params=params, settings=self.settings, build_of=self._build_of)
        told = None if moment else answers.show_kept(self.folder, self.current().use(), name, params, self.settings, self._build_of)
        if told is not None:  # without a row it is an answer too
            return answers.with_query(told, self.opened, again, False)
        with self.opened(moment) as (engine, build):
            result = again(engine, build)
            kept_answers.keep(build.folder, name, params, result)
            return answers.with_query(result, lambda: self.opened(moment), again, bool(params.get("sql")))

    def analyses(self, language: str = "en") -> list[dict[str, str]]:
        """Name and question of each analysis, in a language."""
        return answers.summaries(language)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name.replace("_", "-") in answers.names():
            return lambda **params: self.show(name.replace("_", "-"), **params)
        raise AttributeError(f"a workspace has no '{name}'; analyses are {', '.join(answers.names())}")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *(name.replace("-", "_") for name in answers.names())})

    def account(self, text: str) -> dict[str, Any]:
        """One company's story: people, journeys with stages and steps, first sales contact, what is unresolved.

        `text` is a name, a domain or an account id; a misspelt name is answered with the nearest ones.
        """
        return answers.account(self.current(), text)

    def why(self, account: str | None = None, person: str | None = None, language: str = "en") -> dict[str, Any]:
        """Why these records are one company, or these identifiers one person: rules, evidence, probabilities, what was rejected."""
        with self.opened() as (engine, build):
            return answers.why(self.folder, engine, build, account, person, language)

    def decide(self, kind: str, what: Sequence[str], into: str, *, author: str, reason: str = "") -> dict[str, Any]:
        """Remembers a human's word on who is who (merge, split, assign); it counts from the next build on.

        A company may be named by its name or id as answers show it; the decision names a record or domain of it.
        `unheard_of` in what comes back are identifiers that no record of the build in use has.
        """
        from etappe.workspace import deciding

        build = Builds(self.folder.builds).current()
        known = answers.looked_up(build) if build else None
        named, target = [deciding.meant(known, text) for text in what], deciding.meant(known, into)
        made = rules.decide(self.folder, kind, named, target, author, reason)
        return {**made, "unheard_of": deciding.unheard_of(known, [*named, target]) if known else []}

    def preview_stages(self, changed: str | Path) -> dict[str, Any]:
        """What changed rules would do, before they are saved: accounts and deal value that move from where to where."""
        return answers.preview(self.folder, self.settings, Path(changed), self.opened)

    def report(self, what: str, path: str | Path, *, name: str | None = None, account: str | None = None, language: str | None = None, **params: Any) -> Path:
        """Writes a report; the ending of `path` chooses the format.

        `what` is "account", the name of an analysis, or with `name` a document: "map", "persona", "journey", "review".
        """
        from etappe.workspace.prints import DOCUMENTS, print_document

        if what in DOCUMENTS:
            return print_document(self, what, name or account or "", Path(path), language, params)
        return answers.report(self, what, Path(path), account or name, language or self.settings.language, params)

    # -- maps ------------------------------------------------------------------------------------------------------

    def check(self, name: str, *, as_of: dt.datetime | str | None = None, remember: bool = True) -> Check:
        """Holds a map against the evidence: a verdict a claim, blind spots, agreement.

        Parameters
        ----------
        as_of : datetime or str, optional
            The evidence as it was known that day.
        remember : bool
            Note verdicts that have changed, with the day; only for the present state of map and evidence.
        """
        from etappe.workspace.asking import evidence
        from etappe.workspace.check import check
        from etappe.workspace.verdicts import remembered

        moment = settings_room.parse_as_of(as_of) if isinstance(as_of, str) else as_of
        document = self.atlas.map(name)
        with evidence(self, moment) as found:
            made = check(document, found)
        return remembered(self.atlas, made, note=remember and moment is None and "@" not in name)

    def persona(self, name: str, *, since: dt.date | None = None) -> PersonaPage:
        """The page of a persona: rule and live size, revenue, wins, quotes, forces, insights, roles, needs, what is contradicted.

        `since` is the day from which changes are told; by default a quarter before the state of knowledge.
        """
        from etappe.errors import WorkspaceFault
        from etappe.workspace.asking import evidence
        from etappe.workspace.persona_page import persona_page

        document = self.atlas.persona(name)
        try:
            with evidence(self) as found:
                return persona_page(document, self.atlas, found, since)
        except WorkspaceFault:  # nothing is built yet
            return persona_page(document, self.atlas, None, since)

    def persona_rows(self, name: str, figure: str, limit: int = 1000) -> list[dict[str, Any]]:
        """The records that a figure of a persona counts, at most `limit`: size, revenue, win_rate, win_rate_of_all, role:ROLE."""
        from etappe.analyses.measures.persons_rows import persona_rows
        from etappe.workspace.asking import evidence

        self.atlas.persona(name)
        with evidence(self) as found:
            return persona_rows(found.asking.observed, found.asking.populations, name, figure, limit)

    def persona_stages(self, map_name: str, personas: Sequence[str] = (), *, language: str = "") -> dict[str, Any]:
        """Personas × the stages of a map, with all curves; without names those of the map, else all there are. Titles in a language, else in its own."""
        from etappe.workspace.asking import evidence
        from etappe.workspace.persona_page import persona_stages

        document = self.atlas.map(map_name)
        names = list(personas or document.personas) or [row.id for row in self.atlas.listed("persona")]
        with evidence(self) as found:
            return persona_stages(document, [self.atlas.persona(item) for item in names], found, language)

    def draft(self, name: str, author: str) -> Applied:
        """Fills a map from the evidence: touchpoints, waits, content, figures, buying center, feelings, marked as data.

        Run it again at any time: it brings its own cards up to date and leaves alone what a human made or changed.
        """
        from etappe.workspace.asking import evidence
        from etappe.workspace.drafting import NOTE, draft

        document, edits = self.atlas.map(name), self.atlas.history("map", name)
        with evidence(self) as found:
            change = draft(document, edits, found)
        return self.atlas.apply("map", name, change, author, note=NOTE)

    def add_blind_spots(self, name: str, ids: Sequence[str], author: str) -> Applied:
        """Adds a card for each of these blind spots (all of them where none is named), as one edit."""
        from etappe.workspace.adding import cards_for, chosen
        from etappe.workspace.asking import evidence
        from etappe.workspace.check import check

        document = self.atlas.map(name)
        with evidence(self) as found:
            spots = check(document, found).blind_spots
            change = cards_for(document, chosen(spots, ids or [spot.id for spot in spots]), found)
        return self.atlas.apply("map", name, change, author)

    # -- inside ----------------------------------------------------------------------------------------------------

    @contextmanager
    def opened(self, as_of: dt.datetime | None = None) -> Iterator[tuple[Engine, Build]]:
        """An engine and the build to ask: the current one, or the one as of a day (made first if there is none)."""
        build = self._build_of(as_of)
        with self._engine() as engine:
            yield engine, build

    def _build_of(self, as_of: dt.datetime | None) -> Build:
        builds = Builds(self.folder.builds)
        if as_of is not None:
            from etappe.workspace import pipeline

            for build in reversed(builds.all()):
                if build.as_of == as_of and build.about["built_at"] >= self._last_change():
                    return build.use()
            return pipeline.build(self.folder, self.settings, as_of)
        return self.current().use()

    def current(self) -> Build:
        """The build in use.

        Raises
        ------
        WorkspaceFault
            If nothing is built yet.
        """
        current = Builds(self.folder.builds).current()
        if current is None:
            raise WorkspaceFault("nothing is built yet", str(self.folder.root), "run `etappe build`")
        return current

    def _last_change(self) -> str:
        """When evidence or rules last changed: a build as of an earlier day that is older is made anew."""
        imports = max((item.report.get("imported_at", "") for item in self.lake.imports()), default="")
        ruled = max((path.stat().st_mtime for path in self.folder.rules.rglob("*") if path.is_file()), default=0.0)
        return max(imports, dt.datetime.fromtimestamp(ruled, dt.UTC).isoformat())

    def _engine(self) -> Engine:
        return answers.engine_of(self.folder, self.settings, self.standing)

    def _duck(self) -> DuckEngine:
        """What keeps the evidence in order: files of this machine, whichever engine answers."""
        from etappe.tables.duck import open_duck

        return open_duck(memory=self.settings.memory or None)


def open_workspace(path: str | Path | None = None) -> Workspace:
    """Opens the workspace of a folder; without one, of the current folder or its nearest parent."""
    from etappe.tables.standing import in_this_process

    opened = Workspace(folders.find(Path(path) if path is not None else None))
    opened.standing = in_this_process()
    return opened


def init_workspace(path: str | Path, *, name: str = "", language: str = "de", as_of: str = "") -> Workspace:
    """Makes a workspace with settings and rules from the templates, and opens it."""
    return Workspace(folders.make(Path(path), rules.templates(), name, language, as_of))

