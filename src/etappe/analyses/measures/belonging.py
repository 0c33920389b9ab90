"""Who belongs: the rule of a persona over the persons of a build, the rule of a segment over its accounts.

All fields of a rule have to hold; of several patterns of one field any. `department` and `seniority` are looked for in
the job title, where exports write them; `role` is the role in a buying center, or what the CRM states.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.analyses.analysis import Tables
from etappe.errors import QuestionFault
from etappe.tables.engine import reads

Rule = Mapping[str, Any]
_SPECIAL = re.compile(r"\(\?|\\[^.+*?()\[\]{}|^$wdsbWDSB\\/-]|\{|[*+?}]\+|\x00")
"""What an engine may not know of patterns that Python reads: look-ahead, references, escapes, counts."""
_TITLE = ("title", "department", "seniority")
_NUMBERS = ("employees", "revenue")


def persons_of(tables: Tables, rule: Rule) -> ir.Table:
    """The persons (column `person_id`) that a rule finds; the own people never belong. An empty rule finds nobody."""
    persons = tables.built["persons"].filter(~tables.built["persons"].internal.fill_null(False))
    if not rule:
        return persons.filter(ibis.literal(False)).select("person_id")
    _read_by_engine(tables, rule)
    for name, wanted in rule.items():
        if name in _TITLE:
            persons = persons.filter(_matches(persons.title, wanted))
        elif name in ("email", "language"):
            persons = persons.filter(_matches(persons[name], wanted))
        elif name == "role":
            center = tables.buying_center
            named = center.filter(_matches(center.role, wanted)).select("person_id").distinct()
            stated = persons.filter(_matches(persons.stated_role, wanted)).select("person_id")
            persons = persons.semi_join(named.union(stated), "person_id")
        elif name == "touchpoint":
            steps = tables.built["steps"]
            met = steps.filter(_matches(steps.touchpoint, wanted) & steps.person_id.notnull()).select("person_id").distinct()
            persons = persons.semi_join(met, "person_id")
    return persons.select("person_id")


def accounts_of(tables: Tables, rule: Rule) -> ir.Table:
    """The accounts (column `account_id`) that a segment's rule finds."""
    accounts = tables.built["resolved_accounts"].filter(~tables.built["resolved_accounts"].internal.fill_null(False))
    if not rule:
        return accounts.filter(ibis.literal(False)).select("account_id")
    for name, wanted in rule.items():
        if name == "accounts":
            accounts = accounts.filter(_listed(accounts, wanted))
        elif name in _NUMBERS and isinstance(wanted, Mapping):
            if wanted.get("from") is not None:
                accounts = accounts.filter(accounts[name] >= float(wanted["from"]))
            if wanted.get("below") is not None:
                accounts = accounts.filter(accounts[name] < float(wanted["below"]))
        elif name in accounts.columns:
            accounts = accounts.filter(_matches(accounts[name], wanted))
    return accounts.select("account_id")


def _listed(accounts: ir.Table, wanted: Any) -> ir.BooleanValue:
    """The companies of a list: by domain, name or id, as a whole and in any case."""
    names = [str(item).lower() for item in (wanted if isinstance(wanted, (list, tuple)) else [wanted])]
    return ibis.or_(*(accounts[column].lower().isin(names).fill_null(False) for column in ("domain", "name", "account_id")))


def _read_by_engine(tables: Tables, rule: Rule) -> None:
    """Refuses a pattern that the engine cannot read; ordinary ones cost nothing."""
    for wanted in rule.values():
        for pattern in wanted if isinstance(wanted, (list, tuple)) else [wanted]:
            if _SPECIAL.search(str(pattern)) and _valid(str(pattern)) and not reads(tables.engine, tables.built["persons"].limit(1).select(found=lambda row, said=pattern: row.title.re_search(f"(?i){said}"))):
                raise QuestionFault(f"The pattern `{pattern}` of the rule cannot be read: the engine does not know it.", "rule", "Mend it in `rule` of the persona or segment.")


def _valid(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False  # told where it is matched, with the reason
    return True


def _matches(column: ir.StringValue, wanted: Any) -> ir.BooleanValue:
    patterns = wanted if isinstance(wanted, (list, tuple)) else [wanted]
    for pattern in patterns:
        try:
            re.compile(str(pattern))
        except re.error as wrong:
            raise QuestionFault(f"The pattern `{pattern}` of the rule cannot be read: {wrong}.", "rule", "Mend it in `rule` of the persona or segment.") from None
    return ibis.or_(*(column.re_search(f"(?i){pattern}").fill_null(False) for pattern in patterns))
