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
        yield type(made)({n: t.schema.empty_table() for n, t in made.tables.items()}, made.evidence, made.truth).into(
            engine
        )
