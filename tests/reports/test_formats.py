from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etappe.reports.formats import date, days, figure, moment, money, month, number, share, span
from etappe.words.result import Figure, too_few

NB = "\u00a0"


@pytest.mark.parametrize(
    ("shown", "german", "english"),
    [
        (number(1234.5, "de", 1), "1.234,5", "1,234.5"),
        (number(-3.25, "de"), "−3,25", "−3.25"),
        (number(1e6, "de"), "1.000.000", "1,000,000"),
        (number(None, "de"), "–", "–"),
        (number(float("nan"), "de"), "–", "–"),
    ],
)
def test_german_numbers(shown: str, german: str, english: str) -> None:
    assert shown == german


def test_numbers_shares_money_and_days_are_written_as_each_language_does() -> None:
    assert number(1234.5, "en", 1) == "1,234.5"
    assert (share(0.034, "de", 1), share(0.034, "en", 1)) == (f"3,4{NB}%", "3.4%")
    assert (money(128400, "EUR", "de"), money(128400, "EUR", "en")) == (f"128.400{NB}€", "€128,400")
    assert (money(-5, "USD", "en"), money(9, "CHF", "en")) == ("−$5", f"9{NB}CHF")
    assert (days(1, "de"), days(19, "de"), days(0.2, "de"), days(0, "de")) == (
        f"1{NB}Tag",
        f"19{NB}Tage",
        f"<{NB}1{NB}Tag",
        f"0{NB}Tage",
    )
    assert (days(19, "en", short=True), days(19, "de", short=True)) == (f"19{NB}d", f"19{NB}T")


def test_dates_are_unmistakable_in_both_languages() -> None:
    assert date("2026-03-12T23:30:00Z", "de") == "12.03.2026"
    assert date("2026-03-12T23:30:00Z", "de", "Europe/Berlin") == "13.03.2026"
    assert date(dt.date(2026, 3, 2), "en") == f"2{NB}Mar{NB}2026"
    assert date("yesterday", "de") == date(None, "en") == "–"
    assert span("2026-03-12", "2026-03-12", "de") == "12.03.2026"
    assert month(dt.datetime(2026, 3, 1), "de") == f"Mär{NB}26"


def test_halves_are_rounded_away_from_zero_and_digits_keep_to_the_size() -> None:
    assert [number(v, "en") for v in (0.125, 2.5, 12.34, 99.96, 1234.5)] == ["0.13", "2.5", "12.3", "100", "1,235"]
    assert number(2.5, "en", 0) == "3"


def test_a_figure_never_walks_alone() -> None:
    assert figure(Figure(0.64, 0.61, 0.67, 435, unit="share"), "de") == (f"64{NB}%", f"61–67 · n{NB}435")
    assert figure(Figure(12.0, 10.0, None, 1435, unit="days"), "en") == (f"12{NB}d", f"10–… · n{NB}1,435")
    assert figure(too_few(7), "de") == ("–", f"n{NB}7")


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(["de", "en"]))
def test_any_number_can_be_written_and_whole_ones_read_back(value: float, language: str) -> None:
    text = number(value, language)  # type: ignore[arg-type]
    assert text
    if abs(value) < 1e12 and value.is_integer():
        assert int(text.replace(".", "").replace(",", "").replace("−", "-")) == int(value)


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_a_moment_survives_being_written_as_iso_text(at: dt.datetime) -> None:
    assert moment(at.isoformat()) == moment(at) == at


@given(st.text())
def test_text_that_is_no_date_is_none_of_our_business(text: str) -> None:
    assert moment(text) is None or isinstance(moment(text), dt.datetime)


def test_short_waits_are_told_in_hours_and_minutes() -> None:
    assert figure(Figure(0.25, 0.2, 0.3, 40, unit="days"), "de") == ("6,0\u00a0Std.", "4,8–7,2 · n\u00a040")
    assert figure(Figure(0.01, 0.005, 0.02, 40, unit="days"), "en") == ("14\u00a0min", "7–29 · n\u00a040")
    assert figure(Figure(0.0, 0.0, 0.0, 40, unit="days"), "en")[0] == "0\u00a0d"
