"""Interviews: every form of transcript becomes turns, names are masked, passages are coded, k of n are counted."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etappe.errors import MapFault, NotFound
from etappe.maps.coding import find_passage, read_codes, take_marks
from etappe.maps.erasure import erase, mentions
from etappe.maps.insights import insights, mentioned, saturation, wilson
from etappe.maps.interview import Interview, Turn
from etappe.maps.masking import interviewer_of, mask, mask_title
from etappe.maps.persona import Persona
from etappe.maps.store import Store
from etappe.maps.transcript import read_transcript, turns_of
from etappe.words.claim import Verdict, judge
from etappe.words.claim_language import parse

SAID = [("Anna Müller", "Guten Tag, wie kam es dazu?"), ("Bernd Kraus", "Nach dem dritten Ausfall."), ("Anna Müller", "Und dann?"), ("Bernd Kraus", "Da war Schluss.")]


def docx(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    xml = f'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", xml)
    return packed.getvalue()


VTT = "WEBVTT\n\n" + "\n".join(f"0:00:0{number}.000 --> 0:00:0{number}.900\n<v {name}>{text}</v>\n" for number, (name, text) in enumerate(SAID))
SRT = "\n".join(f"{number}\n00:00:0{number},000 --> 00:00:0{number},900\n{name}: {text}\n" for number, (name, text) in enumerate(SAID))


@pytest.mark.parametrize(
    "raw",
    [
        VTT.encode(), SRT.encode(), SRT.replace("\n", "\r\n").encode("utf-8-sig"), ("# Interview 7\n\nDatum: 3. Mai\n\n" + "\n\n".join(f"**{name}:** {text}" for name, text in SAID)).encode(),
        "\n".join(f"{name}: {text}" for name, text in SAID).encode("cp1252"), "\n".join(f"{name}: {text}" for name, text in SAID).encode("utf-16"),
        "\n".join(f"[00:0{number}:00] {name}: {text}" for number, (name, text) in enumerate(SAID)).encode(), "\n\n".join(f"{name}   0:0{number}\n{text}" for number, (name, text) in enumerate(SAID)).encode(),
        docx(*(f"{name}: {text}" for name, text in SAID)),
    ],
    ids=["vtt", "srt", "srt-windows", "markdown", "cp1252", "utf-16", "clock", "teams", "docx"],
)  # fmt: skip
def test_every_form_of_transcript_gives_the_same_turns(raw: bytes) -> None:
    turns = [turn for turn in turns_of(raw) if turn.speaker]
    assert [(turn.speaker, turn.text) for turn in turns] == SAID


def test_cues_of_one_speaker_become_one_turn_with_its_first_second() -> None:
    (turn,) = turns_of(b"WEBVTT\n\n00:00:07.500 --> 00:00:09.000\n<v Kunde>Da war\n\n00:00:09.000 --> 00:00:10.000\n<v Kunde>Schluss.\n")
    assert (turn.speaker, turn.text, turn.seconds) == ("Kunde", "Da war Schluss.", 7.5)


def test_a_colon_in_the_middle_of_talk_makes_no_speaker() -> None:
    turns = turns_of(b"I: Was war?\nB: Ich sagte\nUnd zwar: nein.\nI: Aha?\nB: Ja.\n")
    assert [turn.speaker for turn in turns] == ["I", "B", "I", "B"]
    assert turns[1].text == "Ich sagte\nUnd zwar: nein."


def test_text_without_speakers_is_kept_by_paragraph() -> None:
    assert [turn.text for turn in turns_of(b"Erster Absatz.\nGeht weiter.\n\nZweiter.")] == ["Erster Absatz.\nGeht weiter.", "Zweiter."]


@pytest.mark.parametrize(
    ("raw", "word"),
    [(docx("x")[:60], "broken"), (b"PK\x03\x04" + b"\0" * 30 + b"word/document.xml" + b"junk" * 50, "broken"), (b"%PDF-1.7 ...", "no transcript"), (b"\0\1\2\0\0\0" * 100, "no text"), (docx("x").replace(b"word/document.xml", b"ppt/presenta.xml12"), "broken|no Word")],
    ids=["cut off", "not packed", "a PDF", "binary", "a presentation"],
)
def test_a_broken_file_is_told_in_clear_words(raw: bytes, word: str) -> None:
    with pytest.raises(MapFault, match=word):
        turns_of(raw, "x.docx")


def test_a_word_file_that_unpacks_without_end_or_brings_entities_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(MapFault, match="not what it says"):
        turns_of(packed.getvalue())


def test_an_empty_transcript_says_so(tmp_path: Path) -> None:
    (tmp_path / "leer.txt").write_text("\n\n")
    with pytest.raises(MapFault, match="says nothing"):
        read_transcript(tmp_path / "leer.txt")


def test_a_transcript_of_5_mb_is_read_whole() -> None:
    turns = turns_of((("I: Was war los?\n\nB: " + "Es war laut. " * 40 + "\n\n") * 9500).encode())
    assert len(turns) == 19_000


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        turns = turns_of(raw)
    except MapFault as fault:
        turns = []
        told = fault.do_next
        assert told
    assert all(turn.text for turn in turns)


# -- names ----------------------------------------------------------------------------------------------------------------


def test_names_addresses_and_numbers_are_masked_and_figures_are_not() -> None:
    turns = [Turn(speaker="Anna Müller", text="Herr Kraus, was war?"), Turn(speaker="Bernd Kraus", text="Müllers Anlage stand. Rufen Sie 0171 1234567 an, kraus@firma.de. Bei Siemens 2024, 120.000 Euro am 12.03.2024."), Turn(speaker="Anna Müller", text="Aha?")]
    asks = interviewer_of(turns)
    masked = mask(turns, asks, ["Siemens"])
    assert asks == "Anna Müller"
    assert [turn.speaker for turn in masked] == ["Interviewer", "Person A", "Interviewer"]
    assert masked[0].text == "Herr Person A, was war?"
    said = masked[1].text
    assert not any(word in said for word in ("Müller", "Kraus", "kraus", "Siemens", "1234567"))
    assert all(word in said for word in ("2024", "120.000", "12.03.2024"))
    assert mask_title("Interview_Kraus-2", turns) == "interview-2"


def test_words_such_as_kunde_are_no_names() -> None:
    turns = [Turn(speaker="Kunde", text="Ein Kunde fragt nach."), Turn(speaker="I", text="Ich verstehe?")]
    masked = mask(turns, interviewer_of(turns))
    assert [(turn.speaker, turn.text) for turn in masked] == [("Person A", "Ein Kunde fragt nach."), ("Interviewer", "Ich verstehe?")]


# -- codes ----------------------------------------------------------------------------------------------------------------


def test_marks_in_the_text_become_passages_that_lead_back_to_their_words() -> None:
    turns = [Turn(speaker="B", text="Am Anfang. [[barrier #price unclear stage=preselection feeling=-1 | Was kostet das?]] Und [[angst #Risiko | wer haftet?]] Ende.", seconds=12)]
    coded = take_marks(turns)
    assert coded.turns[0].text == "Am Anfang. Was kostet das? Und wer haftet? Ende."
    first, second = coded.passages.values()
    assert (first["ring"], first["topics"], first["stage"], first["feeling"], first["seconds"]) == ("barrier", ["price unclear"], "preselection", -1, 12)
    assert (second["force"], second["topics"]) == ("anxiety", ["Risiko"])
    for passage in coded.passages.values():
        assert coded.turns[0].text[passage["start"] : passage["end"]] == passage["quote"]


def test_a_mark_that_cannot_be_read_is_told_with_the_nearest_and_stays() -> None:
    coded = take_marks([Turn(text="[[barier | teuer]] [[feeling=9 | x]]")], "int.txt")
    assert ["barrier" in fault.do_next or "-2" in fault.do_next for fault in coded.faults] == [True, True]
    assert "[[barier | teuer]]" in coded.turns[0].text


def test_a_passage_is_found_by_its_words_once() -> None:
    turns = [Turn(speaker="B", text="Es war  zu teuer. Zu teuer, ja."), Turn(speaker="B", text="Und laut.")]
    found = find_passage(turns, "es war zu teuer", read_codes("hürde #Preis"))
    assert (found["turn"], found["quote"]) == (0, "Es war  zu teuer")
    with pytest.raises(NotFound, match="2 times"):
        find_passage(turns, "zu teuer", {})
    with pytest.raises(NotFound, match="do not stand"):
        find_passage(turns, "billig", {})


# -- k of n ---------------------------------------------------------------------------------------------------------------


def held(id: str, *topics: str, persona: str = "it-lead") -> Interview:
    passages = {f"p{number}": {"id": f"p{number}", "turn": number, "quote": topic, "topics": [topic]} for number, topic in enumerate(topics)}
    return Interview.load({"id": id, "personas": [persona], "held_on": f"2026-01-{int(id[1:]):02}", "passages": passages})


def test_insights_count_interviews_and_not_passages() -> None:
    found = insights([held("i1", "Preis", "preis", "Zeit"), held("i2", "Preis"), held("i3")])
    assert [(item.what, item.k, item.n, len(item.said)) for item in found] == [("Preis", 2, 3, 3), ("Zeit", 1, 3, 1)]
    assert found[0].to_dict()["share"] is None
    assert found[0].said[0].ref == "interview:i1#p0"


def test_a_claim_about_mentions_is_judged_by_interviews() -> None:
    several = [held(f"i{number}", *(["price unclear"] if number <= 3 else [])) for number in range(1, 11)]
    figure, said = mentioned(parse("mention(price unclear) >= 3 of interviews"), several)
    assert (figure.value, figure.n, len(said)) == (3, 10, 3)
    assert judge(parse("mention(price unclear) >= 3"), figure) is Verdict.CONFIRMED
    assert judge(parse("mention(price unclear) >= 4"), mentioned(parse("mention(price unclear) >= 4"), several)[0]) is Verdict.CONTRADICTED
    share = parse("mention(price unclear) >= 20 % of interviews")
    assert judge(share, mentioned(share, several)[0]) is Verdict.UNDECIDED
    assert judge(share, mentioned(share, several[:2])[0]) is Verdict.TOO_FEW
    other = parse("mention(price unclear) >= 1 where persona = purchasing")
    assert judge(other, mentioned(other, several)[0]) is Verdict.NO_DATA


def test_wilsons_interval_is_the_published_one() -> None:
    """Newcombe, Statistics in Medicine 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for k, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):
        assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


def test_saturation_tells_what_the_last_interviews_added() -> None:
    early = saturation([held("i1", "a", "b"), held("i2", "c")])
    assert early.curve == [("i1", 2, 2), ("i2", 1, 3)]
    assert early.more is None
    full = saturation([held(f"i{number}", "a", "b", "c", "d") for number in range(1, 9)])
    assert (full.last_share, full.found_share, full.more) == (0, 1, 0)
    growing = saturation([held(f"i{number}", "a", f"only {number}") for number in range(1, 9)])
    assert growing.last_share == pytest.approx(2 / 5)
    assert growing.found_share is not None
    assert growing.found_share < 0.8
    assert growing.more is not None
    assert growing.more > 5


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=5), min_size=1, max_size=12))
def test_the_saturation_curve_never_falls_and_shares_are_shares(topics: list[list[str]]) -> None:
    found = saturation([held(f"i{number}", *listed) for number, listed in enumerate(topics, start=1)])
    totals = [total for _, _, total in found.curve]
    assert totals == sorted(totals)
    assert sum(new for _, new, _ in found.curve) == totals[-1]
    assert found.found_share is None or 0 <= found.found_share <= 1


# -- kept and erased --------------------------------------------------------------------------------------------------------


def test_words_of_a_person_are_struck_out_everywhere_and_documents_stay_readable(store: Store) -> None:
    interview = Interview.load({"id": "i1", "owner": "kraus@firma.example", "passages": {"p": {"id": "p", "turn": 0, "quote": "Bernd Kräus sagt ja"}}})
    store.create(interview, "kraus@firma.example", texts={"turns": '[{"text": "Bernd Kr\\u00e4us sagt ja"}]'})
    assert erase(store.database, ["kraus@firma.example", "Bernd Kräus"]) > 0
    assert store.load(Interview, "i1").passages["p"].quote == "_removed_ sagt ja"
    assert store.text("interview", "i1", "turns") == '[{"text": "_removed_ sagt ja"}]'
    assert store.edits("interview", "i1")[0].author == "_removed_"
    if store.database.url.startswith("sqlite"):
        raw = b"".join(path.read_bytes() for path in Path(store.database.url.removeprefix("sqlite:///")).parent.glob("model.db*"))
        assert b"kraus@firma" not in raw
        assert "Kräus".encode() not in raw


def test_a_person_of_interviews_alone_is_struck_with_the_interviews_name_and_by_last_name(store: Store) -> None:
    interview = Interview.load({"id": "gespraech-petra-meier", "title": "Gespräch Petra Meier", "masked": False, "speakers": {"petra-meier": {"id": "petra-meier"}}})
    store.create(interview, "anna", texts={"turns": '[{"speaker": "Petra Meier", "text": "Frau Meier fragt den Einkauf."}]'})
    store.create(Interview.load({"id": "other"}), "anna", texts={"turns": '[{"text": "Die Firma Meier liefert."}]'})
    store.create(Persona.load({"id": "einkauf", "traits": {"k": {"id": "k", "kind": "pain", "text": "zögert", "evidence": ["interview:gespraech-petra-meier#p1"]}}}), "anna")
    assert mentions(store.database, ["Petra Meier"]) > 0
    assert mentions(store.database, ["Paul Meier"]) == 0
    erase(store.database, ["Petra Meier"])
    assert mentions(store.database, ["Petra Meier"]) == 0
    left = store.load(Interview, "gespraech-removed")
    assert (left.title, list(left.speakers)) == ("Gespräch _removed_", ["removed"])
    assert store.text("interview", "gespraech-removed", "turns") == '[{"speaker": "_removed_", "text": "Frau _removed_ fragt den Einkauf."}]'
    assert store.text("interview", "other", "turns") == '[{"text": "Die Firma Meier liefert."}]'
    assert "gespraech-removed#p1" in store.load(Persona, "einkauf").model_dump_json()
    assert store.load(Interview, "gespraech-removed", 1) == left
