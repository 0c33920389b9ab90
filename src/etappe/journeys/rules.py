"""The rules of journeys: six text files of a workspace, and the templates they start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from etappe.errors import Faults, RulesFault
from etappe.journeys.channels import Channels, read_channels
from etappe.journeys.matching import Signature
from etappe.journeys.reading import Page
from etappe.journeys.roles import RoleRules, read_roles
from etappe.journeys.segments import Segments, read_segments
from etappe.journeys.stages import StageModels, bare, read_stages
from etappe.journeys.touchpoints import Touchpoints, read_touchpoints

FILES = ("touchpoints.yaml", "channels.yaml", "stages.yaml", "roles.yaml", "journeys.yaml", "segments.yaml")
TEMPLATES = Path(__file__).parent / "templates"
STAGE_MODELS = Path(__file__).parent / "stage_models"
DEFAULT_MODELS = ("seven-phases", "use-to-decision")


@dataclass(frozen=True, slots=True)
class Limits:
    """When a journey pauses, falls dormant or ends (days), and which words in a deal's type mean what."""

    pause_days: float = 45
    dormancy_days: float = 180
    close_window_days: float = 7
    renewal: tuple[str, ...] = ()
    expansion: tuple[str, ...] = ()


@dataclass(frozen=True)
class JourneyRules:
    """All rules that make journeys of events."""

    touchpoints: Touchpoints
    channels: Channels
    stages: StageModels
    roles: RoleRules
    limits: Limits
    segments: Segments

    @property
    def signature(self) -> Signature:
        """What has to be known of an event to find its touchpoint and its channel."""
        return Signature.of([*self.touchpoints.conditions, *self.channels.conditions])

    @property
    def names(self) -> dict[str, dict[str, dict[str, str]]]:
        """What the workspace calls its touchpoints, stages and channels: list → id → language → name."""
        stages = [stage for model in self.stages.models for stage in model.stages]
        called: dict[str, Sequence[Any]] = {"touchpoint": self.touchpoints.rules, "stage": stages, "channel": self.channels.rules}
        found: dict[str, dict[str, dict[str, str]]] = {name: {} for name in called}
        for name, rules in called.items():
            for rule in rules:
                # Of several rules of one touchpoint or channel, the first that has a name gives it.
                if set(found[name].get(rule.id, {rule.id: rule.id}).values()) == {rule.id}:
                    found[name][rule.id] = {"de": rule.label.de, "en": rule.label.en}
        return found

    @classmethod
    def load(cls, folder: Path | None = None) -> JourneyRules:
        """The rules of a folder; a file that is not there is taken from the templates, as is everything without a folder.

        Raises
        ------
        Faults
            Of RulesFault: all faults of all files, each with file, line, column and what to write instead.
        """
        texts = {}
        for name in FILES:
            path = folder / name if folder else None
            if path is not None and path.exists():
                try:
                    texts[name] = path.read_text(encoding="utf-8-sig")
                except UnicodeDecodeError as wrong:
                    raise RulesFault("The file is not UTF-8.", f"{path}:1:1", "Save it as UTF-8.") from wrong
        return _parsed(tuple(texts.items()))

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> JourneyRules:
        """The rules from texts by file name; what is missing is taken from the templates."""
        pages = {name: Page(name) for name in FILES}
        text = {name: texts.get(name, template(name)) for name in FILES}
        touchpoints = read_touchpoints(pages["touchpoints.yaml"], text["touchpoints.yaml"])
        # A template speaks of the touchpoints of the template, which the user's own rules need not have.
        known = set(touchpoints.ids)
        usual = known | set(read_touchpoints(Page(""), template("touchpoints.yaml")).ids)
        rules = cls(
            touchpoints,
            read_channels(pages["channels.yaml"], text["channels.yaml"]),
            read_stages(pages["stages.yaml"], text["stages.yaml"], known if "stages.yaml" in texts else usual),
            read_roles(pages["roles.yaml"], text["roles.yaml"], known if "roles.yaml" in texts else usual),
            read_limits(pages["journeys.yaml"], text["journeys.yaml"]),
            read_segments(pages["segments.yaml"], text["segments.yaml"]),
        )
        faults = [fault for page in pages.values() for fault in page.faults]
        if faults:
            raise Faults(faults)
        return rules


@lru_cache(maxsize=4)
def _parsed(texts: tuple[tuple[str, str], ...]) -> JourneyRules:
    """The rules of these texts: every answer names things by them, and to read them anew takes a tenth of the shorter ones."""
    return JourneyRules.parse(dict(texts))


def read_limits(page: Page, text: str) -> Limits:
    """The limits of `journeys.yaml`; faults go to the page."""
    given = page.mapping(page.root(text), ("pause_days", "dormancy_days", "close_window_days", "deal_types"))
    types = page.mapping(given.get("deal_types"), ("renewal", "expansion"))
    limits = Limits(
        page.number(given.get("pause_days"), 45, 1),
        page.number(given.get("dormancy_days"), 180, 1),
        page.number(given.get("close_window_days"), 7, 1),
        tuple(map(bare, page.texts(types.get("renewal")))),
        tuple(map(bare, page.texts(types.get("expansion")))),
    )
    if limits.dormancy_days < limits.pause_days and "dormancy_days" in given:
        page.fault(
            given["dormancy_days"],
            "A journey would be dormant before it pauses.",
            "Let dormancy_days be at least pause_days.",
        )
    return limits


def template(name: str) -> str:
    """The text of the template of a rule file, one of FILES."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def stages_template(*models: str) -> str:
    """The text of a `stages.yaml` of these stage models; together they have to be for every kind of journey.

    >>> "id: three-stage" in stages_template("three-stage", "existing-customer")
    True
    """
    texts = [(STAGE_MODELS / f"{name}.yaml").read_text(encoding="utf-8") for name in models or DEFAULT_MODELS]
    blocks = [text.partition("models:\n")[2].rstrip() for text in texts]
    return (STAGE_MODELS / "head.txt").read_text(encoding="utf-8") + "models:\n" + "\n\n".join(blocks) + "\n"
