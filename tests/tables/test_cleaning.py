import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etappe.tables import cleaning
from etappe.tables.engine import Engine


def clean(engine: Engine, how: str, values: list[str | None]) -> list[str | None]:
    table = engine.from_arrow("values", pa.table({"value": pa.array(values, pa.string())}))
    return engine.to_arrow(table.select(found=getattr(cleaning, how)(table.value)))["found"].to_pylist()


@pytest.mark.parametrize(
    ("how", "written", "cleaned"),
    [
        ("email", " Max@Firma.DE ", "max@firma.de"),
        ("email", "max at firma.de", None),
        ("email", "@firma", None),
        ("host", "https://www.Firma.de:443/x?y#z", "firma.de"),
        ("host", "WWW.firma.de.", "firma.de"),
        ("host", "max@firma.de", "firma.de"),
        ("host", "firma", None),
        ("contact", "0031x00000AbCdEFAA", "0031x00000AbCdE"),
        ("contact", "0031x00000AbCdE", "0031x00000AbCdE"),
        ("contact", "123456789012345678", "123456789012345678"),
        ("contact", "  ", None),
        ("phone", "0711 / 123-45", "+4971112345"),
        ("phone", "+49 (0) 711 123 45", "+4971112345"),
        ("phone", "0049 711 12345", "+4971112345"),
        ("phone", "+41 44 123 45 67", "+41441234567"),
        ("phone", "110", None),
        ("phone", "keine", None),
        ("company", "  Muster   GmbH ", "muster gmbh"),
    ],
)
def test_an_identifier_has_one_spelling(engine: Engine, how: str, written: str, cleaned: str | None) -> None:
    assert clean(engine, how, [written, None]) == [cleaned, None]


def test_cleaning_what_is_clean_changes_nothing(engine: Engine) -> None:
    written = ["max@firma.de", "firma.de", "0031x00000AbCdE", "+4971112345", "muster gmbh", "c-1"]
    for how in ("email", "host", "contact", "phone", "company", "plain"):
        once = clean(engine, how, written)
        assert clean(engine, how, once) == once


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=30)), min_size=1, max_size=20))
def test_the_engine_and_python_give_one_id(engine: Engine, pairs: list[tuple[str, str]]) -> None:
    rows = pa.table({"kind": [kind for kind, _ in pairs], "value": [value for _, value in pairs]})
    table = engine.from_arrow("pairs", rows)
    found = engine.to_arrow(table.select(id=cleaning.short_id("p", table.kind, table.value)))["id"].to_pylist()
    assert found == [cleaning.short_id_of("p", kind, value) for kind, value in pairs]
    assert all(len(one) == 12 for one in found)


def test_the_first_identifier_of_an_event_is_the_surest(engine: Engine) -> None:
    columns = ("source", "contact_ref", "email", "user_id", "cookie", "phone")
    rows = [
        ("crm", "7", "a@b.de", "u", "c", "0711 123456"),
        ("crm", None, "A@b.de", "u", "c", None),
        ("web", None, "n/a", "u", "c", None),
        ("web", None, None, None, "c", "0711 123456"),
        ("crm", None, None, None, None, "0711 123456"),
        ("crm", None, None, None, None, None),
    ]
    schema = pa.schema([(name, pa.string()) for name in columns])
    table = engine.from_arrow(
        "events", pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], schema)
    )
    kind, value = cleaning.event_identifier(table)
    numbered = table.mutate(kind=kind, value=value, place=ibis.row_number())
    found = [(row["kind"], row["value"]) for row in engine.rows(numbered.order_by("place"))]
    assert sorted(found, key=str) == sorted(
        [
            ("contact:crm", "7"),
            ("email", "a@b.de"),
            ("user", "u"),
            ("cookie", "c"),
            ("phone", "+49711123456"),
            (None, None),
        ],
        key=str,
    )
