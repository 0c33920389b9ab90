"""What stands behind a map, as tables: every claim, blind spots, durations, feelings, and what did not fit on a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from etappe.reports.document import Cell, Column, Sheet
from etappe.reports.drawing.clean import tidy
from etappe.reports.drawing.measure import PRINT
from etappe.reports.formats import MISSING, number
from etappe.reports.map.cards import is_cut
from etappe.reports.map.figures import n_of, range_of, score, value_of
from etappe.reports.map.reading import VERDICT_COLOURS, VERDICT_SHAPES, CardView, ClaimView, Shown, verdict_word
from etappe.reports.map.rows import measured_days, planned_days
from etappe.reports.map.tiles import GUTTER, LEAST
from etappe.reports.table import population_words
from etappe.reports.texts import Words


def sheets(shown: Shown, words: Words) -> list[Sheet]:
    """The appendix; a table without rows is left out."""
    made = [claims_sheet(shown, words), spots_sheet(shown, words), _time(shown, words), _curve(shown, words), _homeless(shown, words), _long(shown, words)]
    return [sheet for sheet in made if sheet is not None]


def claims_sheet(shown: Shown, words: Words, title: str = "") -> Sheet | None:
    """Every claim with its verdict, figure, population and recipe, stage by stage."""
    if not shown.claims:
        return None
    columns = (
        Column(words("verdict"), 0.95), Column(words("card"), 1.7), Column(words("claim"), 2.5), Column(words("figure_n"), 1.5),
        Column(words("population"), 1.5), Column(words("recipe_word"), 1.0),
    )  # fmt: skip
    cards = {card.id: card for lane in shown.lanes for card in lane.cards if not card.ghost} | {card.id: card for card in shown.homeless}
    rows: list[tuple[Cell, ...] | str] = []
    stages = [(stage.id, stage.title) for stage in shown.stages]
    known = {id for id, _ in stages}
    for id, heading in [*stages, ("", words("population_all"))]:
        claims = [claim for claim in shown.claims if (claim.stage or "") == id or (not id and claim.stage not in known)]
        rows += [heading] if claims else []
        rows += [_claim(claim, cards.get(claim.card), shown, words) for claim in claims]
    return Sheet(title or words("claims_sheet"), columns, tuple(rows), words("claims_note"), appendix=True)


def _claim(claim: ClaimView, card: CardView | None, shown: Shown, words: Words) -> tuple[Cell, ...]:
    colour = VERDICT_COLOURS.get(claim.verdict, "muted")
    stage = next((stage for stage in shown.stages if stage.id == claim.card), None)
    name = card.text if card else stage.milestone if stage else claim.card
    value, sub = figure_cell(claim, words)
    return (
        Cell(verdict_word(claim.verdict, words.language), colour=colour, mark=VERDICT_SHAPES.get(claim.verdict, "")), Cell(name, strong=True), Cell(claim.sentence),
        Cell(value, sub), Cell(_population(claim, shown, words)), Cell(recipe_name(claim.raw.get("recipe"), words)),
    )  # fmt: skip


def figure_cell(claim: ClaimView, words: Words) -> tuple[str, str]:
    """Value, and apart its range and n."""
    figure = claim.figure
    if figure is None or figure.get("value") is None:
        return claim.told, ""
    if claim.unit == "count":
        return claim.told, ""
    spread = range_of(figure, claim.unit, words)
    return value_of(figure, claim.unit, words), f"{f'({spread}) ' if spread else ''}· {n_of(figure, words)}"


def recipe_name(recipe: Any, words: Words) -> str:
    """A recipe's name and version, where there is little room."""
    name, version = (recipe.get("name", ""), recipe.get("version")) if isinstance(recipe, Mapping) else (recipe, None)
    if not name:
        return MISSING
    called = words(f"recipe_{name}") if words.known(f"recipe_{name}") else str(name)
    return tidy(f"{called} v{version}" if version else called)


def recipe_words(recipe: Any, words: Words) -> str:
    """A recipe's name and version, and its words in the reader's language where they are known."""
    name = recipe_name(recipe, words)
    if not isinstance(recipe, Mapping) or not recipe.get("words"):
        return name
    said = (recipe.get("said") or {}).get(words.language) or recipe["words"]
    return tidy(f"{name}: {said}")


def recipes(shown: Shown, words: Words) -> tuple[str, ...]:
    """The recipes of all claims, each once."""
    return tuple(dict.fromkeys(recipe_words(claim.raw["recipe"], words) for claim in shown.claims if claim.raw.get("recipe")))


def _population(claim: ClaimView, shown: Shown, words: Words) -> str:
    """Whom the figure counts; personas by their titles."""
    found = claim.raw.get("population")
    given = dict(found) if isinstance(found, Mapping) else {}
    given |= given.pop("filters", None) or {}
    titles = {one.id: one.title for one in shown.who}
    named = given.pop("persona", None) or given.pop("personas", None)
    ids = [named] if isinstance(named, str) else list(named or ())
    kinds = given.pop("kind", None)
    parts = [words.term("kind", kind) for kind in ([kinds] if isinstance(kinds, str) else kinds or ())]
    parts += [titles.get(str(id), tidy(id)) for id in ids]
    rest = population_words(given, words) if given else ""
    return ", ".join([*parts, *([rest] if rest and (rest != words("population_all") or not parts) else [])]) or words("population_all")


def spots_sheet(shown: Shown, words: Words) -> Sheet | None:
    """All blind spots, the most frequent of a stage first."""
    if not shown.spots:
        return None
    columns = (Column(words("t_touchpoint"), 2.4), Column(words("share_of"), 2.0), Column(words("c_journeys"), 0.8, "right"))
    rows: list[tuple[Cell, ...] | str] = []
    for heading in dict.fromkeys(spot.stage_title for spot in shown.spots):
        rows += [heading] if heading else []
        rows += [
            (Cell(spot.title, strong=True), Cell(spot.told), Cell(number(spot.journeys, words.language, 0) if spot.journeys else MISSING))
            for spot in shown.spots
            if spot.stage_title == heading
        ]
    return Sheet(words("spots_sheet"), columns, tuple(rows), words("spots_note"))


def _time(shown: Shown, words: Words) -> Sheet | None:
    known = [stage for stage in shown.stages if stage.planned is not None or stage.measured is not None]
    if not known or not any(stage.measured for stage in known):
        return None
    columns = (Column(words("t_stage"), 2.0), Column(words("planned"), 1.0, "right"), Column(words("measured"), 2.0), Column(words("recipe_word"), 2.0))
    rows: list[tuple[Cell, ...] | str] = [
        (Cell(stage.title, strong=True), Cell(planned_days(stage.planned, words) or MISSING), Cell(measured_days(stage.measured, words) or MISSING), Cell(recipe_name(stage.measured.recipe, words) if stage.measured else ""))
        for stage in shown.stages
    ]
    rows.append((Cell(words("all_stages"), strong=True), Cell(planned_days(shown.planned, words) or MISSING), Cell(measured_days(shown.measured, words) or MISSING), Cell(recipe_name(shown.measured.recipe, words) if shown.measured else "")))
    return Sheet(words("time_sheet"), columns, tuple(rows))


def _curve(shown: Shown, words: Words) -> Sheet | None:
    if not shown.lines:
        return None
    heads = {"hand": "by_hand", "target": "target", "measured": "measured"}
    lines = [line for how in heads for line in shown.lines if line.how == how]
    columns = [Column(words("t_stage"), 1.6)]
    columns += [Column(f"{line.who.title}, {words(heads[line.how])}" if line.who else words(heads[line.how]), 1.4) for line in lines]
    places = sorted({(spot.first, spot.last, spot.stage) for line in lines for spot in line.spots})
    rows = []
    for first, last, stage in places:
        title = shown.columns[first].title if first == last and shown.columns[first].title else ""
        cells = [Cell(f"{stage} · {title}" if title else stage, strong=True)]
        for line in lines:
            spot = next((spot for spot in line.spots if (spot.first, spot.last) == (first, last)), None)
            if spot is None:
                cells.append(Cell(MISSING, colour="muted"))
                continue
            figure = {"low": spot.low, "high": spot.high, "n": spot.n}
            spread = range_of(figure, "score", words)
            sub = " · ".join(part for part in (f"({spread})" if spread else "", n_of(figure, words) if spot.n else "") if part)
            cells.append(Cell(score(spot.value, words), sub))
        rows.append(tuple(cells))
    return Sheet(words("curve_sheet"), tuple(columns), tuple(rows))


def _homeless(shown: Shown, words: Words) -> Sheet | None:
    if not shown.homeless:
        return None
    rows = tuple((Cell(card.text, card.detail, strong=True), Cell(card.id, colour="muted")) for card in shown.homeless)
    return Sheet(words("homeless"), (Column(words("card"), 4.0), Column("id", 1.0)), rows, words("homeless_note"))


def _long(shown: Shown, words: Words) -> Sheet | None:
    """Cards whose words were cut on the map."""
    rows = tuple(
        (Cell(lane.title, colour="muted"), Cell(card.text, strong=True), Cell(" ".join(part for part in (card.detail, words("quoted", quote=card.quote) if card.quote else "") if part)))
        for lane in shown.lanes
        for card in lane.cards
        if cut(card)
    )
    return Sheet(words("long_cards"), (Column(words("lane"), 1.0), Column(words("card"), 3.0), Column("", 3.0)), rows, words("long_note")) if rows else None


def cut(card: CardView) -> bool:
    """Whether a card's words may not have had room on the map: in the narrowest column there is."""
    if card.ghost:
        return False
    return is_cut(card, LEAST - 2 * GUTTER, PRINT)
