"""Linear algebra keeps to one core while models are computed, and to none afterwards."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from etappe.analyses.maths import credit
from etappe.analyses.maths.cores import one_core
from etappe.analyses.maths.paths import Paths, Units


def threads() -> set[int]:
    return {found["num_threads"] for found in threadpool_info() if found["user_api"] == "blas"}


def test_the_last_to_go_gives_back_what_the_first_found() -> None:
    with threadpool_limits(2, user_api="blas"):
        with one_core():
            with one_core():
                assert threads() == {1}
            assert threads() == {1}
        assert threads() == {2}


def test_models_are_computed_on_one_core_each_and_a_fault_gives_the_others_back(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[int]] = []

    def heard(*_: object) -> None:
        seen.append(threads())
        raise ArithmeticError

    monkeypatch.setattr(credit, "_by_markov", heard)
    paths = Paths(np.array([0, 1]), np.array([0, 2]), 2)
    units = Units(np.array([0]), np.array([1.0]), np.array([100.0]), np.array([0.0]))
    with threadpool_limits(2, user_api="blas"):
        with pytest.raises(ArithmeticError):
            credit.attribute(paths, units, ["markov2"])
        assert seen == [{1}]
        assert threads() == {2}
