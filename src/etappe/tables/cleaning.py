"""Identifiers made comparable, as Ibis expressions: identity and journeys clean alike, so that their joins meet.

Every function takes and gives a text column; what cannot be the thing it should be becomes null.
"""

from __future__ import annotations

import hashlib

import ibis
import ibis.expr.types as ir

from etappe.tables import functions

DIGITS = "0123456789abcdefghijklmnopqrstuv"  # base32hex: sorts like the numbers it writes


def email(value: ir.StringValue) -> ir.StringValue:
    """An e-mail address: lower case, without blanks around; null where it is none."""
    text = value.strip().lower()
    plausible = text.like("%_@_%._%") & ~text.contains(" ") & (text.length() < 255)
    return ibis.ifelse(plausible, text, ibis.null("string"))


def email_host(value: ir.StringValue) -> ir.StringValue:
    """The host of a cleaned e-mail address: everything after the last @."""
    return ibis.ifelse(value.contains("@"), value.re_replace("^.*@", ""), ibis.null("string"))


def host(value: ir.StringValue) -> ir.StringValue:
    """The host of a web address or domain as people write it: lower case, no scheme, `www.`, path, port."""
    text = value.strip().lower().re_replace("^[a-z][a-z0-9+.-]*://", "").re_replace("^[^/@]*@", "")
    text = text.re_replace("[/?#:].*$", "").re_replace("^www[0-9]?[.]", "").re_replace("[.]+$", "")
    plausible = text.like("_%._%") & ~text.contains(" ")
    return ibis.ifelse(plausible, text, ibis.null("string"))


def contact(value: ir.StringValue) -> ir.StringValue:
    """The id of a record: trimmed; a Salesforce id of 18 characters becomes its 15, which mean the same (case matters)."""
    text = value.strip()
    salesforce = (text.length() == 18) & text.re_search("^(00|a0)[0-9A-Za-z]{13}[A-Z0-5]{3}$")
    return ibis.ifelse(salesforce, text.substr(0, 15), text).nullif("")


def plain(value: ir.StringValue) -> ir.StringValue:
    """A cookie or user id: trimmed, otherwise as it came."""
    return value.strip().nullif("")


def phone(value: ir.StringValue, country: str = "49") -> ir.StringValue:
    """A telephone number like E.164: `+` and digits; a leading 0 is read as `country` (Germany); null under 7 digits."""
    text = value.strip().re_replace("^(tel|fax|phone)[: ]*", "").replace("(0)", "")
    digits = text.re_replace("[^0-9]", "")
    international = text.startswith("+") | digits.startswith("00")
    bare = ibis.ifelse(digits.startswith("00"), digits.substr(2), digits)
    national = ibis.ifelse(digits.startswith("0"), country + digits.re_replace("^0+", ""), bare)
    number = "+" + ibis.ifelse(international, bare, national)
    return ibis.ifelse((number.length() >= 8) & (number.length() <= 17), number, ibis.null("string"))


def is_switchboard(value: ir.StringValue) -> ir.BooleanValue:
    """Whether a telephone number was written with the extension 0: 0711 1234-0 is the firm's, nobody's own."""
    return value.strip().re_search("[-/ ]0$").fill_null(False)


def company(value: ir.StringValue) -> ir.StringValue:
    """A company's name as a key of `account_keys` of kind `name`: lower case, blanks to one, legal form kept."""
    return value.strip().lower().re_replace("[ \t\r\n]+", " ").nullif("")


def contact_kind(source: ir.StringValue) -> ir.StringValue:
    """The kind of identifier a `contact_ref` of this source is."""
    return "contact:" + source


def account_kind(source: ir.StringValue) -> ir.StringValue:
    """The kind of identifier an `account_ref` of this source is."""
    return "account:" + source


def event_identifier(events: ir.Table) -> tuple[ir.StringValue, ir.StringValue]:
    """Kind and value of an event's first identifier (record id, e-mail, user, cookie, telephone): keys of `person_keys`."""
    named = [
        (contact_kind(events.source), contact(events.contact_ref)),
        (ibis.literal("email"), email(events.email)),
        (ibis.literal("user"), plain(events.user_id)),
        (ibis.literal("cookie"), plain(events.cookie)),
        (ibis.literal("phone"), phone(events.phone)),
    ]
    kind = ibis.cases(*[(value.notnull(), name) for name, value in named], else_=ibis.null("string"))
    return kind, ibis.coalesce(*[value for _, value in named])


def short_id(letter: str, kind: ir.StringValue, value: ir.StringValue) -> ir.StringValue:
    """A stable id of 12 characters (`letter` and 55 bits of the identifier's MD5 in base32hex): short enough to be kept inline."""
    head = functions.md5(kind + "\x1f" + value).substr(0, 14)
    text: ir.StringValue = ibis.literal(letter) + functions.base_32(functions.hex_number(head) % 2**55)
    return text


def short_id_of(letter: str, kind: str, value: str) -> str:
    """The same as :func:`short_id` for one identifier, outside the engine."""
    number = int(hashlib.md5(f"{kind}\x1f{value}".encode(), usedforsecurity=False).hexdigest()[:14], 16)
    return letter + "".join(DIGITS[(number >> 5 * place) & 31] for place in range(10, -1, -1))
