"""What maps, personas and surveys can be made from."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from etappe.maps.lane_kinds import lane_kinds
from etappe.maps.template import persona_templates, question, survey_templates, templates, ways
from etappe.server.here import Asked
from etappe.server.needs import Needs

router = APIRouter(tags=["templates"])


@router.get("/templates")
def all_templates(asked: Annotated[Asked, Depends(Needs("see"))]) -> dict[str, Any]:
    """Templates of maps, personas and surveys, the three ways of making a map, and the kinds of lanes; texts in both languages."""
    return {
        "maps": [
            {"id": id, "title": item["title"], "about": item["about"], "journey": item["journey"], "lanes": item["lanes"], "stages": [{"id": stage["id"], "title": stage["title"]} for stage in item["stages"]]}
            for id, item in templates().items()
        ],
        "personas": [{"id": id, "title": item["title"], "sentence": item["sentence"]} for id, item in persona_templates().items()],
        "surveys": [{"id": id, "title": item["title"], "intro": item["intro"], "questions": len(item["questions"])} for id, item in survey_templates().items()],
        "ways": [{"id": id, **item} for id, item in ways().items()],
        "lanes": [{"id": id, "title": kind.title, "asks": kind.asks} for id, kind in lane_kinds().items()],
    }  # fmt: skip


@router.get("/templates/{name}/questions")
def questions(name: str, asked: Annotated[Asked, Depends(Needs("see"))]) -> list[dict[str, Any]]:
    """The guiding question of every cell of a template, in both languages."""
    from etappe.maps.template import template_of

    stages = template_of(name)["stages"]
    return [
        {"stage": stage["id"], "lane": lane, **{language: question(name, stage["id"], lane, language) for language in ("de", "en")}}
        for stage in stages for lane in lane_kinds() if question(name, stage["id"], lane, "en")
    ]  # fmt: skip
