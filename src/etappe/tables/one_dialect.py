"""Of the twenty dialects that Ibis writes, only those that somebody asks for are loaded.

Ibis' package of dialects loads all of them when its first one is wanted, which takes a tenth of a second. Until then a
package of the same name and place stands in for it: it loads one dialect when that is asked for, and becomes the whole
package as soon as anything else of it is.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any, Final

_PACKAGE: Final = "ibis.backends.sql.compilers"


def load_as_asked() -> None:
    """Puts the stand-in in its place; does nothing where the package is loaded already."""
    if _PACKAGE in sys.modules:
        return
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.loader is None:
        return
    loader, package = spec.loader, importlib.util.module_from_spec(spec)

    def asked_for(name: str) -> Any:
        found = None if name.startswith("_") else importlib.util.find_spec(f"{_PACKAGE}.{name}")
        if found is not None:
            return importlib.import_module(f"{_PACKAGE}.{name}")
        del package.__dict__["__getattr__"]
        loader.exec_module(package)
        return getattr(package, name)

    package.__dict__["__getattr__"] = asked_for
    sys.modules[_PACKAGE] = package
