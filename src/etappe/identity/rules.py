"""What a workspace says about its own identity rules: `rules/identity.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from etappe.errors import Fault, Faults, RulesFault

TEMPLATE = Path(__file__).parent / "data" / "identity.yaml"


class IdentityRules(BaseModel):
    """The rules of who is who; every one has a default that works without a file.

    Parameters
    ----------
    own_domains : list of str
        Domains of the own company: whoever has an address there is internal.
    own_people : list of str
        Further e-mail addresses of own people (agencies, private addresses).
    free_mail : list of str
        Domains, besides the built-in list, where anybody can have a mailbox.
    role_mailboxes : list of str
        Local parts, besides the built-in list, of mailboxes that several people read.
    not_role_mailboxes : list of str
        Whole addresses that look like role mailboxes and are one person's.
    phone_country : str
        Country calling code for telephone numbers without one.
    people_per_identifier : int
        An address with more records than this in one source ties nobody.
    identifiers_per_person : int
        More identifiers than this are not one person; the weakest are held apart.
    records_per_account : int
        More company records than this are not merged by likeness.
    merge_from : float
        Probability from which the scorer's match of two company records is accepted.
    show_from : float
        Probability from which a match that was not accepted is listed as rejected.
    shared_device_share : float
        A device with several persons still counts as one person's when this share of its records is theirs.
    network : bool
        Whether an anonymous visitor's network may name the company.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    own_domains: list[str] = Field(default_factory=list)
    own_people: list[str] = Field(default_factory=list)
    free_mail: list[str] = Field(default_factory=list)
    role_mailboxes: list[str] = Field(default_factory=list)
    not_role_mailboxes: list[str] = Field(default_factory=list)
    phone_country: str = Field("49", pattern=r"^[1-9][0-9]{0,3}$")
    people_per_identifier: int = Field(8, ge=1)
    identifiers_per_person: int = Field(300, ge=2)
    records_per_account: int = Field(40, ge=2)
    merge_from: float = Field(0.95, gt=0.5, le=1)
    show_from: float = Field(0.5, ge=0, le=1)
    shared_device_share: float = Field(0.95, gt=0.5, le=1)
    network: bool = True

    @field_validator("own_domains", "own_people", "free_mail", "role_mailboxes", "not_role_mailboxes")
    @classmethod
    def _lower(cls, values: list[str]) -> list[str]:
        return [value.strip().lower().removeprefix("www.").lstrip("@") for value in values if value.strip()]

    @classmethod
    def parse(cls, text: str, where: str | Path = "rules/identity.yaml") -> IdentityRules:
        """The rules from YAML text.

        Raises
        ------
        RulesFault, Faults
            With file, line and column of everything that cannot be read.
        """
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            content = yaml.safe_load(text)
        except yaml.YAMLError as fault:
            raise _broken_yaml(fault, where) from None
        if content is None:
            return cls()
        if not isinstance(content, dict):
            raise RulesFault(
                "The identity rules are not a list of names with values.",
                f"{where}:1:1",
                "Write `own_domains: [firma.de]`.",
            )
        try:
            return cls.model_validate(content)
        except ValidationError as wrong:
            found = sorted((_fault(error, node, where) for error in wrong.errors()), key=lambda pair: pair[0])
            raise _one_or_all([fault for _, fault in found]) from None


def _broken_yaml(fault: yaml.YAMLError, where: str | Path) -> RulesFault:
    mark = getattr(fault, "problem_mark", None)
    place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else str(where)
    return RulesFault(f"This is not YAML: {getattr(fault, 'problem', fault)}.", place, "Mend the line, then run again.")


def _fault(error: Any, node: yaml.Node | None, where: str | Path) -> tuple[tuple[int, int], RulesFault]:
    """A fault with its line and column."""
    path = [part for part in error["loc"] if isinstance(part, (str, int))]
    line, column = _mark(node, path)
    place = f"{where}:{line}:{column}"
    name = ".".join(map(str, path))
    if error["type"] == "extra_forbidden":
        known = f"Known: {', '.join(IdentityRules.model_fields)}."
        return (line, column), RulesFault(f"There is no identity rule `{name}`.", place, known)
    what = f"`{name}`: {error['msg']}."
    return (line, column), RulesFault(what, place, "See docs/identity.md for what it may be.")


def _mark(node: yaml.Node | None, path: list[str | int]) -> tuple[int, int]:
    """Line and column of the value at a path, from 1."""
    found = node
    for part in path:
        if isinstance(found, yaml.MappingNode):
            found = next(
                (key if len(path) == 1 else value for key, value in found.value if key.value == str(part)),
                found,
            )
        elif isinstance(found, yaml.SequenceNode) and isinstance(part, int) and part < len(found.value):
            found = found.value[part]
    if found is None:
        return 1, 1
    return found.start_mark.line + 1, found.start_mark.column + 1


def _one_or_all(faults: list[RulesFault]) -> Fault:
    return faults[0] if len(faults) == 1 else Faults(list(faults))
