"""What every analysis keeps to, found without a list."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import fields, replace
from pathlib import Path

import altair as alt
import pytest

from etappe.analyses import analysis, draw, print_docs
from etappe.analyses.population import OF_PERIOD
from etappe.cli.answer import print_result
from etappe.errors import Fault, Faults, NotFound
from etappe.reports.document import Chart
from etappe.reports.notebook import InNotebook
from etappe.reports.table import column_name, key_figures, result_document, shown_columns, table_of, words_of
from etappe.reports.texts import TEXTS
from etappe.reports.theme import PAGE
from etappe.words.kept_result import kept_text, told_again
from etappe.words.result import Figure
from etappe.words.said import Said, spoken

NAMES = analysis.names()
HEADINGS = ("Question", "Answer", "How", "Assumes", "Does not say", "Example", "Source")
DOCS = Path(__file__).parents[2] / "docs" / "methods"


@pytest.fixture(scope="module")
def answers(company):
    return {name: analysis.find(name).ask(company) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_question_answer_method_limits_and_source(name):
    doc = analysis.find(name).doc
    places = [doc.find(f"**{heading}.**") for heading in HEADINGS]
    assert min(places) > 0
    assert places == sorted(places)
    assert f"etappe show {name}" in doc


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_json_and_every_figure_has_its_n(name, answers):
    answer = answers[name]
    assert answer.rows, f"{name} says nothing about the sample company"
    text = json.loads(answer.to_json())
    assert {"analysis", "recipe", "population", "period", "as_of", "rows", "caveats"} <= set(text)
    assert text["analysis"] == name
    figures = [value for row in answer.rows for value in row.values() if isinstance(value, Figure)]
    for figure in figures:
        assert isinstance(figure.n, int)
        if figure.value is not None and figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value + 1e-9
            assert figure.value <= figure.high + 1e-9
    assert set().union(*answer.rows) <= set(answer.columns)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_was_kept_is_told_again_as_it_was(name, answers):
    first = answers[name]
    again = told_again(kept_text(first))
    for language in ("de", "en"):
        assert again.spoken(language, str.upper).to_dict() == first.spoken(language, str.upper).to_dict()
    assert again.rows == first.rows
    assert again.headline == first.headline
    for part in ("columns", "brief", "sql", "recipe", "period", "as_of"):
        assert getattr(again, part) == getattr(first, part)
    assert json.dumps([again.drawing, again.holds]) == json.dumps([first.drawing, first.holds])


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_without_a_value_has_the_unit_of_those_that_have_one(name, answers):
    for column in answers[name].columns:
        figures = [row[column] for row in answers[name].rows if isinstance(row.get(column), Figure)]
        known = {figure.unit for figure in figures if figure.value is not None}
        assert not known or {figure.unit for figure in figures} <= known, column


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_says_its_unit_in_json_too(name, answers):
    for row in answers[name].rows:
        figures = [value for value in row.values() if isinstance(value, Figure) and value.value is not None]
        assert all(value.to_dict().get("unit", "") == value.unit for value in figures)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_workspace_is_answered_without_a_figure_and_without_a_crash(name, nobody):
    answer = analysis.find(name).ask(nobody)
    figures = [value for row in answer.rows for value in row.values() if isinstance(value, Figure)]
    assert all(figure.value is None or figure.n == 0 for figure in figures)
    assert answer.caveats, "the reader must be told that there is nothing"


@pytest.mark.parametrize("name", NAMES)
def test_the_drawing_is_a_valid_chart_and_has_a_german_title(name, answers):
    spec = answers[name].drawing
    alt.Chart.from_dict(dict(spec), validate=True)
    german = draw.in_language(spec, "de")
    assert german["title"] != spec["title"]
    assert json.dumps(german)


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_said_is_said_in_german_too(name, answers, nobody):
    for answer in (answers[name], analysis.find(name).ask(nobody)):
        for text in (answer.title, answer.recipe.words, *answer.caveats):
            assert isinstance(text, Said), text
            assert spoken(text, "de")
        assert answer.recipe.words != spoken(answer.recipe.words, "de")
        assert [column for column in answer.columns if f"c_{column}" not in TEXTS] == []
        assert [key for key in answer.population if key != "filters" and f"c_{key}" not in TEXTS] == []
    assert [part.name for part in fields(analysis.find(name).params) if f"c_{part.name}" not in TEXTS and part.name not in OF_PERIOD] == []
    assert analysis.summaries("de")[name] == analysis.find(name).question_de


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_behind_the_figures_can_be_opened(name, answers):
    assert answers[name].behind(5)
    assert "SELECT" in answers[name].sql


def test_the_records_that_need_no_answer_are_those_behind_it(company):
    """Where an analysis names its records, they come without its answer, and narrowed as the answer narrows them."""
    named = [name for name in NAMES if analysis.find(name).records]
    assert "attribution" in named
    for name in named:
        found = analysis.find(name)
        answer = found.ask(company, since="2025-01", draws=0)
        row = {"channel": answer.rows[0]["channel"]}
        for only in ({}, row):
            assert found.rows_behind(company, 500, only, "", since="2025-01") == answer.behind(500, only)


@pytest.mark.parametrize("name", NAMES)
def test_every_common_filter_is_understood(name, company):
    answer = analysis.find(name).ask(
        company, segment="large", tier="A,B", kind="first_purchase", country="DE", since="2024-01",
        until="2026-06-01", industry="Food,Energy", owner="Owner 1,Owner 2", role="decider",
    )  # fmt: skip
    assert answer.population["filters"]["segment"] == ["large"]
    assert answer.period.to_dict() == {"from": "2024-01-01", "to": "2026-06-01"}


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_option_is_told_with_the_nearest_one_or_with_all_there_are(name, company):
    with pytest.raises(NotFound) as near:
        analysis.find(name).ask(company, segmnt="large")
    assert near.value.do_next == "Did you mean segment?"
    with pytest.raises(NotFound) as far:
        analysis.find(name).ask(company, xyz="2025")
    known = far.value.do_next.removeprefix("Known: ").split(", ")
    assert known == sorted(part.name for part in fields(analysis.find(name).params))


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_filter_value_is_told_with_the_nearest_known_one(name, company):
    with pytest.raises(NotFound) as told:
        analysis.find(name).ask(company, segment="larg")
    assert "large" in told.value.do_next


def test_all_faults_of_a_question_are_told_at_once(company):
    with pytest.raises(Faults) as told:
        analysis.find("stages").ask(company, segmnt="x", to="latr", since="yesterday")
    assert len(told.value.faults) == 3
    with pytest.raises(Fault, match="before it begins"):
        analysis.find("stages").ask(company, since="2026-01", until="2025-01")


def test_an_account_can_be_named_by_its_domain_and_a_wrong_one_has_neighbours(company):
    found = analysis.find("journeys").ask(company, account="firm7.example")
    assert {row["account"] for row in found.rows} == {"Firm 7"}
    with pytest.raises(NotFound):
        analysis.find("journeys").ask(company, account="Nobody Ltd")


def test_an_unknown_analysis_has_neighbours():
    with pytest.raises(NotFound) as told:
        analysis.find("stage")
    assert "stages" in told.value.do_next


def test_names_and_summaries_need_no_import_of_the_analyses():
    assert set(analysis.summaries()) == set(NAMES)
    assert all(words.endswith(".") for words in analysis.summaries().values())


def test_the_docs_pages_are_those_of_the_docstrings():
    printed = print_docs.pages()
    assert {path.name for path in DOCS.glob("*.md")} == set(printed)
    for name, text in printed.items():
        assert (DOCS / name).read_text("utf-8") == text, (
            f"run `python -m etappe.analyses.print_docs docs/methods` ({name})"
        )


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_fits_its_page_and_no_word_of_it_is_cut_or_too_small(name, language, answers):
    charts = [block for block in result_document(answers[name], language).blocks if isinstance(block, Chart)]
    assert charts
    for chart in charts:
        texts = ET.fromstring(chart.light).iter("{http://www.w3.org/2000/svg}text")
        words = [text.text or "" for text in texts]
        assert [word for word in words if word.endswith("…")] == []
        natural = float(re.search(r'width="([\d.]+)"', chart.light).group(1))
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', chart.light)]
        assert min(sizes) * chart.width / natural >= 7
        assert chart.height <= PAGE["height"] - PAGE["top"] - PAGE["bottom"]


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_that_answer_the_question_at_a_glance_are_said_in_both_languages(name, answers, nobody):
    for text, value in answers[name].headline:
        assert spoken(text, "de") != text
        assert isinstance(value, (int, Figure))
    assert all(not isinstance(value, Figure) or value.value is None for _, value in analysis.find(name).ask(nobody).headline)


@pytest.mark.parametrize("name", NAMES)
def test_where_there_is_something_to_say_the_answer_is_said_at_a_glance(name, answers):
    if name not in ("changes", "needs"):  # nobody knows what was reported then; a company of process logs asks for no needs
        assert answers[name].headline


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_in_a_terminal_of_80_columns_words_stay_whole_and_no_column_goes_missing(name, language, answers, capsys, monkeypatch):
    for module in ("output", "answer"):
        monkeypatch.setattr(f"etappe.cli.{module}.width", lambda: 80)
    answer = answers[name]
    print_result(answer, language)
    told = capsys.readouterr().out
    assert max(len(line) for line in told.splitlines()) <= 80
    words, said = words_of(answer, language), set(told.replace(",", " ").replace(".", " ").split())
    assert all(figure.value in told for figure in key_figures(answer, words))
    for column, cells in table_of(answer, shown_columns(answer), words).items():
        headed = set(column_name(column, words).replace(",", " ").replace(".", " ").split()) <= said
        above = all(cell.text in told.replace("\n", " ") for cell in cells)  # it stands above the rows that share it
        assert headed or above, column
    assert not {"account_id", "journey_id", "person_id"} & set(shown_columns(answer)) or "account" not in answer.columns


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_in_a_notebook_an_answer_stands_for_itself_in_the_words_of_the_drawings(name, language, answers):
    answer = answers[name]
    made = InNotebook(language).html(answer)
    tree = ET.fromstring(re.sub(r"(<img[^>]*)>", r"\1/>", made))
    said = " ".join(tree.itertext())
    words = words_of(answer, language)
    for column in shown_columns(answer, 100):
        assert column_name(column, words) in said
    for figure in key_figures(answer, words):
        assert figure.value in said
        assert figure.word in said
    assert "<script" not in made
    assert not re.search(r"(src|href)=.?https?:", made)
    assert len(tree.findall(".//tbody/tr")) == min(len(answer.rows), 100)
    assert {image.get("class") for image in tree.findall(".//img")} == {"light", "dark"}


def test_what_the_data_say_is_never_markup_in_a_notebook(answers):
    answer = answers["journeys"]
    row = {**answer.rows[0], "account": "<img src=x onerror=alert(1)>"}
    made = InNotebook("de").html(replace(answer, rows=[row], caveats=("<b>&</b>",), drawing=None))
    assert "<img" not in made
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in made


def test_the_drawing_of_stages_adds_up_to_all_journeys_in_every_stage(answers):
    """A stage of the same name in two stage models is a bar of its own in each."""
    shares: dict[tuple[int, str, int], float] = {}
    for place, panel in enumerate(answers["stages"].drawing["vconcat"]):
        for value in panel["hconcat"][0]["data"]["values"]:
            key = (place, value["stage"], value["no"])
            shares[key] = shares.get(key, 0.0) + (value["share"] or 0.0)
    known = [total for total in shares.values() if total]
    assert known
    assert all(total <= 1.001 for total in known)
    assert len({(place, stage) for place, stage, _ in shares}) == len(shares)


def test_stages_of_one_name_in_two_models_are_told_apart_in_durations(answers):
    told = [(row["what"], row["group"]) for row in answers["durations"].rows]
    assert len(told) == len(set(told))


def test_what_gets_the_credit_names_its_column(company):
    by = analysis.find("attribution").ask(company, by="touchpoint", model="linear", draws=0)
    assert column_name("channel", words_of(by, "de")) == "Touchpoint"
    assert column_name("channel", words_of(analysis.find("attribution").ask(company, model="linear", draws=0), "de")) == "Kanal"


@pytest.mark.parametrize("name", NAMES)
def test_the_population_named_with_a_period_is_that_of_the_period(name, answers, company):
    ask = analysis.find(name).ask
    whole = answers[name].population.get("journeys")
    if whole is None:
        assert name == "attribution", "its population is deals"
        return
    begun = sorted(row["started_at"] for row in company.engine.rows(company.journeys.select("started_at")))
    middle = begun[len(begun) // 2].date()
    first, second = (ask(company, **part).population["journeys"] for part in ({"until": str(middle)}, {"since": str(middle)}))
    later = ask(company, since="2090-01-01", until="2090-02-01")
    assert later.population["journeys"] == 0
    if name not in ("changes", "drift"):  # their period stands for itself
        assert first < whole
        assert second < whole
        assert first + second >= whole
    in_rows = [row["journeys"] for row in ask(company, until=str(middle)).rows if isinstance(row.get("journeys"), int)]
    assert max(in_rows, default=0) <= first
