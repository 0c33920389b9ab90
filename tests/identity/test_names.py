import pytest
from hypothesis import given
from hypothesis import strategies as st

from etappe.identity import lists
from etappe.identity.names import company_key, company_likeness, fold, likenesses, names_contradict, person_words

LETTERS = st.text("abcdefghijklmnopqrstuvwxyzäöüß", min_size=3, max_size=12)
NAMES = st.lists(LETTERS, min_size=1, max_size=3).map(" ".join)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Müller & Söhne GmbH & Co. KG", "mueller und soehne"),
        ("Mueller und Soehne G.m.b.H.", "mueller und soehne"),
        ("Kranbau Köthen UG (haftungsbeschränkt)", "kranbau koethen"),
        ("Huber Ges.m.b.H.", "huber"),
        ("Meier e.K.", "meier"),
        ("Alfa Sp. z o.o.", "alfa"),
        ("Beta S. A.", "beta"),
        ("Gamma S.p.A.", "gamma"),
        ("Delta Ltd.", "delta"),
        ("Epsilon, Inc.", "epsilon"),
        ("Zeta SE & Co. KGaA", "zeta"),
        ("Eta a.s.", "eta"),
        ("Firma Theta OHG", "theta"),
        ("AG für Technik", "ag fuer technik"),
        ("KG Deutsche Gasrußwerke GmbH & Co", "kg deutsche gasrusswerke"),
        ("Co GmbH", "co"),
    ],
)
def test_a_company_is_known_without_its_legal_form(written: str, key: str) -> None:
    assert company_key(written) == key


@pytest.mark.parametrize("form", [line.lstrip("!") for line in lists.lines("legal_forms.txt")])
def test_every_legal_form_of_the_list_falls_away_at_the_end(form: str) -> None:
    assert company_key(f"Schwingungsmesstechnik {form}") == "schwingungsmesstechnik"


@given(NAMES)
def test_a_name_is_its_own_key_once_the_legal_form_is_gone(name: str) -> None:
    key = company_key(name)
    assert company_key(key) == key
    assert company_key(f"{name} GmbH") == key
    assert key


@given(LETTERS)
def test_umlauts_are_the_same_written_out(word: str) -> None:
    written_out = word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    assert fold(word) == fold(written_out)


@given(NAMES, NAMES)
def test_likeness_does_not_ask_who_came_first(one: str, two: str) -> None:
    left, right = company_key(one), company_key(two)
    assert company_likeness(left, right) == company_likeness(right, left)
    assert 0 <= company_likeness(left, right) <= 1
    assert company_likeness(left, left) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Muster Maschinenbau", "Mustermaschinenbau"),
        ("Schmidt Anlagenbau", "Schmitt Anlagenbau"),
        ("Weber Antriebstechnik", "Weber Antriebs-Technik"),
        ("Grosshans", "Großhans"),
        ("Muster Maschinenbau", "Muster"),
    ],
)
def test_spellings_of_one_company_are_compatible(one: str, two: str) -> None:
    assert company_likeness(company_key(one), company_key(two)) >= 0.85


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Muster", "Muster Holding"),
        ("Muster Maschinenbau", "Muster Logistik"),
        ("Weber Anlagenbau", "Weber Werkzeugbau"),
        ("Weber Anlagenbau", "Huber Anlagenbau"),
        ("Muster Austria", "Muster Schweiz"),
        ("Werk 1", "Werk 2"),
        ("Muster Maschinenbau", "Maschinenbau"),
    ],
)
def test_companies_of_one_family_or_trade_are_not(one: str, two: str) -> None:
    assert company_likeness(company_key(one), company_key(two)) < 0.85


@pytest.mark.parametrize(
    ("one", "two", "contradict"),
    [
        ("Max Muster", "Petra Klein", True),
        ("Max Muster", "M. Muster", False),
        ("Dr. Petra Klein", "Petra Schmidt-Klein", False),
        ("Petra Klein", "Petra Schmidt", False),
        ("Max Muster", "Max Mustr", False),
        ("Herr", "Petra Klein", False),
        ("Müller, Jörg", "Joerg Mueller", False),
    ],
)
def test_names_contradict_only_when_they_share_nothing(one: str, two: str, contradict: bool) -> None:
    assert names_contradict(person_words(one), person_words(two)) is contradict
    assert names_contradict(person_words(two), person_words(one)) is contradict


NEAR = ["Muster", "Musterr", "Mustermann", "Maschinenbau", "Maschinen", "Deutschland", "Austria", "Holding", "Vertrieb", "2000", "Söhne", "und", "GmbH", ""]
SIMILAR = st.lists(st.tuples(*[st.sampled_from(NEAR)] * 3).map(" ".join), min_size=2, max_size=12)


@given(SIMILAR)
def test_many_names_are_compared_as_one_by_one_from_the_bound_on(names: list[str]) -> None:
    keys = sorted({company_key(name) for name in names} - {""})
    pairs = [(one, two) for one in keys for two in keys]
    for pair, found in zip(pairs, likenesses([one for one, _ in pairs], [two for _, two in pairs], 0.78), strict=True):
        exact = company_likeness(*pair)
        assert found == exact or max(found, exact) < 0.78, pair
