"""Every real sample is known by exactly one format, the right one, or by none."""

from __future__ import annotations

from pathlib import Path

import pytest

from etappe.errors import FileFault
from etappe.sources.files import find
from etappe.sources.format import formats, recognise
from etappe.sources.sniff import look

# Folder of samples, and the source that its exports are of; None where they are no export of a known system.
FOLDERS = {
    "dsearle_paths": None, "febrl": None, "ga4_sample_row": "ga4", "german_legal_forms": None, "google_ads_seeds": "google_ads",
    "linkedin_seeds": "linkedin_ads", "matomo_exports": "matomo", "northwind": None, "ocel": "ocel", "plausible_exports": "plausible",
    "pm4py_logs": "xes", "qualtrics_csv_de": "qualtrics", "qualtrics_seeds": "qualtrics", "retentioneering": None,
    "snowplow_web_apache": "snowplow", "splink_fake1000": None, "telco_churn": None, "tracker_payloads": "segment",
    "zendesk_seeds": "zendesk", "hubspot_schema_seeds": "hubspot", "salesforce_schema_seeds": "salesforce",
    "mailchimp_seeds": "mailchimp", "marketo_seeds": "marketo",
}  # fmt: skip
UNKNOWN = {"ocel2-validation.xsd", "schema_ocel2.json", "test_stg_ga4__events.example"}


@pytest.mark.shared
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_sample_is_known_by_one_format_of_its_system_alone(shared: Path, tmp_path: Path, folder: str) -> None:
    source = FOLDERS[folder]
    for item in find([shared / folder], tmp_path):
        if item.fault or "LICENSE" in item.shown:
            continue
        try:
            known = recognise(look(item.path))
        except FileFault:
            known = []
        names = [format_.name for _, format_ in known]
        assert len(names) <= 1, (item.shown, names)
        assert all(format_.source in (source, "connector") for _, format_ in known), (item.shown, names)
        if folder.removesuffix("_seeds") in (
            "google_ads",
            "linkedin",
            "qualtrics",
            "zendesk",
            "matomo_exports",
            "plausible_exports",
            "pm4py_logs",
            "ocel",
        ):
            assert names or Path(item.shown).name in UNKNOWN, item.shown


def test_formats_say_what_they_are_and_have_names_of_their_own() -> None:
    for format_ in formats():
        assert format_.words.endswith((".", "…")), format_.name
        assert len(format_.words) > 20, format_.name


@pytest.mark.parametrize(("columns", "known"), [("id,name,_fivetran_synced", True), ("_fivetran_synced,id,value", True), ("id,name,_sdc_batched_at", True), ("id,name", False), ("id,name,email,_fivetran_synced", False)])
def test_a_connectors_list_of_bare_names_is_no_fault(tmp_path: Path, columns: str, known: bool) -> None:
    """What has one column more, or no mark of a connector, may be anything: it is asked about."""
    path = tmp_path / "team.csv"
    path.write_text(f"{columns}\n1,2,3,4\n", encoding="utf-8")
    assert [format_.name for _, format_ in recognise(look(path))] == ["connector list of names"] * known
