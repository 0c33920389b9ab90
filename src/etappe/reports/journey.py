"""The journey report: a map and all that the data say around it, as a consultant would hand it to a client.

Title page, one page with the five findings that matter, then chapters, each with its drawing, two sentences of reading help
and its caveats; at the end the method with every recipe, the data and whether nothing went missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from etappe.errors import Fault
from etappe.reports.document import (
    Block,
    Cell,
    Chapter,
    Chart,
    Column,
    Cover,
    Document,
    Highlight,
    Highlights,
    Notes,
    Picture,
    Sheet,
)
from etappe.reports.drawing.clean import tidy
from etappe.reports.formats import date, number
from etappe.reports.map.appendix import claims_sheet, recipes, spots_sheet
from etappe.reports.map.document import footer
from etappe.reports.map.findings import findings
from etappe.reports.map.matrix import matrix_pages
from etappe.reports.map.reading import VERDICT_SHAPES
from etappe.reports.map.report import Asked
from etappe.reports.map.sheet import map_pages
from etappe.reports.stages import is_stages, stages_document
from etappe.reports.table import column_name, heading_of, result_document
from etappe.reports.texts import Words
from etappe.words.result import Figure, Result

CHAPTERS: Final = ("stages", "blockers", "attribution", "buying-center", "content")
"""The analyses that have a chapter, in their order."""
MODELS: Final = ("first", "last_non_direct", "linear", "position", "time_decay", "markov1", "shapley")
"""The models of attribution that stand side by side."""
ROWS: Final = 16
"""So many rows of an answer stand in the report; `etappe show` has all of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """One analysis as the report takes it: its answer, or why there is none."""

    name: str
    result: Result | None = None
    fault: Fault | None = None


def journey_document(asked: Asked, told: Sequence[Told], client: str = "", who: str = "") -> Document:
    """The report.

    Parameters
    ----------
    told : sequence
        The answers of the analyses of `CHAPTERS`, narrowed to the map's journeys.
    client : str
        Whose journey it is: stands above the title.
    who : str
        The title of the persona that the figures are narrowed to; empty: everybody.
    """
    shown, words = asked.shown(), Words(asked.language, asked.names)
    told = [replace(one, result=one.result.spoken(asked.language, words.any_term)) if one.result is not None else one for one in told]
    blocks: list[Block] = [Highlights(words("findings"), words("findings_note"), _highlights(asked, words))] if findings(shown, words) else []
    number_of = iter(range(1, 20))

    def chapter(key: str) -> Chapter:
        return Chapter(f"{next(number_of)}  {words(f'ch_{key}')}", tuple(words(f"ch_{key}_{line}") for line in ("a", "b")))

    blocks += [chapter("map"), Picture(words("map"), lambda w, h, m, head: map_pages(shown, w, h, m, words, head))]
    matrix = shown.matrix
    criteria = [Picture(words("matrix"), lambda w, h, m, _: matrix_pages(matrix, w, h, m, words), flows=True)] if matrix is not None else []
    # What they decide by stands where it says who they are.
    with_center = any(one.name == "buying-center" for one in told)
    blocks += [] if with_center else criteria
    for one in told:
        blocks += [chapter(one.name.replace("-", "_")), *_answer(one, asked, words), *(criteria if one.name == "buying-center" else [])]
    spots = spots_sheet(shown, words)
    if spots is not None:
        blocks += [chapter("spots"), spots]
    claims = claims_sheet(shown, words)
    if claims is not None:
        blocks += [chapter("claims"), replace(claims, appendix=False)]
    blocks += [chapter("method"), *_method(asked, told, words)]
    facts = [
        (words("persona_word"), who or " + ".join(one.title for one in shown.who) or words("everybody")), (words("c_kind"), ", ".join(shown.kinds)),
        (words("period"), _period(told, words)), (words("as_of_word"), date(shown.as_of, shown.language) if shown.as_of else "–"),
        *([(words("revision_word"), str(shown.revision))] if shown.revision else []), *([(words("owner_word"), shown.owner)] if shown.owner else []),
    ]  # fmt: skip
    return Document(
        asked.language, shown.title, shown.scenario or shown.subtitle, (), tuple(blocks), footer(shown, words, asked.conservation if shown.checked else None),
        cover=Cover(" · ".join(part for part in (words("journey_report"), client) if part), tuple(facts)),
    )  # fmt: skip


def _highlights(asked: Asked, words: Words) -> tuple[Highlight, ...]:
    return tuple(Highlight(one.title, one.body, VERDICT_SHAPES.get(one.verdict, ""), one.colour) for one in findings(asked.shown(), words))


def _period(told: Sequence[Told], words: Words) -> str:
    found = next((one.result.period for one in told if one.result is not None), None)
    if found is None or (found.start is None and found.end is None):
        return words("period_all")
    return f"{date(found.start, words.language)} – {date(found.end, words.language)}"


def _answer(one: Told, asked: Asked, words: Words) -> list[Block]:
    """Drawing, the rows that matter, caveats; or why there is no answer."""
    if one.result is None:
        why = one.fault.what if one.fault is not None else words("no data")
        return [Notes(words("no_answer"), (tidy(why),))]
    if one.name == "attribution" and (compared := _models(one.result, words)):
        return [compared, *(Notes(words("caveats"), (tidy(text),)) for text in [" ".join(one.result.caveats)] if text)]
    result = shortened(one.result)
    if is_stages(result):
        return [block for block in stages_document(result, words.language, "", asked.names).blocks if not isinstance(block, Sheet) and (not isinstance(block, Notes) or block.title != words("method"))]
    made = [block for block in result_document(result, words.language, "", asked.names).blocks if not isinstance(block, Notes) or block.title != words("method")]
    more = len(one.result.rows) - len(result.rows)
    note = (Notes("", (words("more_rows", n=more, name=one.name),)),) if more > 0 else ()
    charts = [block for block in made if isinstance(block, Chart)]
    sheets = [block for block in made if isinstance(block, Sheet)][:1]  # further columns are for the screen
    return [*charts, *(replace(sheet, title="") for sheet in sheets), *(block for block in made if isinstance(block, Notes)), *note]


def _models(result: Result, words: Words) -> Sheet | None:
    """Attribution side by side: a row a channel, a column a model, deals with their interval; None without models."""
    if not result.rows or "model" not in result.columns or "deals" not in result.columns:
        return None
    subject = result.columns[0]
    found = {(row.get(subject), row.get("model")): row.get("deals") for row in result.rows}
    models = [model for model in MODELS if any(name == model for _, name in found)]

    def weight(name: Any) -> float:
        figures = [value for model in models if isinstance(value := found.get((name, model)), Figure) and value.value is not None]
        return sum(figure.value or 0.0 for figure in figures) / max(len(figures), 1)

    names = sorted({name for name, _ in found}, key=lambda name: (-weight(name), str(name)))[:ROWS]
    rows = []
    for name in names:
        cells = [Cell(words.any_term(tidy(name)), strong=True)]
        for model in models:
            value = found.get((name, model))
            known = value if isinstance(value, Figure) else Figure(None)
            ends = [number(end, words.language, 1) for end in (known.low, known.high) if end is not None]
            cells.append(Cell(number(known.value, words.language, 1), "–".join(ends)))
        rows.append(tuple(cells))
    heads = [words(f"m_{model}") if words.known(f"m_{model}") else model.replace("_", " ") for model in models]
    columns = (Column(column_name(subject, words), 1.3), *(Column(head, 1.1, "right") for head in heads))
    return Sheet(words("models_sheet"), columns, tuple(rows), words("models_note")) if models else None


def shortened(result: Result) -> Result:
    """An answer with the columns that are shown where room is little, and its first rows."""
    columns = tuple(result.brief or result.columns)
    filled = tuple(name for name in columns if any(row.get(name) not in (None, "", []) for row in result.rows)) or columns
    return replace(result, rows=list(result.rows[:ROWS]), columns=filled)


def _method(asked: Asked, told: Sequence[Told], words: Words) -> list[Block]:
    """Every recipe once, the data the figures are from, and whether nothing went missing."""
    shown = asked.shown()
    made_so = [f"{heading_of(one.result, words)}: {tidy(one.result.recipe.words)} ({one.result.recipe.name} v{one.result.recipe.version})" for one in told if one.result is not None]
    made_so += recipes(shown, words)
    populations = []
    for one in told:
        if one.result is not None:
            counts = [f"{number(value, words.language, 0)} {words(f'c_{key}') if words.known(f'c_{key}') else key}" for key, value in one.result.population.items() if isinstance(value, int) and not isinstance(value, bool)]
            populations.append(f"{heading_of(one.result, words)}: {', '.join(counts) or words('population_all')}")
    basis = [words("basis_as_of", date=date(shown.as_of, words.language))] if shown.as_of else []
    basis += [footer_line(asked.conservation, words)] if asked.conservation else []
    basis += populations
    made: list[Block] = [Notes(words("method"), (words("interval_note"), words("claims_note"), *made_so))]
    return [*made, Notes(words("data_basis"), tuple(basis))] if basis else made


def footer_line(conservation: Mapping[str, Any], words: Words) -> str:
    """Whether nothing went missing, in one sentence."""
    from etappe.reports.footer import footer_of

    return footer_of(words, None, words("conservation_word"), conservation)
