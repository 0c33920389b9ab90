"""A persona on one page: who belongs, their words, job and forces, buying insights, role, needs, and where it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from etappe.maps.persona import Persona
from etappe.reports.document import Document, KeyFigure, Picture
from etappe.reports.drawing.clean import tidy
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Scene, Text, glyph, line
from etappe.reports.footer import footer_of
from etappe.reports.formats import date, number
from etappe.reports.formats import figure as shown_figure
from etappe.reports.in_markdown import sign
from etappe.reports.map.figures import n_of, range_of, score, told, value_of
from etappe.reports.map.reading import VERDICT_COLOURS, VERDICT_SHAPES, verdict_word
from etappe.reports.report import FORMATS, checked_ending, checked_language, save
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST, Language
from etappe.reports.vocabulary import Names
from etappe.words.result import Figure

_GAP: Final = 22.0
_LEAD: Final = 10.4
_MARK: Final = 11.0
_CHANGED: Final = 6
_MOVED: Final = {"share": "p_size", "revenue": "p_revenue", "win_rate": "p_wins"}
ENDINGS: Final = (".pdf", ".png", ".svg", ".html", ".pptx")
FORCES: Final = ("push", "pull", "anxiety", "habit")
RINGS: Final = ("trigger", "success", "barrier", "way", "criterion")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a panel: its text, what is known of it, and a mark (a verdict, or how it is known)."""

    text: str
    sub: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page; an empty one says in `note` what is missing."""

    title: str
    items: tuple[Item, ...] = ()
    note: str = ""


def signed(item: Item) -> str:
    """A line with the sign of its mark, for where nothing can be drawn."""
    return f"{sign(item.mark)}{item.text}"


def persona_panels(persona: Persona, page: Mapping[str, Any] | None, words: Words) -> list[Panel]:
    """The parts of the page. `page` is what `persona show --json` calls so; None where nothing is built."""
    said = _Said(persona, page or {}, words)
    panels = [said.size(), said.quotes(), said.traits("p_job", ("job", "goal")), said.forces(), said.insights(), said.roles(), said.needs(), said.satisfaction()]
    panels += [said.traits("p_pains", ("pain", "requirement")), said.traits("p_contact", ("contact", "source", "brand", "fact")), said.journeys(), said.wrong(), said.changes()]
    return [panel for panel in panels if panel.items or panel.note]


_UNITS: Final = {"nps": "points", "csat": "share"}


def plain_figure(given: Mapping[str, Any], words: Words, unit: str = "score") -> str:
    """A figure of a survey in one line: `43 (27–56) · n 83`."""
    shown, spread = shown_figure(Figure(given.get("value"), given.get("low"), given.get("high"), int(given.get("n") or 0), given.get("why"), unit), words.language)
    between, dot, n = spread.partition(" · ")
    return f"{shown} ({between}) · {n}" if dot else f"{shown} · {spread}"


class _Said:
    def __init__(self, persona: Persona, page: Mapping[str, Any], words: Words) -> None:
        self.persona, self.page, self.words = persona, page, words
        self.tongue = None if words.language == persona.language else words.language
        self.verdicts = {str(item.get("card") or ""): item for item in page.get("claims") or ()}

    def _trait(self, trait: Any, lead: str = "") -> Item:
        """A trait with where it comes from, or with its verdict."""
        checked = self.verdicts.get(trait.id)
        sub = self.words(f"p_{trait.provenance}")
        if checked is not None:
            sub = told(checked.get("figure"), str((checked.get("figure") or {}).get("unit") or ""), self.words)
        elif trait.evidence:
            sub += f", {self.words('sources_n', n=len(trait.evidence))}"
        text = tidy(trait.say("text", self.tongue))
        return Item(f"{lead}: {text}" if lead else text, sub, VERDICT_SHAPES.get(str(checked.get("verdict")), "") if checked else "")

    def _of(self, *kinds: str) -> list[Any]:
        return [trait for trait in self.persona.sorted("traits") if trait.kind in kinds]

    def traits(self, title: str, kinds: tuple[str, ...]) -> Panel:
        return Panel(self.words(title), tuple(self._trait(trait) for trait in self._of(*kinds)))

    def size(self) -> Panel:
        words, size = self.words, self.page.get("size")
        if not size:
            return Panel(words("p_size"), (), words("p_no_rule") if not self.persona.rule else words("p_not_built"))
        items = [Item(words("p_persons", n=int(size["persons"])), f"{words('p_accounts', n=int(size['accounts']))} · {told(size.get('share'), 'share', words)} {words('p_of_known')}")]
        if self.page.get("revenue"):
            items.append(Item(words("p_revenue"), told(self.page["revenue"], "share", words)))
        if self.page.get("win_rate"):
            every = self.page.get("win_rate_of_all")
            items.append(Item(words("p_wins"), told(self.page["win_rate"], "share", words) + (f"; {words('p_all')} {value_of(every, 'share', words)}" if every else "")))
        rule = ", ".join(f"{key}: {value}" for key, value in self.persona.rule.items())
        return Panel(words("p_size"), tuple(items), f"{words('p_rule')} {tidy(rule)}")

    def quotes(self) -> Panel:
        found = [Item(self.words("quoted", quote=tidy(item["quote"])), tidy(item.get("speaker") or item.get("ref") or "")) for item in self.page.get("quotes") or ()][:3]
        return Panel(self.words("p_quotes"), tuple(found), "" if found else self.words("p_no_quotes"))

    def _mixed(self, title: str, key: str, kinds: tuple[str, ...]) -> Panel:
        """What interviews say (k of n), and what the persona's own traits say."""
        items = []
        for kind in kinds:
            lead = self.words(f"t_{kind}")
            for found in (self.page.get(key) or {}).get(kind) or ():
                what = tidy(found["what"])
                items.append(Item(lead if what == kind else f"{lead}: {what}", self.words("k_of_n_interviews", k=int(found["k"]), of=int(found["n"]))))
            items += [self._trait(trait, lead) for trait in self._of(kind)]
        return Panel(self.words(title), tuple(items))

    def forces(self) -> Panel:
        return self._mixed("p_forces", "forces", FORCES)

    def insights(self) -> Panel:
        return self._mixed("p_insights", "insights", RINGS)

    def roles(self) -> Panel:
        items = [Item(self.words.term("role", item["role"]), told(item.get("figure"), "share", self.words)) for item in self.page.get("roles") or ()]
        stated = ", ".join(self.words.term("role", role) for role in self.persona.roles)
        return Panel(self.words("p_roles"), tuple(items), self.words("p_stated", roles=stated) if stated else "")

    def needs(self) -> Panel:
        """The most underserved needs and the most overserved ones, with what they are made of."""
        words, found = self.words, [item for item in self.page.get("needs") or () if item["figure"].get("value") is not None]
        over = [item for item in found if item.get("band") == "overserved"]
        items = []
        for item in [*[item for item in found if item not in over][:5], *over[-3:]]:
            parts = [f"{words('p_opportunity')} {plain_figure(item['figure'], words)}"]
            parts += [f"{words(f'p_{name}')} {number(item[name]['value'], words.language, 1)}" for name in ("importance", "satisfaction") if (item.get(name) or {}).get("value") is not None]
            parts.append(words.any_term(item["band"]) if item.get("band") else "")
            items.append(Item(tidy(item.get("text") or item.get("outcome") or ""), " · ".join(part for part in parts if part)))
        others = any(item.get("of") == "everybody" for item in found)
        return Panel(words("p_needs"), tuple(items), words("p_of_everybody") if others else "")

    def satisfaction(self) -> Panel:
        """NPS, CSAT, CES and ratings of the people who belong, the questions with enough answers."""
        found = [item for item in self.page.get("satisfaction") or () if item["score"].get("value") is not None][:4]
        items = [Item(f"{self.words.any_term(item['instrument'])} {plain_figure(item['score'], self.words, _UNITS.get(item['instrument'], 'score'))}", tidy(item["question"] or "")) for item in found]
        return Panel(self.words("p_satisfaction"), tuple(items))

    def journeys(self) -> Panel:
        items = []
        for item in self.page.get("journeys") or ():
            lowest = item.get("lowest")
            sub = self.words("p_lowest", stage=self.words.any_term(str(lowest["stage"])), value=score(float(lowest["value"]), self.words)) if lowest else ""
            against = int(item.get("contradicted") or 0)
            sub += (" · " if sub and against else "") + (self.words("p_against", n=against) if against else "")
            items.append(Item(tidy(item.get("title") or item.get("map")), sub))
        return Panel(self.words("p_maps"), tuple(items))

    def wrong(self) -> Panel:
        items = []
        for item in (self.page.get("wrong") or ())[:6]:
            said = item.get("sentence")
            text = said.get(self.words.language) if isinstance(said, Mapping) else said
            figure = item.get("figure") or {}
            items.append(Item(tidy(text or item.get("claim")), told(figure or None, str(figure.get("unit") or ""), self.words), VERDICT_SHAPES["contradicted"]))
        notes = []
        if self.page.get("oldest_evidence"):
            notes.append(self.words("p_oldest", date=date(self.page["oldest_evidence"], self.words.language)))
        missing = [self.words(f"p_{name}") for name in self.page.get("missing_sources") or () if self.words.known(f"p_{name}")]
        notes += [self.words("p_missing", sources=", ".join(missing))] if missing else []
        return Panel(self.words("p_wrong"), tuple(items), " ".join(notes))

    def changes(self) -> Panel:
        """What is other than a quarter ago: figures, verdicts, and its own words."""
        found, words = self.page.get("changes"), self.words
        if not found:
            return Panel("")
        items = [self._moved(item, found) for item in found.get("figures") or ()]
        for flip in found.get("flips") or ():
            turned = f"{verdict_word(flip['before'], words.language)} → {verdict_word(flip['after'], words.language)}, {date(flip['on'], words.language)}"
            items.append(Item(tidy((flip.get("sentence") or {}).get(words.language) or flip["claim"]), turned, VERDICT_SHAPES.get(flip["after"], "")))
        rows = [row for row in found.get("document") or () if row["collection"] in ("", "traits", "scales") and not str(row["field"]).startswith("order")]
        items += [self._other(row) for row in rows[:_CHANGED]]
        notes = [words("p_made_on", date=date(found["made_on"], words.language))] if found.get("made_on") else []
        notes += [words("p_more_changes", n=len(rows) - _CHANGED)] if len(rows) > _CHANGED else []
        notes += [words("r_nothing")] if not items and not notes else []
        notes += [words("p_then", date=date(found["then"], words.language))] if found.get("then") else [words("p_no_then")] if self.page.get("size") else []
        return Panel(words("p_changes", date=date(found["since"], words.language)), tuple(items), " ".join(notes))

    def _moved(self, item: Mapping[str, Any], found: Mapping[str, Any]) -> Item:
        """A figure then and now, and whether the change is certain."""
        words = self.words
        before, after = ((item[when] or {}) for when in ("before", "after"))
        text = f"{words(_MOVED[item['name']])}: {told(before, 'share', words)} → {told(after, 'share', words)}"
        if item["name"] == "share" and found.get("persons"):
            text = f"{words('p_people_word')}: {' → '.join(number(many, words.language, 0) for many in found['persons'])}"
        known = None not in (before.get("value"), after.get("value"))
        return Item(text, words("p_certain" if item["certain"] else "p_not_certain") if known and item["name"] != "share" else "")

    def _other(self, row: Mapping[str, Any]) -> Item:
        """One difference of the document, in words."""
        words, name = self.words, str(row["field"]).rpartition(".")[2]
        thing = self.persona.collection(row["collection"]).get(row["id"]) if row["collection"] else None
        about = tidy(str(getattr(thing, "text", "") or getattr(thing, "title", "") or row["before"] or row["after"] or row["id"])) if row["collection"] else words(f"p_f_{name}") if words.known(f"p_f_{name}") else name
        shown = [_plainly(row[when]) for when in ("before", "after")]
        if row["what"] in ("added", "removed"):
            return Item(f"{words('p_' + row['what'])}: {about}")
        return Item(f"{words('p_changed')}: {about}", f"{shown[0]} → {shown[1]}" if any(shown) else "")


def _plainly(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plainly(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_plainly, value))
    return tidy("–" if value in (None, "") else str(value))[:160]


def persona_document(persona: Persona, page: Mapping[str, Any] | None, language: Language, names: Names | None = None, conservation: Mapping[str, Any] | None = None) -> Document:
    """The one-pager as a document."""
    words = Words(language, names)
    panels = persona_panels(persona, page, words)
    tongue = None if language == persona.language else language
    title = tidy(persona.say("title", tongue)) or persona.id
    status = words(f"g_{persona.grounded()}")
    footer = footer_of(words, _at(page), " · ".join(part for part in (words("owned_by", name=persona.owner) if persona.owner else "", words("review_due", date=date(persona.review_by, language)) if persona.review_by else "") if part) or persona.id, conservation if page else None)
    subtitle = f"{tidy(persona.say('sentence', tongue))} · {status}" if persona.sentence else status
    return Document(language, title, subtitle, tuple(_figures(page, words)), (Picture(words("persona_word"), lambda w, h, m, head: persona_pages(panels, w, h, m, head)),), footer)


def _at(page: Mapping[str, Any] | None) -> Any:
    from etappe.reports.formats import moment

    return moment((page or {}).get("as_of"))


def _figures(page: Mapping[str, Any] | None, words: Words) -> list[KeyFigure]:
    if not page or not page.get("size"):
        return []
    made = [KeyFigure(number(page["size"]["persons"], words.language, 0), words("p_people_word"))]
    for key, word in (("revenue", "p_revenue"), ("win_rate", "p_wins")):
        figure = page.get(key)
        if figure and figure.get("value") is not None:
            made.append(KeyFigure(value_of(figure, "share", words), words(word), f"{range_of(figure, 'share', words)} · {n_of(figure, words)}"))
    return made


# -- drawing --------------------------------------------------------------------------------------------------------------


def persona_pages(panels: list[Panel], width: float, height: float | None, measure: Measure, head: float = 0.0) -> list[Scene]:
    """The panels in three columns of about equal height, on one page where they fit."""
    column = (width - 2 * _GAP) / 3
    heights = [_height(panel, column, measure) for panel in panels]
    limit = (height if height is not None else 1e9) - head
    wish = min(max([sum(heights) / 3 * 1.06, *heights]), limit)
    pages, y, place = [Scene(width, name=panels[0].title if panels else "")], 0.0, 0
    for panel, high in zip(panels, heights, strict=True):
        full = limit if len(pages) == 1 else (height or 1e9)
        if y and y + high > (wish if place < 2 else full):
            place, y = place + 1, 0.0
        if place == 3:
            pages.append(Scene(width))
            place, wish = 0, height or 1e9
        y = _draw(pages[-1], panel, place * (column + _GAP), y, column, measure)
        pages[-1].height = max(pages[-1].height, y)
    return pages


def _height(panel: Panel, room: float, measure: Measure) -> float:
    probe = Scene(room)
    return _draw(probe, panel, 0.0, 0.0, room, measure)


def _draw(scene: Scene, panel: Panel, x: float, y: float, room: float, measure: Measure) -> float:
    scene.add(line(x, y + 0.5, x + room, y + 0.5, "rule", 0.7))
    scene.add(Text(x, y + 13, panel.title, 9.5, "ink", 620, width=room))
    y += 19
    for item in panel.items:
        indent = _MARK if item.mark else 0.0
        if item.mark:
            verdict = next((name for name, shape in VERDICT_SHAPES.items() if shape == item.mark), "")
            scene.add(glyph(item.mark, x + 3.6, y + 4.8, 3.1, VERDICT_COLOURS.get(verdict, "muted"), 1.2))
        for text in measure.fold(item.text, room - indent, 8.0, 400, 6):
            scene.add(Text(x + indent, y + 7.6, text, 8.0, "ink", width=room - indent))
            y += _LEAD
        for text in measure.fold(item.sub, room - indent, SMALLEST, 400, 3) if item.sub else []:
            scene.add(Text(x + indent, y + 6.4, text, SMALLEST, "muted", width=room - indent))
            y += 8.8
        y += 3.2
    for text in measure.fold(panel.note, room, SMALLEST, 400, 4) if panel.note else []:
        scene.add(Text(x, y + 6.6, text, SMALLEST, "muted", width=room))
        y += 8.8
    return y + 10.0


# -- out ------------------------------------------------------------------------------------------------------------------


def write_persona(persona: Persona, page: Mapping[str, Any] | None, path: Path, language: str = "de", names: Names | None = None, conservation: Mapping[str, Any] | None = None) -> Path:
    """Write the one-pager as .pdf, .png, .svg, .html or .pptx.

    Raises
    ------
    ReportFault
        For an unknown ending or language, or a folder that cannot be written.
    """
    ending = checked_ending(path, ENDINGS, "A persona")
    shown = checked_language(language)
    document = persona_document(persona, page, shown, names, conservation)
    if ending == ".pptx":
        return save(_slides(document, persona_panels(persona, page, Words(shown, names))), path)
    return save(FORMATS[ending](document), path)


def _slides(document: Document, panels: list[Panel]) -> bytes:
    from etappe.reports.map.deck import Deck

    deck = Deck(document.language, f"{document.title} · {document.footer}")
    persona_slides(deck, document, panels)
    return deck.finished()


def persona_slides(deck: Any, document: Document, panels: list[Panel]) -> None:
    """The one-pager as slides of real text: three columns, as many slides as it needs."""
    from etappe.reports.map.deck import HEIGHT, MEASURE, SIDE, WIDTH

    room = (WIDTH - 2 * SIDE - 2 * 20) / 3
    top, bottom = 84.0, HEIGHT - 40.0

    def high(panel: Panel) -> float:
        lines = sum(len(MEASURE.fold(item.text, room - 6, 11.2)) * 13.6 + (len(MEASURE.fold(item.sub, room - 6, 9.3)) * 11.4 if item.sub else 0) for item in panel.items)
        return 20.0 + lines + (len(MEASURE.fold(panel.note, room - 6, 9.3)) * 11.4 if panel.note else 0) + 12.0

    place, y, began = 0, top, False
    for panel in panels:
        if y > top and y + high(panel) > bottom:
            place, y = place + 1, top
        if place == 3 or not began:
            deck.new(document.title, document.subtitle if not began else "")
            place, y, began = 0, top, True
        x = SIDE + place * (room + 20)
        deck.line(x, y, x + room, y, "rule")
        runs = [[(panel.title, 12.0, "ink", True)]]
        for item in panel.items:
            runs.append([(signed(item), 11.0, "ink", False)])
            runs += [[(item.sub, 9.0, "muted", False)]] if item.sub else []
        runs += [[(panel.note, 9.0, "muted", False)]] if panel.note else []
        deck.text(x, y + 3, room, min(high(panel), bottom - y), runs)
        y += high(panel)
