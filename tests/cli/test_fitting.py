"""Tables in a terminal: words stay whole, lines end where it ends, and what has no room is named."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from etappe.cli.fitting import Column, Heading, laid_out, wrapped

STAGES = Column("Phase", ("Vorrecherche", "Angebotsanforderung", "Entscheidung (Erstkauf, Rückgewinnung)"))
SHARES = [
    Column(f"Anteil der gewonnenen Journeys {number}", ("78\u00a0% (72–83)", "zu wenige (n\u00a04)", "100\u00a0% (96–100)")) for number in range(8)
]
PATHS = Column("Weg", ("Fachartikel → Startseite → andere Seite → Newsletter-Anmeldung",) * 3)
WIDTHS = (60, 80, 100, 140, 200)


def words_of(texts: list[str]) -> set[str]:
    return {word for text in texts for word in text.split(" ") if word}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_is_broken_no_line_is_too_long_and_no_column_is_lost(width: int) -> None:
    columns = [STAGES, *SHARES, PATHS, Column("Schritte", ("1", "22", "333"), right=True)]
    parts, left = laid_out(columns, width)
    assert left == []
    lines = [line for part in parts for line in part]
    assert max(cell_len(line) for line in lines) <= width
    said = words_of([text for column in columns for text in (column.head, *column.cells)])
    assert said <= words_of([" ".join(lines)])


def test_of_a_long_table_what_has_no_room_is_named_and_of_a_short_one_it_stands_beneath() -> None:
    short = [STAGES, *SHARES]
    parts, left = laid_out(short, 80)
    assert len(parts) > 1
    assert left == []
    assert all(part[-1].startswith("(Erstkauf") or "Entscheidung" in "".join(part) for part in parts), "each part names its rows"
    long = [Column(column.head, column.cells * 20) for column in short]
    parts, left = laid_out(long, 80)
    assert len(parts) == 1
    shown = " ".join(line for line in parts[0] if isinstance(line, Heading))
    assert [column.head for column in long if column.head.split()[-1] not in shown.split()] == left != []


def test_a_heading_stands_above_the_rows_that_share_it() -> None:
    parts, _ = laid_out([STAGES], 80, groups=["Erstkauf", "Erstkauf", "Erweiterung"])
    assert [line for line in parts[0] if isinstance(line, Heading)] == ["Phase", "Erstkauf", "Erweiterung"]
    assert parts[0].index("Erweiterung") == len(parts[0]) - 2


def test_a_value_and_its_sign_stay_on_one_line_and_an_address_breaks_where_it_may() -> None:
    assert wrapped("78\u00a0% (72–83)", 8) == ["78\u00a0%", "(72–83)"]
    assert wrapped("/dokumentation/edge-gateway/inbetriebnahme", 24) == ["/dokumentation/edge-", "gateway/inbetriebnahme"]
    assert "".join(wrapped("東京計器株式会社", 6)) == "東京計器株式会社"
    assert max(cell_len(line) for line in wrapped("東京計器株式会社", 6)) <= 6
