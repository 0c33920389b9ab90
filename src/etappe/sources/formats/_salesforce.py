"""How Salesforce spells things: columns (AccountId, account_id), ids (15 or 18 letters), dates with and without a time."""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from etappe.sources.formats._recognising import TABULAR, cells
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample

PREFIXES = {
    "account": "001", "contact": "003", "lead": "00Q", "opportunity": "006", "opportunity history": "008",
    "opportunity contact role": "00K", "campaign": "701", "campaign member": "00v", "task": "00T", "event": "00U",
    "user": "005", "case": "500", "opportunity field history": "017",
}  # fmt: skip
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_BITS = "".join(f"{number:05b}"[::-1] + "|" for number in range(32))
_ID = re.compile(r"^[A-Za-z0-9]{15}([A-Z0-5]{3})?$")
HOUSEKEEPING = ("SystemModstamp", "LastViewedDate", "LastReferencedDate", "LastCURequestDate", "LastCUUpdateDate", "PhotoUrl",
                "_fivetran_synced", "_fivetran_active", "_fivetran_start", "_fivetran_end", "_fivetran_deleted", "attributes")  # fmt: skip


def spelled(*names: str) -> tuple[str, ...]:
    """The API's names and the warehouse's, in order of preference."""
    return tuple(spelling for name in names for spelling in (name, _snake(name)))


def _snake(name: str) -> str:
    plain = name.replace("__c", "_c").replace(".", "_")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9]$)", "_", plain).lower()


def is_object(sample: Sample, kind: str) -> bool | None:
    """Whether the records' ids are those of this object; None where there are no ids to judge by."""
    found = [cell for cell in cells(sample, "Id") if _ID.match(cell)]
    if len(found) < 0.5 * len(cells(sample, "Id")) or not found:
        return None
    return sum(cell.startswith(PREFIXES[kind]) for cell in found) > 0.8 * len(found)


def knows(sample: Sample, *names: str) -> bool:
    """Whether a table has all of these columns, each in either spelling."""
    return sample.container in TABULAR and all(sample.has_any(*spelled(name)) for name in names)


class Cells:
    """The cells of a Salesforce table, under either spelling of their columns."""

    def __init__(self, raw: Raw) -> None:
        self.values = values = raw.values
        self.short = any(len(str(cell).strip()) == 15 for row in raw.sample.rows[:200] for name, cell in row.items() if name.lower().endswith("id"))
        for name in spelled(*HOUSEKEEPING):
            values.raw(name)  # marked as read: they change without the record changing

    def has(self, *names: str) -> bool:
        """Whether any of these columns is there."""
        return self.values.has(*spelled(*names))

    def text(self, *names: str) -> ir.StringValue:
        """A trimmed text."""
        return self.values.text(*spelled(*names))

    def first(self, *names: str) -> ir.StringValue:
        """The first filled cell among several columns."""
        return self.values.first(*spelled(*names))

    def email(self, *names: str) -> ir.StringValue:
        """An e-mail address."""
        return self.values.email(*spelled(*names))

    def flag(self, *names: str) -> ir.BooleanValue:
        """True or false."""
        return self.values.flag(*spelled(*names))

    def number(self, *names: str) -> ir.FloatingValue:
        """A number."""
        return self.values.number(*spelled(*names))

    def moment(self, *names: str) -> ir.TimestampValue:
        """A date with or without a time, as UTC."""
        return self.values.moment(*spelled(*names))

    def ref(self, *names: str) -> ir.StringValue:
        """The id of a record, in its long form: exports of reports have 15 letters where the API has 18."""
        cell = self.text(*names)
        if not self.short:
            return cell
        return ibis.cases((cell.re_search("^[A-Za-z0-9]{15}$"), cell + _check(cell)), else_=cell)

    def deleted(self) -> ir.BooleanValue | None:
        """Whether the record is in the recycle bin; None where the file does not say."""
        name = "IsDeleted" if self.has("IsDeleted") else "_fivetran_deleted"
        return self.flag(name) if self.has(name) else None


def _check(text: ir.StringValue) -> ir.StringValue:
    """The three letters that tell upper from lower case in the fifteen before them: five bits a letter, the first is 1."""
    bits = text.re_replace("[^A-Z]", "0").re_replace("[A-Z]", "1")
    suffix: ir.StringValue = ibis.literal("")
    for block in range(3):
        place = ibis.literal(_BITS).find(bits.substr(5 * block, 5) + "|")
        suffix = suffix + ibis.literal(_SUFFIX).substr(place // 6, 1)
    return suffix


def starts(ref: ir.StringValue, *kinds: str) -> ir.StringValue:
    """The id, where it is one of a record of these kinds."""
    known = ibis.or_(*[ref.startswith(PREFIXES[kind]) for kind in kinds])
    return ibis.cases((known, ref), else_=ibis.null("string"))


def timed(day: ir.TimestampValue, *clocks: ir.TimestampValue) -> ir.TimestampValue:
    """A day with the time of day of the first clock that stands on it; the day's first moment where none does."""
    same = [
        ibis.cases((clock.date() == day.date(), clock), else_=ibis.null("timestamp('UTC')"))
        for clock in clocks
    ]
    return ibis.coalesce(*same, day, *clocks)
