"""Stage models: which stages a journey has, and what enters each. Rules of `stages.yaml`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import ibis.expr.types as ir
import yaml

from etappe.journeys.reading import LABEL_WORDS, Label, Page, label, nearest
from etappe.words.kinds import JOURNEY_KINDS


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: entered by the first of its touchpoints, words of deal stages or lifecycle words."""

    id: str
    label: Label
    milestone: Label | None
    touchpoints: tuple[str, ...]
    deal_stages: tuple[str, ...]
    lifecycle: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageModel:
    """The stages, in order, of some kinds of journey. Every journey begins in the first stage."""

    id: str
    label: Label
    kinds: tuple[str, ...]
    stages: tuple[Stage, ...]

    def number(self, stage: str) -> int:
        """Place of a stage in the model, from 1."""
        return [each.id for each in self.stages].index(stage) + 1


@dataclass(frozen=True, slots=True)
class StageModels:
    """The stage models of a workspace: each kind of journey has exactly one."""

    models: tuple[StageModel, ...]

    def of(self, kind: str) -> StageModel:
        """The model of a kind of journey."""
        return next(model for model in self.models if kind in model.kinds)

    def label(self, stage: str) -> Label:
        """German and English name of a stage."""
        return next(
            (each.label for model in self.models for each in model.stages if each.id == stage),
            Label(stage, stage),
        )


_STAGE_WORDS = ("id", *LABEL_WORDS, "milestone", "touchpoints", "deal_stages", "lifecycle")


def read_stages(page: Page, text: str, touchpoints: Collection[str]) -> StageModels:
    """The models of `stages.yaml`; faults go to the page."""
    root = page.root(text)
    content = page.mapping(root, ("models",), ("models",))
    models: list[StageModel] = []
    owners: dict[str, str] = {}
    for node in page.items(content.get("models")):
        given = page.mapping(node, ("id", *LABEL_WORDS, "for", "stages"), ("id", "for", "stages"))
        if not {"id", "for", "stages"} <= set(given):
            continue
        name = page.text(given["id"])
        kinds = page.words(given["for"], JOURNEY_KINDS, "kind of journey")
        for kind in kinds:
            if kind in owners:
                page.fault(
                    given["for"],
                    f"`{kind}` has two stage models: {owners[kind]} and {name}.",
                    "Leave it in one of them.",
                )
            owners[kind] = name
        stages = _stages(page, given["stages"], touchpoints)
        models.append(StageModel(name, label(page, given, name), kinds, stages))
    missing = [kind for kind in JOURNEY_KINDS if kind not in owners]
    if missing and root is not None and "models" in content:
        page.fault(
            content["models"],
            f"No stage model is for {', '.join(missing)}.",
            "Add these words to `for` of a model.",
        )
    return StageModels(tuple(models))


def _stages(page: Page, node: yaml.Node, touchpoints: Collection[str]) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    seen: dict[tuple[str, str], str] = {}
    for item in page.items(node):
        given = page.mapping(item, _STAGE_WORDS, ("id",))
        if "id" not in given:
            continue
        name = page.text(given["id"])
        if any(stage.id == name for stage in stages):
            page.fault(given["id"], f"The stage `{name}` stands in this model twice.", "Give one of them another id.")
        milestone = page.mapping(given.get("milestone"), LABEL_WORDS)
        entry = {word: page.texts(given.get(word)) for word in ("touchpoints", "deal_stages", "lifecycle")}
        for word in ("touchpoints", "deal_stages", "lifecycle"):
            for place in page.items(given.get(word)):
                _check_entry(page, place, name, word, touchpoints, seen)
        stages.append(
            Stage(
                name, label(page, given, name), label(page, milestone, "") if milestone else None,
                tuple(entry["touchpoints"]), tuple(map(bare, entry["deal_stages"])), tuple(map(bare, entry["lifecycle"])),
            )
        )  # fmt: skip
    if not stages:
        page.fault(node, "This model has no stage.", "Add `- id: …` under `stages`.")
    return tuple(stages)


def _check_entry(
    page: Page,
    node: yaml.Node,
    stage: str,
    word: str,
    touchpoints: Collection[str],
    seen: dict[tuple[str, str], str],
) -> None:
    text = page.text(node)
    if word == "touchpoints" and text not in touchpoints:
        page.fault(node, f"There is no touchpoint `{text}`.", nearest(text, touchpoints))
    key = (word, text if word == "touchpoints" else bare(text))
    if key in seen and seen[key] != stage:
        page.fault(node, f"`{text}` enters two stages: {seen[key]} and {stage}.", "Leave it in one of them.")
    seen[key] = stage


def bare(text: str) -> str:
    """A word of a CRM without what tools spell differently: blanks, signs, case, a pipeline's name in brackets.

    >>> bare("Proposal/Price Quote (Sales Pipeline)")
    'proposalpricequote'
    """
    text = text.strip()
    if text.endswith(")") and "(" in text[1:]:
        text = text[: text.rindex("(")]
    return "".join(sign for sign in text.lower() if sign.isalnum())


def bare_column(text: ir.StringValue) -> ir.StringValue:
    """`bare` over a column."""
    # RE2 and Java both know \pL (letters) and \pN (numbers) of all scripts.
    return text.strip().re_replace("(.)[(][^()]*[)]$", "\\1").lower().re_replace(r"[^\pL\pN]+", "")
