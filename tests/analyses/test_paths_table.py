"""Attribution on a bare table of paths."""

import itertools
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etappe.analyses import path_arrays
from etappe.analyses.paths_table import NO_TOUCH, TableOptions, attribute_file, attribute_table
from etappe.errors import Fault, Faults, FileFault, NotFound

LONG = pa.table(
    {
        "path": ["A > B > C", "A", "B > C", " A >B", "", "C > C"],
        "n": [3, 0, 1, 2, 4, 0],
        "money": [300.10, 0.0, 50.55, 20.0, 8.0, 0.0],
        "lost": [1, 5, 2, 0, 0, 3],
    }
)
NAMES = {"conversions": "n", "value": "money", "nulls": "lost"}


def by_channel(answer, model, name="conversions"):
    return {row["channel"]: row[name].value for row in answer.rows if row["model"] == model}


def test_rules_of_thumb_are_exact():
    answer = attribute_table(LONG, TableOptions(**NAMES))
    assert by_channel(answer, "first") == {"A": 5, "B": 1, "C": 0, NO_TOUCH: 4}
    assert by_channel(answer, "last") == {"A": 0, "B": 2, "C": 4, NO_TOUCH: 4}
    assert by_channel(answer, "linear") == pytest.approx({"A": 2, "B": 2.5, "C": 1.5, NO_TOUCH: 4})


def test_every_model_sums_to_the_conversions_and_to_the_value_to_the_cent():
    answer = attribute_table(LONG, TableOptions(**NAMES, own=(1, 2, 1)))
    models = {row["model"] for row in answer.rows}
    assert len(models) == 12
    for model in models:
        assert sum(by_channel(answer, model).values()) == pytest.approx(10)
        assert round(sum(by_channel(answer, model, "value").values()) * 100) == 37865


def test_the_json_has_the_agreed_shape():
    rows = json.loads(attribute_table(LONG, TableOptions(**NAMES, models=["markov1", "first"])).to_json())["rows"]
    assert {"channel", "model", "conversions", "value", "removal_effect"} <= set(rows[0])
    assert set(rows[0]["conversions"]) == {"value", "low", "high", "n"}
    for row in rows:
        assert (row["removal_effect"] is not None) == (row["model"] == "markov1" and row["channel"] != NO_TOUCH)


def test_wide_and_long_tables_are_the_same_paths():
    wide = pa.table(
        {"T_1": ["A", "A", "null"], "T_2": ["B", None, ""], "T_3": ["", "C", "B"], "flag": ["conv", "null", "conv"]}
    )
    long = pa.table({"path": ["A > B", "A > C", "null > B"], "n": [1, 0, 1], "lost": [0, 1, 0]})
    one = attribute_table(wide, TableOptions(columns="T_*", outcome="flag"))
    other = attribute_table(long, TableOptions(conversions="n", nulls="lost"))
    assert [(row["channel"], row["model"], row["conversions"]) for row in one.rows] == [
        (row["channel"], row["model"], row["conversions"]) for row in other.rows
    ]


def test_the_same_paths_row_by_row_or_grouped_give_the_same_credit():
    random = np.random.default_rng(1)
    paths = random.choice(["A > B", "B > C > A", "C"], 500)
    hit = random.random(500) < 0.3
    single = pa.table({"path": paths, "n": hit.astype(int), "lost": (~hit).astype(int)})
    grouped = single.group_by("path").aggregate([("n", "sum"), ("lost", "sum")]).rename_columns(["path", "n", "lost"])
    one, other = (attribute_table(table, TableOptions(conversions="n", nulls="lost")) for table in (single, grouped))
    for model in ("linear", "shapley", "markov1", "markov3"):
        assert by_channel(one, model) == pytest.approx(by_channel(other, model))


def test_direct_is_recognised_or_named():
    table = pa.table({"path": ["Mail > (direct)", "Ad > Mail"]})
    assert by_channel(attribute_table(table), "last_non_direct") == {"Mail": 2, "Ad": 0, "(direct)": 0}
    named = attribute_table(table, TableOptions(direct="Mail"))
    assert by_channel(named, "last_non_direct") == {"Ad": 1, "(direct)": 1, "Mail": 0}
    with pytest.raises(NotFound):
        attribute_table(table, TableOptions(direct="Mial"))


def test_rows_of_one_account_are_drawn_together():
    random = np.random.default_rng(3)
    firm = np.repeat(np.arange(100), 20)
    path = np.where(np.repeat(random.random(100) < 0.5, 20), "A", "B")
    table = pa.table({"path": path, "firm": firm})
    wide, narrow = (
        attribute_table(table, TableOptions(models=["first"], account=account)).rows[0]["conversions"]
        for account in ("firm", None)
    )
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)


def test_files_are_read_whatever_separates_their_cells(tmp_path):
    (tmp_path / "a.csv").write_text("path;n;money\nA > B;1;10,5\nB;2;1,25\n", "utf-8")
    answer = attribute_file(tmp_path / "a.csv", TableOptions(conversions="n", value="money"))
    assert answer.population["value"] == 11.75
    pq.write_table(LONG, tmp_path / "b.parquet")
    assert attribute_file(tmp_path / "b.parquet", TableOptions(**NAMES)).population["conversions"] == 10
    (tmp_path / "c.csv").write_bytes("path,n\nMündlich,1\n".encode("cp1252"))
    assert attribute_file(tmp_path / "c.csv", TableOptions(conversions="n")).rows[0]["channel"] == "Mündlich"


NAMED = st.lists(st.sampled_from(["A", "B ", " B", "Überweisung", "", " ", *(f"C{k}" for k in range(300))]), max_size=6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), NAMED.map(" > ".join), NAMED.map(">".join)), max_size=40), st.integers(1, 9))
def test_paths_read_in_pieces_are_those_of_the_text(texts, size):
    wanted = [tuple(name.strip() for name in (text or "").split(">") if name.strip()) for text in texts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(path_arrays, "PIECE", size)
        coded = path_arrays.from_texts(pa.chunked_array([texts[:7], texts[7:]], pa.string()).chunks, " > ")
    assert coded.channels == sorted({name for path in wanted for name in path})
    paths = [tuple(coded.channels[k] for k in coded.paths.touch[low:high]) for low, high in itertools.pairwise(coded.paths.start)]
    assert paths == list(dict.fromkeys(path for path in wanted if path)), "each once, in the order in which they come"
    assert [paths[k] if k >= 0 else () for k in coded.path] == wanted


def test_a_file_read_in_pieces_is_answered_like_the_table_and_shows_its_first_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("etappe.analyses.paths_file.PIECE", 4)
    pq.write_table(LONG.append_column("aside", LONG["n"]), tmp_path / "b.parquet", row_group_size=3)
    read, held = (answer.to_dict() for answer in (attribute_file(tmp_path / "b.parquet", TableOptions(**NAMES)), attribute_table(LONG, TableOptions(**NAMES))))
    assert read | {"as_of": ""} == held | {"as_of": ""}
    assert attribute_file(tmp_path / "b.parquet", TableOptions(**NAMES)).behind(5) == LONG.to_pylist()[:5]
    bare = attribute_file(tmp_path / "b.parquet", TableOptions())
    assert (bare.population["conversions"], bare.population["rows"]) == (6, 6)


@pytest.mark.parametrize(
    ("text", "told"),
    [(b"", "is empty"), (b"path,n\nA,1\nB,2,3\n", "cannot be read"), (b"\x00\x01\x02\n", "no column")],
)
def test_broken_files_are_a_clear_fault(tmp_path, text, told):
    (tmp_path / "x.csv").write_bytes(text)
    with pytest.raises(Fault) as fault:
        attribute_file(tmp_path / "x.csv", TableOptions(conversions="n"))
    assert told in str(fault.value)
    with pytest.raises(FileFault, match="no such file"):
        attribute_file(tmp_path / "nothing.csv")
    (tmp_path / "x.parquet").write_bytes(text)
    with pytest.raises(FileFault, match="not Parquet"):
        attribute_file(tmp_path / "x.parquet")


def test_all_faults_of_a_table_are_told_at_once():
    with pytest.raises(Faults) as told:
        attribute_table(LONG, TableOptions(path="paths", conversions="nn"))
    assert "path" in told.value.faults[0].do_next
    bad = LONG.set_column(1, "n", pa.array([-1, 0, 1, 2, 4, 0])).set_column(2, "money", pa.array(list("abcdef")))
    with pytest.raises(Faults) as told:
        attribute_table(bad, TableOptions(**NAMES))
    assert {"negative" in fault.what or "not a column of numbers" in fault.what for fault in told.value.faults} == {
        True
    }


@pytest.mark.parametrize(
    "options", [{"models": ["markow1"]}, {"models": ["own"]}, {"half_life": 0}, {"own": (-1, 1, 1)}, {"columns": "X_*"}]
)
def test_impossible_options_are_a_clear_fault(options):
    with pytest.raises(Fault):
        attribute_table(LONG, TableOptions(**{**NAMES, **options}))


def test_nothing_to_give_credit_for_is_said():
    empty = attribute_table(LONG.slice(0, 0), TableOptions(**NAMES))
    assert not empty.rows
    assert empty.caveats[0] == "The table has no rows."
    idle = attribute_table(LONG, TableOptions(nulls="lost", outcome="path"))
    assert idle.caveats[0].startswith("No path converts")
    assert all(row["conversions"].value == 0 for row in idle.rows)


def test_numbers_that_are_missing_are_said_and_count_as_zero():
    table = pa.table({"path": ["A", "B"], "n": pa.array([1, None], pa.int64())})
    answer = attribute_table(table, TableOptions(conversions="n"))
    assert any("no number" in words for words in answer.caveats)
    assert answer.population["conversions"] == 1


def test_a_hundred_thousand_channels_and_a_path_of_fifty_thousand_touches_are_answered():
    many = pa.table({"path": [f"C{k} > C{k + 1}" for k in range(100_000)]})
    answer = attribute_table(many, TableOptions(models=["linear", "markov1"], draws=20))
    assert any("rarest channels" in words for words in answer.caveats)
    assert sum(by_channel(answer, "markov1").values()) == pytest.approx(100_000)
    long = pa.table({"path": [" > ".join(["A", "B", "C", "B"] * 12_500), "A > C"], "n": [1, 0], "lost": [0, 1]})
    found = attribute_table(long, TableOptions(conversions="n", nulls="lost", draws=20))
    for model in {row["model"] for row in found.rows}:
        assert sum(by_channel(found, model).values()) == pytest.approx(1)


def test_one_channel_alone_gets_everything():
    answer = attribute_table(pa.table({"path": ["A > A", "A"]}))
    assert {row["conversions"].value for row in answer.rows} == {2.0}
