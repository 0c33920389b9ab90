import pytest

from etappe.errors import Faults, RulesFault
from etappe.identity.rules import IdentityRules


def test_rules_without_a_file_work() -> None:
    assert IdentityRules.parse("") == IdentityRules()


def test_domains_are_read_however_they_are_written() -> None:
    rules = IdentityRules.parse("own_domains: [WWW.Firma.de, '@firma.com', firma.at]")
    assert rules.own_domains == ["firma.de", "firma.com", "firma.at"]


def test_all_faults_are_told_at_once_with_line_and_column() -> None:
    with pytest.raises(Faults) as raised:
        IdentityRules.parse("own_domain: firma.de\nmerge_from: 3\nphone_country: DE\n", "rules/identity.yaml")
    assert [fault.where for fault in raised.value.faults] == [
        "rules/identity.yaml:1:1", "rules/identity.yaml:2:1", "rules/identity.yaml:3:1"
    ]  # fmt: skip


def test_a_list_is_no_set_of_rules() -> None:
    with pytest.raises(RulesFault):
        IdentityRules.parse("- firma.de")
    with pytest.raises(RulesFault):
        IdentityRules.parse("own_domains: [firma.de")
