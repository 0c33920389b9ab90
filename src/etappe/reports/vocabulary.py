"""The house's closed lists and default names as a reader sees them, German and English; unknown words
stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from etappe.reports.drawing.clean import tidy
from etappe.reports.theme import Language

# list -> word -> what the screen calls it, or that by language
Names = Mapping[str, Mapping[str, str | Mapping[str, str]]]

_LISTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "kind": {
        "first_purchase": ("Erstkauf", "First purchase"),
        "repurchase": ("Wiederkauf", "Repurchase"),
        "expansion": ("Erweiterung", "Expansion"),
        "renewal": ("Verlängerung", "Renewal"),
        "win_back": ("Rückgewinnung", "Win-back"),
    },
    "outcome": {
        "won": ("gewonnen", "won"),
        "lost": ("verloren", "lost"),
        "dormant": ("eingeschlafen", "dormant"),
        "open": ("offen", "open"),
    },
    "role": {
        "initiator": ("Initiator", "Initiator"),
        "user": ("Anwender", "User"),
        "influencer": ("Beeinflusser", "Influencer"),
        "decider": ("Entscheider", "Decider"),
        "buyer": ("Einkäufer", "Buyer"),
        "gatekeeper": ("Gatekeeper", "Gatekeeper"),
        "": ("Rolle unbekannt", "Role unknown"),
    },
    "stage": {
        "research": ("Vorrecherche", "Research"),
        "supplier_search": ("Anbietersuche", "Supplier search"),
        "preselection": ("Vorauswahl", "Preselection"),
        "first_talks": ("Vorgespräche", "First talks"),
        "request_for_proposal": ("Angebotsanforderung", "Request for proposal"),
        "shortlist": ("Shortlist", "Shortlist"),
        "decision": ("Entscheidung", "Decision"),
        "use": ("Nutzung", "Use"),
        "need": ("Bedarf", "Need"),
        "talks": ("Gespräche", "Talks"),
        "offer": ("Angebot", "Offer"),
        "awareness": ("Aufmerksamkeit", "Awareness"),
        "consideration": ("Abwägung", "Consideration"),
        "conversion": ("Kauf", "Conversion"),
        "retention": ("Bindung", "Retention"),
        "advocacy": ("Befürwortung", "Advocacy"),
        "repurchase": ("Wiederkauf", "Repurchase"),
        "expansion": ("Erweiterung", "Expansion"),
        "referral": ("Empfehlung", "Referral"),
        "win_back": ("Rückgewinnung", "Win-back"),
        "implementation": ("Einführung", "Implementation"),
        "roll_out": ("Ausrollen", "Roll-out"),
        "upgrade": ("Lizenzwechsel", "Upgrade"),
    },
    "channel": {
        "organic search": ("Suche", "Organic search"),
        "paid search": ("Suchanzeige", "Paid search"),
        "organic social": ("Soziale Netze", "Organic social"),
        "paid social": ("Anzeige in sozialen Netzen", "Paid social"),
        "display": ("Bannerwerbung", "Display"),
        "email": ("E-Mail", "E-mail"),
        "referral site": ("Verweis", "Referral site"),
        "direct": ("direkt", "Direct"),
        "partner": ("Partner", "Partner"),
        "fair": ("Messe", "Trade fair"),
        "event": ("Veranstaltung", "Event"),
        "webinar": ("Webinar", "Webinar"),
        "outbound call": ("Anruf vom Anbieter", "Outbound call"),
        "inbound call": ("Anruf vom Kunden", "Inbound call"),
        "meeting": ("Termin", "Meeting"),
        "support": ("Support", "Support"),
        "product": ("Produkt", "Product"),
        "review site": ("Bewertungsportal", "Review site"),
        "survey": ("Umfrage", "Survey"),
        "letter": ("Brief", "Letter"),
        "recommendation": ("Empfehlung", "Recommendation"),
        "other": ("sonstiger", "Other"),
    },
    "reason": {
        "no company known": ("kein Unternehmen bekannt", "no company known"),
        "ambiguous company": ("mehrere Unternehmen kommen in Frage", "several companies come into question"),
        "no date": ("ohne Datum", "no date"),
        "no identifier": ("ohne Kennung", "no identifier"),
        "after as_of": ("nach dem Stand", "after the state of knowledge"),
        "free-mail address": ("Adresse eines Freemail-Anbieters", "free-mail address"),
        "identifier of several people": ("Kennung mehrerer Personen", "identifier of several people"),
        "between journeys": ("zwischen zwei Journeys", "between journeys"),
    },
    "touchpoint": {
        "start": ("Beginn der Journey", "Start of the journey"),
        "home page": ("Startseite", "Home page"),
        "product page": ("Produktseite", "Product page"),
        "solution page": ("Lösungsseite", "Solution page"),
        "pricing page": ("Preisseite", "Pricing page"),
        "article": ("Fachartikel", "Article"),
        "case study": ("Fallstudie", "Case study"),
        "comparison page": ("Vergleichsseite", "Comparison page"),
        "roi calculator": ("ROI-Rechner", "ROI calculator"),
        "white paper": ("White Paper", "White paper"),
        "webinar": ("Webinar", "Webinar"),
        "webinar page": ("Webinarseite", "Webinar page"),
        "demo request": ("Demo-Anfrage", "Demo request"),
        "demo request page": ("Demo-Seite", "Demo request page"),
        "contact form": ("Kontaktformular", "Contact form"),
        "contact page": ("Kontaktseite", "Contact page"),
        "quote page": ("Angebotsseite", "Quote page"),
        "proposal request": ("Angebotsanfrage", "Proposal request"),
        "partner page": ("Partnerseite", "Partner page"),
        "careers page": ("Karriereseite", "Careers page"),
        "documentation": ("Dokumentation", "Documentation"),
        "other page": ("andere Seite", "Other page"),
        "vendor search": ("Suche nach Anbietern", "Vendor search"),
        "product ad": ("Produktanzeige", "Product ad"),
        "review site": ("Bewertungsportal", "Review site"),
        "review": ("Bewertung", "Review"),
        "reference list": ("Referenzliste", "Reference list"),
        "reference visit": ("Referenzbesuch", "Reference visit"),
        "fair talk": ("Messegespräch", "Fair talk"),
        "fair visit": ("Messebesuch", "Fair visit"),
        "sales call": ("Telefonat Vertrieb", "Sales call"),
        "sales meeting": ("Vertriebstermin", "Sales meeting"),
        "sales email": ("E-Mail Vertrieb", "Sales e-mail"),
        "chat with sales": ("Chat mit Vertrieb", "Chat with sales"),
        "technical workshop": ("Technischer Workshop", "Technical workshop"),
        "on-site demo": ("Vorführung vor Ort", "On-site demo"),
        "trial": ("Teststellung", "Trial"),
        "procurement meeting": ("Termin Einkauf", "Procurement meeting"),
        "contract review": ("Vertragsprüfung", "Contract review"),
        "newsletter": ("Newsletter", "Newsletter"),
        "marketing email": ("Marketing-E-Mail", "Marketing e-mail"),
        "email open": ("E-Mail geöffnet", "E-mail opened"),
        "email click": ("E-Mail geklickt", "E-mail clicked"),
        "support ticket": ("Support-Anfrage", "Support ticket"),
        "survey answer": ("Umfrageantwort", "Survey answer"),
        "order": ("Bestellung", "Order"),
        "download": ("Download", "Download"),
        "letter": ("Brief", "Letter"),
        "note": ("Notiz", "Note"),
        "task": ("Aufgabe", "Task"),
        "other": ("Sonstiges", "Other"),
        "webinar registration": ("Webinar-Anmeldung", "Webinar registration"),
        "newsletter sign-up": ("Newsletter-Anmeldung", "Newsletter sign-up"),
        "other form": ("anderes Formular", "Other form"),
        "price list": ("Preisliste", "Price list"),
        "video": ("Video", "Video"),
        "site search": ("Suche auf der Seite", "Site search"),
        "product use": ("Nutzung des Produkts", "Product use"),
        "web event": ("Aktion auf der Seite", "Web event"),
        "ad view": ("Anzeige gesehen", "Ad view"),
        "ad click": ("Klick auf Anzeige", "Ad click"),
        "social contact": ("Kontakt im sozialen Netz", "Social contact"),
        "email bounce": ("E-Mail unzustellbar", "E-mail bounced"),
        "unsubscribe": ("Abmeldung", "Unsubscribed"),
        "list change": ("Listenänderung", "List change"),
        "event visit": ("Veranstaltungsbesuch", "Event visit"),
        "call attempt": ("Anrufversuch", "Call attempt"),
        "support call": ("Telefonat Support", "Support call"),
        "trial meeting": ("Termin zur Teststellung", "Trial meeting"),
        "service meeting": ("Servicetermin", "Service meeting"),
        "chat with support": ("Chat mit Support", "Chat with support"),
        "support reply": ("Antwort vom Support", "Support reply"),
        "recommendation": ("Empfehlung", "Recommendation"),
        "process step": ("Prozessschritt", "Process step"),
    },
}


def term(kind: str, word: object, language: Language, names: Names | None = None) -> str:
    """What a reader calls `word` of the list `kind`: by the workspace's own `names`, else as the
    templates do.

    A word that is on no list is shown as it was written.
    """
    text = tidy(word)
    own = (names or {}).get(kind, {}).get(text)
    if own:
        return tidy(own if isinstance(own, str) else own.get(language) or own.get("en") or text)
    pair = _LISTS[kind].get(text)
    if pair is not None:
        return pair[0 if language == "de" else 1]
    if kind in ("touchpoint", "channel", "reason"):
        return text
    shown = text.replace("_", " ")
    return shown[:1].upper() + shown[1:] if kind == "stage" else shown


def listed() -> dict[str, dict[str, tuple[str, str]]]:
    """All lists, for the page and for tests."""
    return _LISTS
