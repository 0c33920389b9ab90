"""Intervals against numbers printed in papers and manuals."""

import numpy as np
import pytest

from etappe.analyses.maths import bounds, risk


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson(hits, n, low, high):
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3
    _, found_low, found_high = bounds.wilson(hits, n)
    assert (found_low, found_high) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390)]
)
def test_poisson(count, low, high):
    # E. S. Pearson, H. O. Hartley, Biometrika Tables for Statisticians (1966), table 40
    _, found_low, found_high = bounds.poisson(count)
    assert (found_low, found_high) == pytest.approx((low, high), abs=6e-4)


def test_benjamini_hochberg():
    # The myocardial infarction example of Benjamini and Hochberg (1995), section 3.2: four of fifteen at q =
    # 0.05
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert (bounds.benjamini_hochberg(p) <= 0.05).sum() == 4


@pytest.mark.parametrize(("n", "ranks"), [(6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (50, (18, 33))])
def test_order_statistics_around_a_median(n, ranks):
    # W. J. Conover, Practical Nonparametric Statistics (1999); G. Nair, Sankhya 4 (1940) 551-558
    assert bounds.quantile_ranks(n) == ranks


def test_mantel_haenszel_odds_ratio():
    # R, stats::mantelhaen.test(UCBAdmissions): common odds ratio 0.9046968, 95 % 0.7719074 to 1.0603298, p
    # 0.2323 with correction
    men = np.array([[512, 313], [353, 207], [120, 205], [138, 279], [53, 138], [22, 351]])
    women = np.array([[89, 19], [17, 8], [202, 391], [131, 244], [94, 299], [24, 317]])
    tables = (men[:, 0], men.sum(axis=1), women[:, 0], women.sum(axis=1))
    found = risk.odds_ratio(*tables)
    assert found.value[0] == pytest.approx(0.9046968, abs=1e-7)
    assert (found.low[0], found.high[0]) == pytest.approx((0.7719074, 1.0603298), abs=1e-6)
    assert risk.cochran(*tables, correct=True)[0] == pytest.approx(0.2323, abs=5e-5)


def test_risk_ratio_of_one_table():
    # Physicians' Health Study, A. Agresti, An Introduction to Categorical Data Analysis (2007), section
    # 2.2.3: 1.82 (1.43 to 2.31)
    found = risk.risk_ratio([189], [11034], [104], [11037])
    assert (found.value[0], found.low[0], found.high[0]) == pytest.approx((1.82, 1.43, 2.31), abs=5e-3)
