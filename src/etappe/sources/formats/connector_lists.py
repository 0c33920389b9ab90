"""Lists of bare names that a connector keeps beside the tables that say them by id: teams, places, roles."""

from __future__ import annotations

from etappe.sources.formats._recognising import only
from etappe.sources.formats._refuse import set_aside
from etappe.sources.sniff import Sample

_MARKS = ("_fivetran_synced", "_sdc_batched_at", "_airbyte_extracted_at", "_dlt_load_id")  # a connector's own columns


def _is_list_of_names(sample: Sample) -> float:
    """An id, a name and the connector's mark, and nothing else: whatever else stood there could say something."""
    return 0.8 if sample.has_any(*_MARKS) and (only(sample, "id", "name") or only(sample, "id", "value")) else 0.0


FORMATS = [
    set_aside(
        "connector list of names", "connector", "A list of bare names (teams, places, roles) that a connector writes beside its other tables.", _is_list_of_names,
        "it is a list of bare names (teams, places, roles) as a connector keeps it, and adds nothing to a journey",
    ),
]  # fmt: skip
