"""interview: transcripts in, passages coded, k of n, whether further ones would add something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from etappe.cli.documents import AUTHOR, JSON, add_reading, add_versions, opened, speech, tell, who
from etappe.cli.main import app
from etappe.cli.output import print_json

interviews = typer.Typer(no_args_is_help=True, help="Interviews: import transcripts, code passages, see what k of n say.")
app.add_typer(interviews, name="interview")
add_reading(interviews, "interview")
add_versions(interviews, "interview")

PERSONA = typer.Option("", help="Only interviews with this persona.")
SEGMENT = typer.Option("", help="Only interviews in this segment.")


def _room(atlas: Any) -> Any:
    from etappe.workspace.interviews import Interviews

    return Interviews(atlas)


@interviews.command(name="import")
def import_(
    paths: list[Path] = typer.Argument(..., help="Transcripts: text, Markdown, DOCX, VTT, SRT."),
    persona: list[str] = typer.Option([], help="Persona of who was asked."),
    segment: list[str] = typer.Option([], help="Segment of their company."),
    held_on: str = typer.Option("", help="Day of the interview, such as 2026-03-31."),
    decision: str = typer.Option("", help="How they had decided: won (for us), lost, open."),
    interviewer: str = typer.Option("", help="Who asks, as named in the transcript; else it is guessed."),
    names: bool = typer.Option(False, "--names", help="Keep names; else they are masked before anything is written."),
    mask: list[str] = typer.Option([], help="Further names or firms to mask."),
    author: str = AUTHOR,
    as_json: bool = JSON,
) -> None:
    """Import transcripts; marks like [[barrier #price unclear | words]] in them become coded passages."""
    import datetime as dt

    from etappe.errors import MapFault

    try:
        day = dt.date.fromisoformat(held_on) if held_on else None
    except ValueError:
        raise MapFault(f"`{held_on}` is no day.", "--held-on", "Write it as 2026-03-31.") from None
    with opened() as atlas:
        done = _room(atlas).import_(paths, who(author), names=names, mask_also=mask, interviewer=interviewer, held_on=day, personas=persona, segments=segment, decision=decision)
    rows = [
        {"path": item.path, "interview": item.interview.id if item.interview else None, "made": item.made, "turns": item.interview.turns if item.interview else None,
         "words": item.interview.words if item.interview else None, "speakers": len(item.interview.speakers) if item.interview else None,
         "passages": len(item.interview.passages) if item.interview else None, "masked": item.interview.masked if item.interview else None,
         "error": item.fault.to_dict() if item.fault else None}
        for item in done
    ]  # fmt: skip
    if as_json:
        print_json({"interviews": rows})
    else:
        read, say = [row for row in rows if not row["error"]], speech()
        if read:
            say.table([{**row, "words_said": row["words"]} for row in read], ("path", "interview", "made", "turns", "words_said", "speakers", "passages"))
        for row in rows:
            if row["error"]:
                print(f"✕ {row['path']}: {say.of(row['error']['what'])}\n  {say('next:  ', 'weiter: ')}{say.of(row['error']['do_next'])}")
    if any(row["error"] for row in rows):
        raise typer.Exit(2)


@interviews.command()
def show(name: str, as_json: bool = JSON) -> None:
    """What was said, with coded passages marked."""
    with opened() as atlas:
        room = _room(atlas)
        interview, turns = room.load(name), room.turns(name)
    if as_json:
        print_json({**interview.plain(), "said": [turn.model_dump() for turn in turns]})
        return
    say = speech()
    print(say("{title} · {day} · {turns} turns, {words} words, {n} passages", "{title} · {day} · {turns} Wortmeldungen, {words} Wörter, {n} Stellen", title=interview.title,
        day=interview.held_on or say("no date", "ohne Datum"), turns=interview.turns, words=interview.words, n=len(interview.passages)))  # fmt: skip
    coded: dict[int, list[Any]] = {}
    for passage in interview.sorted("passages"):
        coded.setdefault(passage.turn, []).append(passage)
    for number, turn in enumerate(turns):
        clock = f" [{int(turn.seconds // 60)}:{int(turn.seconds % 60):02}]" if turn.seconds is not None else ""
        print(f"\n{turn.speaker or '–'}{clock}: {turn.text}")
        for passage in coded.get(number, ()):
            print(f"    ↳ {_codes(passage)}: „{passage.quote}“ [{passage.id}]")


def _codes(passage: Any) -> str:
    named = [passage.ring, passage.force, *(f"#{topic}" for topic in passage.topics), *(f"{key}={getattr(passage, key)}" for key in ("stage", "lane", "persona", "touchpoint") if getattr(passage, key))]
    named += [f"feeling={passage.feeling:+g}"] if passage.feeling is not None else []
    return " ".join(item for item in named if item)


@interviews.command()
def code(
    name: str, quote: str = typer.Argument(..., help="The words, as they stand in the interview."),
    codes: str = typer.Argument(..., help="Such as: barrier #price unclear stage=preselection feeling=-1"), author: str = AUTHOR, as_json: bool = JSON,
) -> None:  # fmt: skip
    """Code a passage: ring, force, #topic, stage=, lane=, persona=, touchpoint=, feeling=."""
    with opened() as atlas:
        tell(_room(atlas).code(name, quote, codes, who(author)), as_json)


@interviews.command()
def use(
    name: str, passage: str = typer.Argument(..., help="Id of the passage."), map: str = typer.Option(..., help="The map."), card: str = typer.Option(..., help="The card it supports."),
    author: str = AUTHOR, as_json: bool = JSON,
) -> None:  # fmt: skip
    """Link a passage to a card as evidence."""
    with opened() as atlas:
        tell(_room(atlas).use(name, passage, map, card, who(author)), as_json)


@interviews.command()
def insights(
    by: str = typer.Option("topic", help="topic, ring, force, stage, lane, persona."), stage: str = typer.Option("", help="Only passages of this stage."),
    persona: str = PERSONA, segment: str = SEGMENT, as_json: bool = JSON,
) -> None:  # fmt: skip
    """What k of n interviews speak of."""
    from etappe.errors import MapFault
    from etappe.words.claim_language import nearest

    known = ("topic", "ring", "force", "stage", "lane", "persona")
    if by not in known:
        raise MapFault(f"There are no insights by `{by}`.", "--by", nearest(by, known))
    with opened() as atlas:
        found = _room(atlas).insights(by, persona=persona, segment=segment, stage=stage)
    if as_json:
        print_json([item.to_dict() for item in found])
        return
    say = speech()
    say.table([{by: item.what, "interviews": say(f"{item.k} of {item.n}", f"{item.k} von {item.n}"), "quote": item.said[0].passage.quote[:100], "from": item.said[0].ref} for item in found], (by, "interviews", "quote", "from"))


@interviews.command()
def saturation(persona: str = PERSONA, segment: str = SEGMENT, as_json: bool = JSON) -> None:
    """What the last interviews added, and how many more are advised."""
    with opened() as atlas:
        found = _room(atlas).saturation(persona=persona, segment=segment)
        language = atlas.settings.language
    if as_json:
        print_json(found.to_dict())
        return
    speech().table([{"interview": name, "new_topics": new, "all": total, "": "█" * total} for name, new, total in found.curve], ("interview", "new_topics", "all", ""))
    print(found.words[language])


@interviews.command()
def remove(name: str, as_json: bool = JSON) -> None:
    """Take an interview off the list; `restore` brings it back."""
    with opened() as atlas:
        atlas.store.remove("interview", name)
    print_json({"removed": name}) if as_json else print(f"removed {name}")
