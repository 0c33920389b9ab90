"""A text file swapped in whole: written beside under a name of its own, so that two writers at once never share a draft."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def swap_in(path: Path, text: str, check: Callable[[Path], object] | None = None) -> None:
    """Writes a file beside `path` and replaces it at once; where `check` of the draft raises, nothing is changed."""
    draft = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if check is not None:
            check(draft)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
