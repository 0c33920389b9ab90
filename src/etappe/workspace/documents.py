"""Where a workspace keeps its documents, and whether there are any yet: asked without opening the database."""

from __future__ import annotations

import os

from etappe.settings import Settings
from etappe.workspace.folder import Folder


def database(settings: Settings) -> str:
    """The address of a database elsewhere; empty where the documents lie in the folder's own file."""
    return os.environ.get("ETAPPE_DATABASE") or settings.database


def there_may_be(folder: Folder, settings: Settings) -> bool:
    """Whether there may be maps and personas: a database elsewhere, or the file in the folder."""
    return bool(database(settings)) or folder.model.exists()
