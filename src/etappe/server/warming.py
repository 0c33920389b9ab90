"""The answers that every reader opens first, computed before the first one asks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from etappe.errors import Fault
from etappe.server.answering import filter_values, plain_answer
from etappe.workspace import answers
from etappe.workspace.views import Views


def warm(views: Views, say: Callable[[str, float], None] | None = None) -> None:
    """Computes the plain answer of every analysis in the workspace's language, and the values of the filters."""
    names = answers.names()
    with contextlib.suppress(Fault, OSError):
        filter_values(views)
    for number, name in enumerate(names):
        if say is not None:
            say(name, number / len(names))
        with contextlib.suppress(Fault, OSError):
            plain_answer(views, name, views.workspace.settings.language, {}, None)
