"""Reads transcripts: plain text, Markdown, DOCX, WebVTT and SubRip, as turns of speakers.

What a file is, is seen in its content. A speaker is what stands before a colon at the beginning of a line and comes again,
a `<v Name>` of WebVTT, or the line with a name and a time that Teams writes above each turn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from etappe.errors import MapFault
from etappe.maps.docx import is_docx, paragraphs
from etappe.maps.interview import Turn

_MOST: Final = 50_000_000
_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_CUE = re.compile(rf"^\s*({_CLOCK})\s*-->\s*{_CLOCK}.*$")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?\s+([^>]+)>")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<\d{1,2}:[\d:.]+>")
_NAME = r"[^\W_][\w .,'’&/–-]{0,48}?"
_LABEL = re.compile(
    rf"^(?:[\[(]?(?P<clock>{_CLOCK})[\])]?\s*[-–]?\s*)?(?:\*\*|__)?(?P<name>{_NAME})\s*(?:[\[(](?P<after>{_CLOCK})[\])])?\s*(?:\*\*|__)?:(?:\*\*|__)?(?=\s|$)\s*(?P<text>.*)$"
)
_TEAMS = re.compile(rf"^(?P<name>{_NAME})\s{{1,4}}(?P<clock>{_CLOCK})\s*$")
_START = re.compile(rf"^[\[(]({_CLOCK})[\])]\s*")


def read_transcript(path: Path) -> list[Turn]:
    """The turns of a file.

    Raises
    ------
    MapFault
        If it cannot be read, is broken, is too large, or says nothing.
    """
    try:
        if path.stat().st_size > _MOST:
            raise MapFault("The transcript is larger than 50 MB.", str(path), "Is it a recording? Import its transcript.")
        raw = path.read_bytes()
    except OSError as error:
        raise MapFault(f"The file cannot be read: {error.strerror}.", str(path), "Look at its name and its rights.") from None
    if path.suffix.lower() == ".docx" and not is_docx(raw):
        raise MapFault("The Word file has nothing of Word in it.", str(path), "Open it in Word and save it anew, or name it .txt if it is text.")
    found = turns_of(raw, str(path))
    if not found:
        raise MapFault("The transcript says nothing.", str(path), "Is it the right file?")
    return found


def turns_of(raw: bytes, where: str = "") -> list[Turn]:
    """The turns of a file's content."""
    if is_docx(raw):
        return _of_lines(paragraphs(raw, where))
    if raw[:4] in (b"%PDF", b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"RIFF", b"OggS") or raw[4:8] == b"ftyp" or raw[:3] == b"ID3":
        raise MapFault("This is no transcript that can be read.", where, "Save it as text, Markdown, DOCX, VTT or SRT.")
    lines = _decoded(raw, where).splitlines()
    return _of_cues(lines) if any(_CUE.match(line) for line in lines[:200]) else _of_lines(lines)


def _decoded(raw: bytes, where: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    if text.count("\0") > len(text) // 100:
        raise MapFault("This is no text.", where, "Save it as text, Markdown, DOCX, VTT or SRT.")
    return text.replace("\0", "")


# -- subtitles ----------------------------------------------------------------------------------------------------------


def _of_cues(lines: list[str]) -> list[Turn]:
    """Cues of WebVTT or SubRip, those of one speaker in a row as one turn."""
    cues: list[Turn] = []
    place = 0
    while place < len(lines):
        clock = _CUE.match(lines[place])
        place += 1
        if not clock:
            continue
        said: list[str] = []
        while place < len(lines) and lines[place].strip() and not _CUE.match(lines[place]):
            said.append(lines[place].strip())
            place += 1
        cues += _voices(" ".join(said), _seconds(clock.group(1)))
    labels = _speakers([turn.text for turn in cues if not turn.speaker])
    return _joined([_labelled(turn, labels) for turn in cues])


def _voices(text: str, seconds: float | None) -> Iterator[Turn]:
    """The voices of one cue, or its text."""
    parts = _VOICE.split(text)
    if _clean(parts[0]):
        yield Turn(text=_clean(parts[0]), seconds=seconds)
    for name, said in zip(parts[1::2], parts[2::2], strict=True):
        if _clean(said):
            yield Turn(speaker=name.strip(), text=_clean(said), seconds=seconds)


def _labelled(turn: Turn, labels: set[str]) -> Turn:
    label = None if turn.speaker else _LABEL.match(turn.text)
    if label is None or label["name"].strip() not in labels:
        return turn
    return turn.model_copy(update={"speaker": label["name"].strip(), "text": label["text"]})


def _speakers(lines: list[str]) -> set[str]:
    """Which words before a colon are speakers: those that come again, and names that come once after the first of these."""
    found = [match["name"].strip() for line in lines if (match := _LABEL.match(line.strip()))]
    counts = Counter(found)
    again = {name for name, count in counts.items() if count > 1}
    first = next((place for place, name in enumerate(found) if name in again), len(found))
    return again | {name for name in found[first:] if len(name.split()) <= 3 and all(part[:1].isupper() for part in name.split())}


def _clean(text: str) -> str:
    return " ".join(_TAG.sub("", text).replace("&nbsp;", " ").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").split())


def _joined(turns: list[Turn]) -> list[Turn]:
    """Turns of one speaker in a row as one; a cue without a speaker goes on with the one before."""
    found: list[list[Turn]] = []
    for turn in turns:
        if found and (turn.speaker == found[-1][0].speaker or not turn.speaker):
            found[-1].append(turn)
        else:
            found.append([turn])
    return [run[0].model_copy(update={"text": " ".join(part.text for part in run)}) for run in found]


# -- text ---------------------------------------------------------------------------------------------------------------


def _of_lines(lines: list[str]) -> list[Turn]:
    """Lines of text: a paragraph with a label begins a turn, one without goes on with it."""
    marked = [_LABEL.match(line.strip()) for line in lines]
    labels = _speakers(lines)
    turns: list[tuple[str, float | None, list[str]]] = []
    fresh = True
    for line, label in zip(lines, marked, strict=True):
        text = line.strip()
        teams = _TEAMS.match(text)
        if teams:
            turns.append((teams["name"].strip(), _seconds(teams["clock"]), []))
            fresh = False
        elif label and label["name"].strip() in labels:
            turns.append((label["name"].strip(), _seconds(label["clock"] or label["after"]), [label["text"]] if label["text"] else []))
            fresh = False
        elif not text:
            fresh = fresh or not labels
        elif fresh or not turns:
            start = _START.match(text)
            turns.append(("", _seconds(start.group(1)) if start else None, [text[start.end() :] if start else text]))
            fresh = False
        else:
            turns[-1][2].append(text)
    return [Turn(speaker=speaker, text="\n".join(part for part in said if part), seconds=seconds) for speaker, seconds, said in turns if any(said)]


def _seconds(clock: str | None) -> float | None:
    if not clock:
        return None
    parts = [float(part.replace(",", ".")) for part in clock.split(":")]
    return float(sum(part * 60**power for power, part in enumerate(reversed(parts))))
