"""What the reader calls things: stages, touchpoints, segments and personas of this workspace, and the lists of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from etappe.words.kinds import EVENT_KINDS

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace


def vocabulary(workspace: Workspace) -> dict[str, Any]:
    """For every list (stage, touchpoint, channel, role, kind, outcome, …) the words with their German and English names.

    The workspace's own rules come before the lists of the house. `headings` are those of the columns of the analyses.
    """
    from etappe.reports.headings import HEADINGS
    from etappe.reports.vocabulary import listed

    known = {kind: {word: {"de": pair[0], "en": pair[1]} for word, pair in words.items()} for kind, words in listed().items()}
    own = workspace.atlas.vocabulary()
    for kind, labels in (("stage", own.stages), ("touchpoint", own.touchpoints), ("segment", workspace.atlas.segment_labels())):
        for id, names in labels.items():
            if names:
                known.setdefault(kind, {})[id] = {"de": names[0], "en": names[-1]}
    for kind in ("persona", "segment"):
        known[kind] = known.get(kind, {}) | {row.id: {"de": row.title or row.id, "en": row.title or row.id} for row in workspace.atlas.listed(kind)}
    return {**known, "headings": {name: {"de": pair[0], "en": pair[1]} for name, pair in HEADINGS.items()}, "event_kinds": list(EVENT_KINDS)}
