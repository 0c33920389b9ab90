"""Garbage is looked for seldom while a build is at work, and as usual when the last one is done, whichever ends first."""

from __future__ import annotations

import gc
from contextlib import ExitStack

import pytest

from etappe.workspace.garbage import looked_for_seldom


def test_of_two_at_once_the_last_one_brings_the_usual_back():
    usual = gc.get_threshold()
    first, second = ExitStack(), ExitStack()
    first.enter_context(looked_for_seldom())
    seldom = gc.get_threshold()
    second.enter_context(looked_for_seldom())
    first.close()
    assert gc.get_threshold() == seldom > usual
    second.close()
    assert gc.get_threshold() == usual


def test_what_fails_brings_the_usual_back_too():
    usual = gc.get_threshold()
    with pytest.raises(LookupError), looked_for_seldom():
        raise LookupError
    assert gc.get_threshold() == usual
