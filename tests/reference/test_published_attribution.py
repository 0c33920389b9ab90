"""Attribution against published examples and other implementations."""

import csv
from pathlib import Path

import numpy as np
import pytest

from etappe.analyses.maths import credit, markov
from etappe.analyses.maths.paths import Paths, Units

SHARED = Path(__file__).parents[3] / "shared" / "data" / "dsearle_paths" / "paths.csv"


def table(lists, channels):
    start = np.concatenate([[0], np.cumsum([len(path) for path in lists])])
    return Paths(np.concatenate([np.array(path) for path in lists]), start, channels)


def test_the_textbook_chain_of_three_paths():
    # S. Bryl', analyzecore.com, "Marketing multi-channel attribution model with R (part 1)":
    # C1 > C2 > C3 converts, C1 and C2 > C3 do not; removal effects 0.5, 1, 1, credits 0.2, 0.4, 0.4
    paths = table([[0, 1, 2], [0], [1, 2]], 3)
    units = Units(np.arange(3), np.array([1.0, 0, 0]), np.array([1.0, 0, 0]), np.array([0, 1.0, 1.0]))
    shape = markov.chain(paths, 1)
    effects = markov.removal_effects(shape, markov.counts(shape, paths, units))
    assert effects.probability == pytest.approx(1 / 3)
    assert effects.conversions == pytest.approx([0.5, 1, 1])
    found = credit.attribute(paths, units, ["markov1"], credit.Options(draws=0))[0]
    assert found.conversions[0] == pytest.approx([0.2, 0.4, 0.4])


@pytest.fixture(scope="module")
def searle():
    """dsearle90/MarkovAttribution sample/paths.csv (MIT); a conversion is worth 10 and 5 more for each touch
    after the first.
    """
    if not SHARED.exists():
        pytest.skip("the shared sample data is not here")
    names = ["EMAIL", "PROGRAMMATIC", "SEM", "SOCIAL", "YOUTUBE"]
    lists, hits, value = [], [], []
    with SHARED.open(newline="") as file:
        for row in csv.DictReader(file):
            path = [names.index(text) for name, text in row.items() if name.startswith("T_") and text]
            if path:
                lists.append(path)
                hits.append(float(row["conv_flag"] == "conv"))
                value.append(hits[-1] * (10 + 5 * (len(path) - 1)))
    paths = table(lists, 5)
    return paths, Units(np.arange(len(lists)), np.array(hits), np.array(value), 1 - np.array(hits))


@pytest.mark.shared
def test_rules_of_thumb_agree_with_channelattribution(searle):
    # ChannelAttribution 2.2.5 (Python), heuristic_models
    first, last, linear = credit.attribute(*searle, ["first", "last", "linear"], credit.Options(draws=0))
    assert first.conversions[0] == pytest.approx([57, 49, 38, 101, 0])
    assert first.value[0] == pytest.approx([1300, 825, 615, 2230, 0])
    assert last.conversions[0] == pytest.approx([54, 52, 75, 58, 6])
    assert last.value[0] == pytest.approx([1050, 1015, 1665, 1150, 90])
    assert linear.conversions[0] == pytest.approx([65.157143, 44.45, 46.423810, 75.719048, 13.25], abs=1e-6)
    assert linear.value[0] == pytest.approx([1460.785714, 802.25, 817.119048, 1608.595238, 281.25], abs=1e-6)


# ChannelAttribution 2.2.5, markov_model(max_step=100000), mean of 8 seeds run to its own convergence; the
# largest standard error of a mean is 0.0012. With its default cap, which ends a simulated path at the longest
# observed length, the same package gives 0.504, 0.421, 0.405, 0.516, 0.147 for order 1 of these short paths:
# four parts in a hundred low.
REMOVAL = {
    1: (
        [0.523636, 0.437149, 0.418850, 0.536221, 0.175969],
        [0.515322, 0.434911, 0.442216, 0.530712, 0.168730],
    ),
    2: (
        [0.604963, 0.466540, 0.425477, 0.613271, 0.194552],
        [0.645279, 0.470506, 0.438111, 0.624184, 0.198763],
    ),
    3: (
        [0.620261, 0.442014, 0.408773, 0.647520, 0.188396],
        [0.698369, 0.448004, 0.422960, 0.690221, 0.209872],
    ),
}


@pytest.mark.shared
@pytest.mark.parametrize("order", [1, 2, 3])
def test_markov_chains_agree_with_channelattribution_within_its_simulation_noise(searle, order):
    paths, units = searle
    shape = markov.chain(paths, order)
    effects = markov.removal_effects(shape, markov.counts(shape, paths, units))
    assert effects.conversions == pytest.approx(REMOVAL[order][0], abs=0.004)
    assert effects.value == pytest.approx(REMOVAL[order][1], abs=0.004)
