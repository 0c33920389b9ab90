"""What is wrong or unfinished in a document, all at once, each with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from etappe.errors import ClaimFault, Fault, Faults
from etappe.maps.document import Document, Thing
from etappe.maps.map import US, Card, Feeling, Map, Step
from etappe.maps.reading import Read
from etappe.maps.statement import Statement
from etappe.words.claim_language import nearest, parse
from etappe.words.claim_names import Vocabulary, settle

Level = Literal["error", "warning"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: an error has to be mended, a warning is unfinished work."""

    level: Level
    rule: str
    what: str
    where: str
    do_next: str = ""
    thing: str = ""

    def to_dict(self) -> dict[str, str]:
        """The finding as `--json` shows it."""
        return {"level": self.level, "rule": self.rule, "what": self.what, "where": self.where, "do_next": self.do_next, "thing": self.thing}


@dataclass(frozen=True)
class Around:
    """What a document may refer to; None where it is not known, and then not checked."""

    today: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())
    vocabulary: Vocabulary | None = None
    personas: Collection[str] | None = None
    segments: Collection[str] | None = None
    interviews: Collection[str] | None = None


def lint_text(found: Read, around: Around | None = None) -> list[Finding]:
    """All findings in a file, by line: what cannot be read, then what does not fit, then what is unfinished."""
    page = found.page
    listed = [Finding("error", "unreadable" if "twice" not in fault.what else "twice", fault.what, fault.where, fault.do_next) for fault in page.faults]
    for path, hint in page.unknown:
        if hint.startswith("Did you mean"):
            listed.append(Finding("warning", "unknown", f"`{path[-1]}` is not known here; it is kept.", page.where(path), hint, str(path[1]) if len(path) > 1 else ""))
    if found.document is not None:
        listed += lint(found.document, around, page.where)
    return sorted(listed, key=lambda item: [int(part) for part in item.where.rsplit(":", 2)[1:] if part.isdigit()])


def lint(document: Document, around: Around | None = None, where: Callable[[Path], str] | None = None) -> list[Finding]:
    """All findings in a document that could be read; `where` turns a path into a place (else the path itself is shown)."""
    look = _Look(document, around or Around(), where or (lambda path: f"{document.NAME} {document.id}: {'.'.join(map(str, path))}" if path else f"{document.NAME} {document.id}"))
    return [*look.places(), *look.claims(), *look.reviews(), *look.unfinished(), *look.translations()]




@dataclass(frozen=True)
class _Look:
    document: Document
    around: Around
    where: Callable[[Path], str]

    def error(self, rule: str, path: Path, what: str, do_next: str = "") -> Finding:
        return Finding("error", rule, what, self.where(path), do_next, str(path[1]) if len(path) > 1 else "")

    def warning(self, rule: str, path: Path, what: str, do_next: str = "") -> Finding:
        return Finding("warning", rule, what, self.where(path), do_next, str(path[1]) if len(path) > 1 else "")

    def things(self) -> Iterator[tuple[str, Thing]]:
        for collection in self.document.COLLECTIONS:
            for thing in self.document.sorted(collection):
                yield collection, thing

    # -- does everything stand somewhere? -----------------------------------------------------------------------------

    def places(self) -> Iterator[Finding]:
        document = self.document
        ids = {thing.id for _, thing in self.things()}
        for comment in document.sorted("comments"):
            if comment.on and comment.on not in ids:
                yield self.warning("lost", ("comments", comment.id, "on"), f"The comment is on `{comment.on}`, which is gone.", "Remove it, or restore what it was on.")
        if not isinstance(document, Map):
            return
        for collection, thing in self.things():
            if isinstance(thing, Card | Step | Feeling):
                yield from self.cell(document, collection, thing)
        vendors = {*document.competitors, US}
        for criterion in document.sorted("criteria"):
            for vendor in criterion.standing:
                if vendor not in vendors:
                    yield self.error("gone", ("criteria", criterion.id, "standing", vendor), f"There is no competitor `{vendor}`.", nearest(vendor, vendors))
        yield from self.known("personas", document.personas, self.around.personas)
        yield from self.known("segments", document.segments, self.around.segments)

    def cell(self, document: Map, collection: str, thing: Any) -> Iterator[Finding]:
        what = {"cards": "card", "steps": "step", "feelings": "point of the curve"}[collection]
        for name, known in (("stage", document.stages), ("step", document.steps), ("lane", document.lanes)):
            said = getattr(thing, name, "")
            if said and said not in known:
                yield self.error("gone", (collection, thing.id, name), f"The {what} stands in the {name} `{said}`, which is gone.", nearest(said, known) if known else f"Add the {name}.")
        if isinstance(thing, Card):
            if not thing.stage or not thing.lane:
                missing = "stage" if not thing.stage else "lane"
                yield self.error("nowhere", (collection, thing.id), f"The card stands in no {missing}.", f"Say `{missing}: …`.")
            if thing.until and thing.until not in document.stages and thing.until not in document.steps:
                yield self.error("gone", (collection, thing.id, "until"), f"The card spans up to `{thing.until}`, which is gone.", nearest(thing.until, {**document.stages, **document.steps}))
        if not isinstance(thing, Step) and thing.step and thing.step in document.steps and document.steps[thing.step].stage != thing.stage:
            yield self.error("gone", (collection, thing.id, "step"), f"The step `{thing.step}` is in the stage `{document.steps[thing.step].stage}`, not in `{thing.stage}`.", "Move one of them.")

    def known(self, field_: str, names: tuple[str, ...], known: Collection[str] | None) -> Iterator[Finding]:
        for number, name in enumerate(names):
            if known is not None and name not in known:
                singular = field_.removesuffix("s")
                yield self.warning("gone", (field_, number), f"There is no {singular} `{name}`.", nearest(name, known) if known else f"Make it: etappe {singular} new {name}.")

    # -- claims ---------------------------------------------------------------------------------------------------------

    def claims(self) -> Iterator[Finding]:
        for collection, thing in self.things():
            for name in ("claim", "milestone_claim"):
                text = str(getattr(thing, name, "") or "")
                if text:
                    yield from self.claim(text, (collection, thing.id, name))

    def claim(self, text: str, path: Path) -> Iterator[Finding]:
        try:
            claim = parse(text)
            if self.around.vocabulary is not None:
                settle(claim, self.around.vocabulary)
        except (ClaimFault, Faults) as wrong:
            listed: list[Fault] = wrong.faults if isinstance(wrong, Faults) else [wrong]
            for fault in listed:
                position = fault.position if isinstance(fault, ClaimFault) else 0
                yield self.error("claim", path, f"The claim cannot be read at character {position + 1}: {fault.what}\n    {text}\n    {' ' * position}^", fault.do_next)

    # -- unfinished work --------------------------------------------------------------------------------------------------

    def reviews(self) -> Iterator[Finding]:
        document, today = self.document, self.around.today
        if not document.owner:
            yield self.warning("owner", (), f"The {document.NAME} has no owner.", "Say `owner: …`.")
        if document.review_by is None:
            yield self.warning("review", (), f"The {document.NAME} has no review date.", "Say `review_by: …`; half a year from now is usual.")
        elif document.review_by < today:
            yield self.warning("overdue", ("review_by",), f"The review was due on {document.review_by}, {(today - document.review_by).days} days ago.", "Review it, then set the next date.")
        for collection, thing in self.things():
            due = thing.review_by if isinstance(thing, Statement) else None
            if due is not None and due < today:
                yield self.warning("overdue", (collection, thing.id, "review_by"), f"The review of `{thing.id}` was due on {due}.", "Review it, then set the next date.")

    def unfinished(self) -> Iterator[Finding]:
        for collection, thing in self.things():
            if isinstance(thing, Statement) and not thing.text.strip():
                yield self.warning("empty", (collection, thing.id), f"`{thing.id}` says nothing.", "Write its text, or remove it.")
            refs = thing.evidence if isinstance(thing, Statement) and self.around.interviews is not None else {}
            for number, ref in enumerate(refs):
                name = ref.removeprefix("interview:").split("#")[0]
                if ref.startswith("interview:") and name not in (self.around.interviews or ()):
                    yield self.error("gone", (collection, thing.id, "evidence", number), f"There is no interview `{name}`.", nearest(name, self.around.interviews or ()))
        if isinstance(self.document, Map):
            for stage in self.document.sorted("stages"):
                if not stage.milestone.strip():
                    yield self.warning("milestone", ("stages", stage.id), f"The stage `{stage.id}` ends with no milestone.", "What have customers reached when it ends?")

    def translations(self) -> Iterator[Finding]:
        document = self.document
        for language in document.languages:
            if language == document.language:
                continue
            missing = [field_ for field_ in document.TEXTS if getattr(document, field_) and not document.translations.get(language, {}).get(field_)]
            if missing:
                yield self.warning("translation", (missing[0],), f"{', '.join(missing)} of the {document.NAME} not translated ({language}).", "Translate it.")
            for collection, thing in self.things():
                lacking = [field_ for field_ in thing.TEXTS if getattr(thing, field_) and not thing.translations.get(language, {}).get(field_)]
                if lacking:
                    yield self.warning("translation", (collection, thing.id), f"{', '.join(lacking)} of `{thing.id}` not translated ({language}).", "Translate it.")
