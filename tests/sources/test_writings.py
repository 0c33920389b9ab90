"""However a file writes a date or a number, it is read as the same moment and the same amount."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from etappe.sources.values import Values, decide
from etappe.tables.engine import Engine

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.datetimes(dt.datetime(1996, 1, 1), dt.datetime(2030, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
FORMS = {
    "iso": "%Y-%m-%d %H:%M:%S", "iso with T": "%Y-%m-%dT%H:%M:%S", "german": "%d.%m.%Y %H:%M:%S", "dashes": "%d-%m-%Y %H:%M:%S", "german with Uhr": "%d.%m.%Y %H:%M Uhr",
    "day": "%Y-%m-%d", "german day": "%d.%m.%Y", "compact day": "%Y%m%d",
}  # fmt: skip
SLOW = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def read(engine: Engine, column: list[str | None], zone: str, what: str, delimiter: str = ",") -> list[object]:
    table = engine.from_arrow("cells", pa.table({"cell": pa.array(column, pa.string())}))
    values = Values(table, ["cell"], decide([cell for cell in column if cell], delimiter, zone, "", False))
    value = values.moment("cell") if what == "moment" else values.number("cell")
    got = [row["value"] for row in engine.rows(table.select(value=value))]
    engine.drop(table)
    return got


@SLOW
@given(st.lists(MOMENTS, min_size=5, max_size=30))
def test_a_moment_is_the_same_however_it_is_written(reader: Engine, moments: list[dt.datetime]) -> None:
    for name, form in FORMS.items():
        cut = [dt.datetime.strptime(moment.strftime(form), form) for moment in moments]
        wanted = [moment.replace(tzinfo=BERLIN).astimezone(dt.UTC) for moment in cut]
        # An hour that does not exist, or exists twice, may be read as either.
        sure = [
            place
            for place, moment in enumerate(cut)
            if BERLIN.utcoffset(moment)
            == BERLIN.utcoffset(moment + dt.timedelta(hours=3))
            == BERLIN.utcoffset(moment - dt.timedelta(hours=3))
        ]
        got = read(reader, [moment.strftime(form) for moment in cut], "Europe/Berlin", "moment")
        assert [got[place] for place in sure] == [wanted[place] for place in sure], name


@SLOW
@given(st.lists(MOMENTS, min_size=5, max_size=30))
def test_an_offset_or_an_epoch_says_the_moment_itself(reader: Engine, moments: list[dt.datetime]) -> None:
    wanted = [moment.replace(tzinfo=dt.UTC) for moment in moments]
    written = {
        "Z": [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in moments],
        "offset": [moment.replace(tzinfo=dt.UTC).astimezone(BERLIN).isoformat() for moment in moments],
        "seconds": [str(int(moment.timestamp())) for moment in wanted],
        "milliseconds": [str(int(moment.timestamp() * 1000)) for moment in wanted],
        "microseconds": [str(int(moment.timestamp()) * 1_000_000) for moment in wanted],
    }
    for name, cells in written.items():
        assert read(reader, list(cells), "Europe/Berlin", "moment") == wanted, name


@SLOW
@given(st.lists(st.decimals(-10_000_000, 10_000_000, places=2), min_size=3, max_size=30))
def test_an_amount_is_the_same_with_comma_and_with_point(reader: Engine, amounts: list[object]) -> None:
    english = [f"{amount:,.2f}" for amount in amounts]
    german = [text.translate(str.maketrans(",.", ".,")) for text in english]
    wanted = [float(amount) for amount in amounts]  # type: ignore[arg-type]
    assert read(reader, list(english), "UTC", "number", ",") == wanted
    assert read(reader, list(german), "UTC", "number", ";") == wanted
    assert read(reader, [f"{text} €" for text in german], "UTC", "number", ";") == wanted


@SLOW
@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30), min_size=1, max_size=40))
def test_any_text_is_a_value_or_nothing_and_never_an_error(reader: Engine, cells: list[str]) -> None:
    for what in ("moment", "number"):
        got = read(reader, list(cells), "Europe/Berlin", what)
        assert len(got) == len(cells)


def test_a_spreadsheet_counts_days_of_the_clock_on_the_wall(reader: Engine) -> None:
    (got,) = read(reader, ["45631.5"], "Europe/Berlin", "moment")
    assert got == dt.datetime(2024, 12, 5, 12, tzinfo=BERLIN)


def test_numbers_beyond_all_times_are_no_moments(reader: Engine) -> None:
    cells: list[str | None] = [
        "1E100",
        "nan",
        "-inf",
        "99999999999999999999",
        "-5",
        "1e4",
        "abc",
    ]
    for zone in ("UTC", "Europe/Berlin"):
        assert [got for got in read(reader, cells, zone, "moment") if got is not None] == []


def test_nothing_is_made_of_nothing(reader: Engine) -> None:
    assert read(reader, [None, "", "  ", "NULL"], "UTC", "moment") == [None] * 4
