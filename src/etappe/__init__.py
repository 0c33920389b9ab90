"""etappe: B2B customer journey maps that your own data checks.

The front door of a notebook::

    import etappe
    ws = etappe.open("acme")
    ws.import_("exports/")
    ws.build()
    ws.stages()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace

__all__ = ["Figure", "Period", "Recipe", "Result", "Workspace", "init", "open"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Loads what is asked for when it is asked for, so that `import etappe` stays quick."""
    if name in {"open", "init", "Workspace"}:
        import etappe.workspace.workspace as room

        return {"open": room.open_workspace, "init": room.init_workspace, "Workspace": room.Workspace}[name]
    if name in {"Figure", "Period", "Recipe", "Result"}:
        import etappe.words.result as nouns

        return getattr(nouns, name)
    raise AttributeError(f"module 'etappe' has no attribute {name!r}")
