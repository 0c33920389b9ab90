"""Words by which web trackers name what a visitor did, German and English; all trackers share them."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

BOT: Final = "robot"  # the note on events of crawlers and monitors

# Looked for in this order in an event's own names; the first that is found decides.
WEB_WORDS: Final[dict[str, str]] = {
    "begun": r"(?i)form[ _-]?(start|view|focus|open|begin|abandon|abbruch|field)|^(focus|change)_form$",
    "form": r"(?i)(^|[^a-z])form(s|ular\w*)?([^a-z]|$)|submit|generate_lead|lead[ _]?(created|form)|(demo|quote|trial|contact|callback|offer)[ _-]?request"
    r"|request(ed)?[ _-]?(a[ _-])?(demo|quote|trial|offer)|(demo|quote|trial)[ _-]?(requested|booked|started)|anfrage|angefordert|abgesendet|abgeschickt|kontaktaufnahme"
    r"|signed[ _]up|sign[ _-]?up|registrier|newsletter[ _-]?(sub|anm)",
    "file": r"(?i)[.](pdf|docx?|xlsx?|pptx?|zip|step|stp|dwg|dxf|csv|epub)([?#]|$)",
    "download": r"(?i)download|herunterl|heruntergel",
    "search": r"(?i)(^|[^a-z])(site)?[ _-]?(search|suche|gesucht|searched)|search_results",
    "video": r"(?i)video|webcast",
    "chat": r"(?i)(^|[^a-z])(live)?chat|drift|intercom",
    "sign_in": r"(?i)(^|[^a-z])(log|sign|signed|logged)[ _-]?in([^a-z]|$)|eingeloggt|einloggen|anmeldung|angemeldet",
    "purchase": r"(?i)^purchase$|order[ _](completed|placed)|transaction|bestellung|ecommerceorder",
}


def kind_by_words(words: ir.StringValue) -> ir.StringValue:
    """The kind of event that a tracker's own names speak of; `web_event` where they speak of none."""

    def speaks(of: str) -> ir.BooleanValue:
        return words.re_search(WEB_WORDS[of])

    return ibis.cases(
        (words.isnull(), "web_event"),
        (speaks("begun"), "web_event"),
        (speaks("form"), "form"),
        (speaks("download") | speaks("file"), "download"),
        *((speaks(kind), kind) for kind in ("search", "video", "chat", "sign_in", "purchase")),
        else_="web_event",
    )


def robot(agent: ir.StringValue) -> ir.BooleanValue:
    """Whether a browser calls itself a crawler, monitor or program; plain text search, for it is asked of every row."""
    said = [
        agent.contains(word)
        for word in ("bot", "Bot", "pider", "rawler", "Headless", "curl/", "python-", "monitor")
    ]
    return ibis.or_(*said).fill_null(False)


def unset(text: ir.StringValue) -> ir.StringValue:
    """Null for the words by which web analytics say that there is nothing: (not set), (none), (direct) …"""
    return ibis.cases(
        (
            text.isin(
                ("(not set)", "(none)", "(not provided)", "(data not available)", "<Other>", "(other)")
            ),
            ibis.null("string"),
        ),
        else_=text,
    )
