import pytest

from etappe.identity.alike import addresses_alike, first_names_differ, same_person_name
from etappe.identity.domains import DomainKinds, registrable
from etappe.identity.names import person_words


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("shop.firma.co.uk", "firma.co.uk"),
        ("mail.firma.de", "firma.de"),
        ("www.messwerk.example", "messwerk.example"),
        ("a.b.firma.internal", "firma.internal"),
        ("firma.de", "firma.de"),
        ("localhost", "localhost"),
    ],
)
def test_a_domain_is_what_a_company_registered(host: str, domain: str) -> None:
    assert registrable(host) == domain


def test_a_domain_where_anybody_has_a_mailbox_is_no_companys() -> None:
    kinds = DomainKinds(extra_free=["kleinprovider.de"], own=["www.messwerk.example"])
    assert kinds.kind("gmx.de") == "free mail"
    assert kinds.kind("kleinprovider.de") == "free mail"
    assert kinds.kind("p3e9b.dip0.t-ipconnect.de") == "provider"
    assert kinds.kind("de.linkedin.com") == "platform"
    assert kinds.kind("service.messwerk.example") == "own"
    assert kinds.kind("firma.de") == "company"


@pytest.mark.parametrize(
    ("one", "two", "alike"),
    [
        ("max.muster", "m.muster", True),
        ("max.muster", "mmuster", True),
        ("muster", "pmuster", True),
        ("muster.max", "max.muster", True),
        ("max.müller", "m.mueller", True),
        ("max.muster", "petra.klein", False),
        ("a.muster", "p.muster", False),
        ("anna.huber", "bernd.huber", False),
        ("max.muster", "max.muster2", False),
        ("jan.li", "j.li", False),
    ],
)
def test_addresses_are_alike_when_they_can_spell_one_name(one: str, two: str, alike: bool) -> None:
    assert addresses_alike(f"{one}@firma.de", f"{two}@firma.de") is alike
    assert addresses_alike(f"{two}@firma.de", f"{one}@firma.de") is alike
    assert not addresses_alike(f"{one}@firma.de", f"{two}@andere.de")


def test_a_family_name_alone_is_nobodys_name() -> None:
    assert same_person_name(person_words("Max Muster"), person_words("Muster, Max"))
    assert not same_person_name(person_words("Muster"), person_words("Max Muster"))
    assert first_names_differ(person_words("Max Muster"), person_words("Petra Muster"))
    assert not first_names_differ(person_words("Max Muster"), person_words("M. Muster"))
