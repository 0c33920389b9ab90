"""Templates of maps and personas in German and English, and the three ways of making a map."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from etappe.errors import NotFound
from etappe.maps.document import LANGUAGES, Plain
from etappe.maps.lane_kinds import lane_kinds
from etappe.maps.map import US, Map, feeling_id
from etappe.maps.order import spread
from etappe.maps.own_files import own_file, own_files
from etappe.maps.persona import Persona
from etappe.maps.survey import Survey
from etappe.words.claim_language import nearest

HERE: Final = Path(__file__).parent
DEFAULT: Final = "seven-phases"


@cache
def templates() -> dict[str, Plain]:
    """All templates of maps by name; each stage has its title, milestone, planned days, guiding questions and example cards."""
    found: dict[str, Plain] = own_files(HERE / "templates")
    for template in found.values():
        template["stages"] = [_like(stage, found) for stage in template["stages"]]
    return dict(sorted(found.items(), key=lambda item: int(item[1]["place"])))


def _like(stage: Plain, found: dict[str, Plain]) -> Plain:
    """A stage that is `like` that of another template, taken from there."""
    if "like" not in stage:
        return stage
    return next(other for other in found[stage["like"]]["stages"] if other["id"] == stage["id"])


@cache
def ways() -> dict[str, Plain]:
    """The three ways of making a map: research, hypotheses, co-creation; each with what it is and its steps."""
    found: dict[str, Plain] = own_file(HERE / "ways.yaml")
    return found


@cache
def persona_templates() -> dict[str, Plain]:
    """All templates of personas by name."""
    return own_files(HERE / "persona_templates")


@cache
def survey_templates() -> dict[str, Plain]:
    """All templates of surveys by name."""
    return own_files(HERE / "survey_templates")


def template_of(name: str) -> Plain:
    """One template of maps.

    Raises
    ------
    NotFound
        With the nearest name.
    """
    return _named(templates(), name, "template")


def question(template: str, stage: str, lane: str, language: str = "de") -> str:
    """The guiding question of a cell: that of the template, else what the lane asks everywhere."""
    stages = templates().get(template, {}).get("stages", [])
    asks: Plain = next((item["asks"] for item in stages if item["id"] == stage), {})
    found = asks.get(lane) or (lane_kinds()[lane].asks if lane in lane_kinds() else {})
    return str(found.get(language, ""))


def new_map(
    id: str, template: str = DEFAULT, *, title: str = "", language: str = "de", languages: Sequence[str] = (), personas: Sequence[str] = (),
    journey: Sequence[str] = (), way: str = "", examples: bool = False, **fields: Any,
) -> Map:  # fmt: skip
    """A map from a template.

    Parameters
    ----------
    language, languages : str, sequence of str
        The map's own language, and further ones that its texts are given in, too.
    journey : sequence of str
        Kinds of journey; else those of the template.
    way : str
        research, hypotheses or co-creation: adds the lanes that this way needs, and is noted.
    examples : bool
        Whether the example cards are put in, as hypotheses, with the example curve and criteria.
    """
    kind = template_of(template)
    if way:
        _named(ways(), way, "way of making a map")
    said = _Said(language, tuple(languages))
    lanes = list(dict.fromkeys([*kind["lanes"], *(ways()[way]["lanes"] if way else ())]))
    stages = kind["stages"]
    provenance = {"co-creation": "co-creation"}.get(way, "hypothesis")
    made: Plain = {
        "id": id, "title": title or said.own(kind["title"]), "language": language, "languages": tuple(said.others), "template": template,
        "journey": tuple(journey) or tuple(kind["journey"]), "personas": tuple(personas), "made_by": way,
        "stages": {stage["id"]: said.of({"id": stage["id"], "order": order, "planned_days": stage["planned_days"]}, title=stage["title"], milestone=stage["milestone"]) for stage, order in zip(stages, spread(len(stages)), strict=True)},
        "lanes": {lane: said.of({"id": lane, "order": order, "kind": lane}, title=lane_kinds()[lane].title) for lane, order in zip(lanes, spread(len(lanes)), strict=True)},
        "competitors": {US: said.of({"id": US, "order": "V"}, title={"de": "Wir", "en": "Us"})},
        **fields,
    }  # fmt: skip
    if not title:
        made["translations"] = {other: {"title": kind["title"][other]} for other in said.others if other in kind["title"]}
    if examples:
        made |= _examples(kind, said, provenance)
    return Map.load(made)


def _examples(kind: Plain, said: _Said, provenance: str) -> Plain:
    cards: Plain = {}
    points: Plain = {}
    for stage in kind["stages"]:
        orders = spread(len(stage["cards"]))
        counts: dict[str, int] = {}
        for example, order in zip(stage["cards"], orders, strict=True):
            lane = example["lane"]
            counts[lane] = counts.get(lane, 0) + 1
            id = f"{stage['id']}-{lane}-{counts[lane]}".replace("_", "-")
            fields = {name: value for name, value in example.items() if name not in ("de", "en", "lane")}
            cards[id] = said.of({"id": id, "stage": stage["id"], "lane": lane, "order": order, "provenance": provenance, **fields}, text=example)
        point = feeling_id(stage["id"])
        points[point] = {"id": point, "stage": stage["id"], "value": stage["feeling"]}
    criteria = kind.get("criteria", [])
    matrix = {
        f"criterion-{number}": said.of({"id": f"criterion-{number}", "order": order, "weight": item["weight"]}, text=item)
        for number, (item, order) in enumerate(zip(criteria, spread(len(criteria)), strict=True), start=1)
    }
    return {"cards": cards, "feelings": points, "criteria": matrix}


def new_persona(id: str, template: str = "", *, title: str = "", language: str = "de", languages: Sequence[str] = (), **fields: Any) -> Persona:
    """A persona from a template, or an empty one."""
    said = _Said(language, tuple(languages))
    made: Plain = {"id": id, "title": title, "language": language, "languages": tuple(said.others), **fields}
    if template:
        kind = _named(persona_templates(), template, "template of personas")
        orders = spread(len(kind["traits"]))
        made["traits"] = {
            f"{trait['kind']}-{number}": said.of({"id": f"{trait['kind']}-{number}", "order": order, "kind": trait["kind"]}, text=trait)
            for number, (trait, order) in enumerate(zip(kind["traits"], orders, strict=True), start=1)
        }
        texts = {"title": kind["title"], "sentence": kind["sentence"]}
        made = {**said.of({"id": id}, **texts), "kind": kind["kind"], "roles": kind["roles"], "rule": kind["rule"], **made, **({} if title else {"title": said.own(kind["title"])})}
    return Persona.load(made)


def new_survey(id: str, template: str, *, title: str = "", language: str = "de", languages: Sequence[str] = ("de", "en"), **fields: Any) -> Survey:
    """A survey from a template, by default in German and English."""
    kind = _named(survey_templates(), template, "template of surveys")
    said = _Said(language, tuple(languages))
    questions: Plain = {}
    for item, order in zip(kind["questions"], spread(len(kind["questions"])), strict=True):
        texts = {name: item[name] for name in ("text", "low_label", "high_label") if name in item}
        rest = {name: value for name, value in item.items() if name not in texts}
        questions[item["id"]] = said.of({**rest, "order": order}, **texts)
    titled = {} if title else {"title": kind["title"]}  # a title of one's own is not that of the template in the other language
    head = said.of({"id": id}, **titled, intro=kind["intro"], thanks=kind["thanks"])
    return Survey.load({**head, "language": language, "languages": tuple(said.others), "questions": questions, **({"title": title} if title else {}), **fields})


class _Said:
    """Texts of a template in the document's own language, and in its further ones as translations."""

    def __init__(self, language: str, languages: tuple[str, ...]) -> None:
        self.language = language
        self.others = [other for other in languages if other != language]

    def own(self, texts: Plain) -> str:
        return str(texts.get(self.language if self.language in LANGUAGES else "en", ""))

    def of(self, thing: Plain, **texts: Plain) -> Plain:
        """A thing with its texts, and their translations where the template has them."""
        translations = {other: {name: said[other] for name, said in texts.items() if said.get(other)} for other in self.others}
        return {**thing, **{name: self.own(said) for name, said in texts.items()}, "translations": translations}


def _named(known: dict[str, Plain], name: str, what: str) -> Plain:
    if name not in known:
        raise NotFound(f"There is no {what} `{name}`.", "", nearest(name, known))
    return known[name]
