"""The workspace's interviews: transcripts in, passages coded, insights out, quotes to the cards they support."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from etappe.errors import Fault, MapFault, NotFound
from etappe.maps.changes import Add, Link, Set, Several
from etappe.maps.coding import find_passage, read_codes, take_marks
from etappe.maps.document import all_of, slug
from etappe.maps.insights import Insight, Saturation, insights, saturation
from etappe.maps.interview import Interview, Turn
from etappe.maps.masking import interviewer_of, mask, mask_title
from etappe.maps.store import Applied
from etappe.maps.transcript import read_transcript
from etappe.words.claim_language import nearest
from etappe.workspace.atlas import Atlas

_TURNS = "turns"
_STATES: Final = {"map": "cards", "persona": "traits"}
"""Documents whose statements rest on passages, with the collection of these."""


@dataclass(frozen=True, slots=True)
class Transcribed:
    """One imported file: the interview, whether it was there already, and what kept the file from being read."""

    path: str
    interview: Interview | None
    made: bool
    fault: Fault | None = None


@dataclass(frozen=True)
class Interviews:
    """Interviews of one workspace."""

    atlas: Atlas

    def import_(
        self, paths: Sequence[Path], author: str, *, names: bool = False, mask_also: Sequence[str] = (), interviewer: str = "",
        held_on: dt.date | None = None, personas: Sequence[str] = (), segments: Sequence[str] = (), decision: str = "", language: str = "",
    ) -> list[Transcribed]:  # fmt: skip
        """Imports transcripts; one that cannot be read is told, and the others come in.

        Parameters
        ----------
        names : bool
            Keep names. Else speakers become letters, and their names, addresses and numbers are masked in the text
            before anything is written.
        mask_also : sequence of str
            Further names or firms to mask.
        """
        given = {"personas": tuple(personas), "segments": tuple(segments), "decision": decision, "held_on": held_on, "language": language or self.atlas.settings.language}
        return [self._one(path, author, names, mask_also, interviewer, given) for path in paths]

    def _one(self, path: Path, author: str, names: bool, mask_also: Sequence[str], interviewer: str, given: dict[str, Any]) -> Transcribed:
        try:
            turns = read_transcript(path)
            asks = interviewer or interviewer_of(turns)
            id = slug(path.stem) if names else mask_title(path.stem, turns) or self._free()
            if not names:
                turns = mask(turns, asks, mask_also)
                asks = "Interviewer" if asks else ""
            coded = take_marks(turns, str(path))
            if coded.faults:
                raise all_of(coded.faults)
            speakers = {name: {"id": _id(name), "role": "interviewer" if name == asks else "respondent"} for name in dict.fromkeys(turn.speaker for turn in coded.turns if turn.speaker)}
            words = sum(len(turn.text.split()) for turn in coded.turns)
            document = Interview.load({
                **{name: value for name, value in given.items() if value}, "id": id, "title": path.stem if names else id, "masked": not names,
                "file": path.name if names else "", "turns": len(coded.turns), "words": words,
                "speakers": {item["id"]: item for item in speakers.values()}, "passages": coded.passages, "owner": author,
            })  # fmt: skip
            there = {row.id for row in self.atlas.listed("interview")}
            if document.id in there:
                if self.turns(document.id) == coded.turns:
                    return Transcribed(str(path), self.load(document.id), False)
                raise MapFault(f"There is an interview `{document.id}` with other words already.", str(path), "Rename the file, or remove that interview.")
            body = json.dumps([turn.model_dump(exclude_defaults=True) for turn in coded.turns], ensure_ascii=False)
            self.atlas.store.create(document, author, note=f"imported {path.suffix.lstrip('.') or 'text'}", texts={_TURNS: body})
            return Transcribed(str(path), document, True)
        except Fault as fault:
            return Transcribed(str(path), None, False, fault)

    def _free(self) -> str:
        there = {row.id for row in self.atlas.listed("interview")}
        return next(name for number in range(1, len(there) + 2) if (name := f"interview-{number}") not in there)

    def load(self, name: str) -> Interview:
        """One interview."""
        found = self.atlas.load("interview", name)[0]
        assert isinstance(found, Interview)
        return found

    def all(self, persona: str = "", segment: str = "") -> list[Interview]:
        """All interviews, or those of a persona or segment, as others may quote them."""
        every = [self._quotable(self.load(row.id)) for row in self.atlas.listed("interview")]
        return [item for item in every if (not persona or persona in item.personas) and (not segment or segment in item.segments)]

    def _quotable(self, interview: Interview) -> Interview:
        """The interview with names masked in its passages: where it keeps them, they stay with its transcript.

        What is quoted goes to verdicts, cards, personas and reports, and with them to guests and to those who see pseudonyms.
        """
        if interview.masked:
            return interview
        speakers = [name for name in dict.fromkeys(turn.speaker for turn in self.turns(interview.id)) if name]
        asks = next((name for name in speakers if _id(name) in interview.speakers and interview.speakers[_id(name)].role == "interviewer"), "")
        passages = interview.sorted("passages")
        said = mask([*(Turn(speaker=name, text="") for name in speakers), *(Turn(speaker=item.speaker, text=item.quote) for item in passages)], asks)[len(speakers) :]
        masked = {item.id: item.model_copy(update={"quote": turn.text, "speaker": turn.speaker}) for item, turn in zip(passages, said, strict=True)}
        return interview.model_copy(update={"passages": masked})

    def turns(self, name: str) -> list[Turn]:
        """What was said."""
        body = self.atlas.store.text("interview", name, _TURNS)
        return [Turn.model_validate(item) for item in json.loads(body or "[]")]

    def code(self, name: str, quote: str, codes: str, author: str) -> Applied:
        """Codes the passage with these words: `code("int-07", "nicht, was es kostet", "barrier #price unclear", "anna")`."""
        fields = read_codes(codes)
        self.load(name)
        thing = find_passage(self.turns(name), quote, fields)
        return self.atlas.apply("interview", name, Add(collection="passages", thing=thing), author)

    def use(self, name: str, passage: str, document: str, thing: str, author: str, *, kind: str = "map") -> Applied:
        """Links a passage as evidence, with its words: to a card of a map, or (`kind="persona"`) to a trait of a persona."""
        interview = self.load(name)
        if passage not in interview.passages:
            raise MapFault(f"There is no passage `{passage}` in the interview `{name}`.", "", nearest(passage, interview.passages) if interview.passages else "Code one first.")
        said = self._quotable(interview).passages[passage]
        collection = _STATES[kind]
        things = self.atlas.load(kind, document)[0].collection(collection)
        if thing not in things:
            what = f"There is no card `{thing}` in the map `{document}`." if kind == "map" else f"There is no trait `{thing}` in the persona `{document}`."
            raise MapFault(what, "", nearest(thing, things) if things else "Add one first.")
        given = {"ref": f"interview:{name}#{passage}", "quote": said.quote, "speaker": said.speaker, "said_on": interview.held_on.isoformat() if interview.held_on else None}
        return self.atlas.apply(kind, document, Link(collection=collection, id=thing, evidence={key: value for key, value in given.items() if value}), author)

    def uses(self, name: str) -> dict[str, list[dict[str, str]]]:
        """What rests on the passages of an interview, by passage: `kind`, `document`, `title`, `thing` and `text` of each."""
        found: dict[str, list[dict[str, str]]] = {}
        start = f"interview:{name}#"
        for kind, collection in _STATES.items():
            for row in self.atlas.listed(kind):
                document = self.atlas.load(kind, row.id)[0]
                for thing in document.sorted(collection):
                    told = {"kind": kind, "document": row.id, "title": document.title or row.id, "thing": thing.id, "text": thing.text}
                    for ref in thing.evidence:
                        if ref.startswith(start):
                            found.setdefault(ref.removeprefix(start), []).append(told)
        return found

    def rename_topic(self, topic: str, to: str, author: str, may: Callable[[Interview], bool] = lambda _one: True) -> tuple[int, int]:
        """Calls a topic otherwise in all interviews that `may` be changed; that of another topic brings the two together.

        Returns
        -------
        tuple
            How many interviews and passages that changed.

        Raises
        ------
        NotFound
            If no passage is coded with it.
        """
        asked, to = topic.casefold(), " ".join(to.split())
        interviews = passages = 0
        for row in self.atlas.listed("interview"):
            interview = self.load(row.id)
            coded = [one for one in interview.sorted("passages") if asked in (word.casefold() for word in one.topics)] if may(interview) else []
            if not coded:
                continue
            renamed = [Set(collection="passages", id=one.id, path=("topics",), value=_renamed(one.topics, asked, to)) for one in coded]
            done = self.atlas.apply("interview", row.id, Several(changes=tuple(renamed), summary=f"called the topic {topic} {to}"), author)
            interviews, passages = interviews + (done.edit is not None), passages + len(coded)
        if not passages:
            raise NotFound(f"No passage is coded with the topic `{topic}`.", "", "Choose one of those that interviews are counted by.")
        return interviews, passages

    def insights(self, by: str = "topic", *, persona: str = "", segment: str = "", stage: str = "") -> list[Insight]:
        """What k of n interviews speak of."""
        return insights(self.all(persona, segment), by, (lambda passage: passage.stage == stage) if stage else None)

    def saturation(self, *, persona: str = "", segment: str = "") -> Saturation:
        """Whether further interviews would still add something."""
        return saturation(self.all(persona, segment))


def _renamed(topics: Sequence[str], asked: str, to: str) -> list[str]:
    """Topics with one of them called otherwise, each once."""
    called = [to if word.casefold() == asked else word for word in topics]
    return list({word.casefold(): word for word in reversed(called)}.values())[::-1]


def _id(name: str) -> str:
    """A speaker's id: its name in letters that ids may have."""
    return slug(name)
