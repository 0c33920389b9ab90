"""The answers that every reader opens first, computed before the first one asks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from etappe.errors import Fault
from etappe.server.answering import check_of, filter_values, persona_of, plain_answer
from etappe.workspace import answers
from etappe.workspace.views import View, Views


def warm(views: Views, say: Callable[[str, float], None] | None = None) -> None:
    """Computes what every map and persona says today, the plain answer of every analysis in the workspace's language, and the values of the filters."""
    names, atlas = answers.names(), views.workspace.atlas
    with contextlib.suppress(Fault, OSError):
        filter_values(views)
    documents: dict[str, Callable[[Views, str], View]] = {"map": check_of, "persona": persona_of}
    for kind, told in documents.items():
        for row in atlas.listed(kind):
            with contextlib.suppress(Fault, OSError):
                told(views, row.id)
    for number, name in enumerate(names):
        if say is not None:
            say("answering the first questions", number / len(names))
        with contextlib.suppress(Fault, OSError):
            plain_answer(views, name, views.workspace.settings.language, {}, None)
