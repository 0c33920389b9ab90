"""Tables with a known truth, made once for all tests of this room."""

import pytest

from etappe.tables.engine import open_engine

from .make import make


@pytest.fixture(scope="session")
def company():
    """Six hundred accounts, some of their journeys still open."""
    with open_engine(threads=2) as engine:
        yield make(600).into(engine)


@pytest.fixture(scope="session")
def nobody():
    """A workspace in which nothing has happened yet."""
    with open_engine(threads=1) as engine:
        made = make(1)
        empty = [
            {name: table.schema.empty_table() for name, table in part.items()} for part in (made.tables, made.evidence)
        ]
        yield type(made)(*empty, made.truth).into(engine)
