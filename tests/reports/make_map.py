"""A rich map made by hand, with what `check --json` would say of it; the same every time."""

from __future__ import annotations

from typing import Any

from etappe.maps.map import Map
from etappe.maps.order import spread
from etappe.maps.persona import Persona

STAGES = [
    ("research", "Vorrecherche", "Problem und Anforderungen sind klar", 40, (19.0, 15.0, 24.0, 612)),
    ("supplier_search", "Anbietersuche", "Die Longlist steht", 25, (14.0, 11.0, 18.0, 435)),
    ("preselection", "Vorauswahl", "Die Anbieter für Gespräche sind gewählt", 30, (11.0, 9.0, 14.0, 278)),
    ("first_talks", "Vorgespräche", "Der Bedarf ist gemeinsam beschrieben", 20, (16.0, 12.0, 19.0, 161)),
    ("request_for_proposal", "Angebotsanforderung", "Vergleichbare Angebote liegen vor", 12, (21.0, 17.0, 27.0, 106)),
    ("shortlist", "Shortlist", "Zwei Anbieter bleiben übrig", 14, (9.0, 6.0, 14.0, 55)),
    ("decision", "Entscheidung", "Der Vertrag ist unterschrieben", 21, (26.0, 18.0, 41.0, 41)),
]
LANES = ["actions", "questions", "feelings", "touchpoints", "pain_points", "content", "buying_center", "opportunities"]
ID = {"P": "preselection", "R": "research", "S": "supplier_search", "F": "first_talks", "A": "request_for_proposal", "L": "shortlist", "D": "decision"}


def share(value: float, low: float, high: float, n: int) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "n": n}


# stage, lane, text, extra, claim, verdict, figure
CARDS: list[tuple[str, str, str, dict[str, Any], str, str, Any]] = [
    ("R", "actions", "Liest Fachartikel zu Maschinenausfällen", {"provenance": "interview", "evidence": ["interview:int-03#p1", "interview:int-07#p4"]}, "coverage(article) in research >= 0.4", "confirmed", share(0.68, 0.64, 0.72, 612)),
    ("R", "actions", "Schreibt auf, was die Lösung können muss", {}, "", "", None),
    ("R", "questions", "Haben andere das Problem auch, und wie lösen sie es?", {"evidence": [{"ref": "interview:int-07#p9", "quote": "Ich wollte erst einmal wissen, ob wir die Einzigen sind."}], "provenance": "interview"}, "", "", None),
    ("R", "touchpoints", "Fachartikel über die Suchmaschine", {"touchpoint": "article", "channel": "organic search"}, "coverage(article) in research >= 0.5", "confirmed", share(0.68, 0.64, 0.72, 612)),
    ("R", "touchpoints", "Newsletter", {"touchpoint": "newsletter", "channel": "email"}, "coverage(newsletter) in research >= 0.2", "contradicted", share(0.07, 0.05, 0.09, 612)),
    ("R", "pain_points", "Jeder Anbieter nennt es anders", {"provenance": "interview", "evidence": ["interview:int-01#p2"]}, "mention(Begriffe) >= 5 of interviews", "confirmed", {"value": 6, "low": 6, "high": 6, "n": 11}),
    ("R", "content", "Grundlagen zum Thema, herstellerneutral", {}, "", "", None),
    ("R", "buying_center", "Instandhaltung stößt das Thema an", {"role": "initiator", "personas": ["instandhaltung"]}, "", "", None),
    ("R", "opportunities", "Glossar der Schwingungsmessung veröffentlichen", {"effort": 2, "effect": 4, "state": "planned"}, "", "", None),
    ("S", "actions", "Sucht „Schwingungsmessung nachrüsten“ und legt eine Liste an", {"provenance": "data", "moment_of_truth": True}, 'found("schwingungsmessung nachrüsten") <= 10', "contradicted", {"value": 14.2, "low": 12.8, "high": 15.9, "n": 90}),
    ("S", "actions", "Fragt Kollegen aus anderen Werken", {"provenance": "interview", "evidence": ["interview:int-02#p3"]}, "", "", None),
    ("S", "questions", "Gibt es das für Maschinen wie unsere?", {}, "", "", None),
    ("S", "touchpoints", "Lösungsseite", {"touchpoint": "solution page", "channel": "organic search"}, "coverage(solution page) in supplier_search >= 0.3", "confirmed", share(0.74, 0.70, 0.78, 435)),
    ("S", "touchpoints", "LinkedIn-Anzeige", {"channel": "paid social"}, "coverage(product ad) in supplier_search >= 0.2", "contradicted", share(0.04, 0.025, 0.062, 435)),
    ("S", "touchpoints", "Stand auf der Fachmesse", {"touchpoint": "fair talk", "channel": "fair"}, "coverage(fair talk) in supplier_search between 0.1 and 0.3", "undecided", share(0.28, 0.24, 0.33, 435)),
    ("S", "pain_points", "Die eigene Branche kommt auf der Seite nicht vor", {"provenance": "co-creation"}, "", "", None),
    ("S", "content", "Lösungsseite je Branche: Pumpen, Verpackung, Getriebe", {}, "content(solution page) in supplier_search >= 0.5", "confirmed", share(0.74, 0.70, 0.78, 435)),
    ("S", "buying_center", "IT wird gefragt, ob das ins Netz darf", {"role": "gatekeeper"}, "", "", None),
    ("P", "actions", "Vergleicht drei Anbieter in einer selbst gebauten Tabelle", {"provenance": "interview", "evidence": [{"ref": "interview:int-11#p2", "quote": "Ich hab mir eine eigene Tabelle gebaut."}]}, "coverage(comparison page) in preselection >= 0.3", "undecided", share(0.31, 0.26, 0.37, 278)),
    ("P", "questions", "Was kostet das ungefähr?", {"moment_of_truth": True, "provenance": "interview", "evidence": [{"ref": "interview:int-04#p7", "quote": "Ohne Preis kein Termin."}]}, "mention(Preis unklar) >= 3 of interviews", "confirmed", {"value": 9, "low": 9, "high": 9, "n": 11}),
    ("P", "touchpoints", "Preisseite", {"touchpoint": "pricing page", "channel": "direct"}, "coverage(pricing page) in preselection >= 0.5", "confirmed", share(0.81, 0.76, 0.85, 278)),
    ("P", "touchpoints", "ROI-Rechner", {"touchpoint": "roi calculator"}, "coverage(roi calculator) in preselection >= 0.2", "too_few", {"value": None, "why": "too few", "n": 12}),
    ("P", "pain_points", "Der Preis hängt von Dingen ab, die ich noch nicht weiß", {"provenance": "interview", "detail": "Zahl der Messstellen, vorhandene Sensoren und die Lizenzlaufzeit sind in dieser Phase meist unbekannt."}, "conversion(preselection) >= 0.7", "contradicted", share(0.58, 0.52, 0.64, 278)),
    ("P", "content", "Preisspanne mit drei Beispielen", {}, "", "", None),
    ("P", "buying_center", "Einkauf verlangt einen zweiten Anbieter", {"role": "buyer", "personas": ["einkauf"]}, "", "", None),
    ("P", "opportunities", "Preisspanne auf die Seite stellen", {"effort": 1, "effect": 5, "state": "open"}, "", "", None),
    ("F", "actions", "Holt die Instandhaltung der anderen Schicht dazu", {}, "coverage(technical workshop) in first_talks >= 0.5", "undecided", share(0.44, 0.36, 0.52, 161)),
    ("F", "questions", "Versteht der Anbieter unsere Anlagen?", {}, "", "", None),
    ("F", "touchpoints", "Telefonat mit dem Vertrieb", {"touchpoint": "sales call", "channel": "outbound call"}, "coverage(sales call) in first_talks >= 0.8", "confirmed", share(0.92, 0.87, 0.95, 161)),
    ("F", "touchpoints", "Vorführung vor Ort", {"touchpoint": "on-site demo", "channel": "meeting", "until": "request_for_proposal"}, "order(sales call, on-site demo)", "confirmed", share(0.88, 0.82, 0.93, 118)),
    ("F", "pain_points", "Der Vertrieb fragt nach dem Budget, bevor er zuhört", {"provenance": "interview"}, "", "", None),
    ("F", "content", "Checkliste für das erste Gespräch", {}, "", "", None),
    ("F", "buying_center", "IT-Leitung prüft Schnittstellen und Betrieb", {"role": "gatekeeper"}, "", "", None),
    ("A", "actions", "Fordert das Angebot über das Formular an", {"provenance": "data"}, "coverage(proposal request) in request_for_proposal >= 0.4", "confirmed", share(0.57, 0.47, 0.66, 106)),
    ("A", "questions", "Sind die Angebote überhaupt vergleichbar?", {}, "", "", None),
    ("A", "touchpoints", "Angebot als PDF", {"touchpoint": "quote page"}, "", "", None),
    ("A", "pain_points", "Das Angebot kommt spät", {}, "dwell(request_for_proposal) <= 14 days", "contradicted", {"value": 21, "low": 17, "high": 27, "n": 106}),
    ("A", "content", "Muster-Lastenheft zum Ausfüllen", {"provenance": "co-creation"}, "", "", None),
    ("A", "buying_center", "Einkauf kommt dazu und führt die Verhandlung bis zur Unterschrift", {"role": "buyer", "until": "decision", "provenance": "data", "personas": ["einkauf"]}, "", "", None),
    ("A", "opportunities", "Angebotsfrist von sieben Tagen zusagen", {"effort": 3, "effect": 4, "state": "open"}, "", "", None),
    ("L", "actions", "Prüft Referenzen", {}, "coverage(reference list) in shortlist >= 0.5", "too_few", {"value": None, "why": "too few", "n": 12}),
    ("L", "questions", "Was sagen Betriebe unserer Größe nach zwei Jahren?", {}, "", "", None),
    ("L", "touchpoints", "Referenzbesuch", {"touchpoint": "reference visit"}, "coverage(reference visit) in shortlist >= 0.3", "undecided", share(0.29, 0.18, 0.42, 55)),
    ("L", "pain_points", "Referenzen sind aus einer anderen Branche", {"provenance": "interview"}, "", "", None),
    ("L", "content", "Fallstudie aus derselben Branche", {"url": "https://example.org/fallstudie"}, "", "", None),
    ("D", "actions", "Bewertet beide Anbieter mit einer Entscheidungsmatrix", {"provenance": "interview", "evidence": ["interview:int-03#p8", "interview:int-04#p9", "interview:int-09#p1"]}, "milestone(order) in decision >= 0.5", "no_data", None),
    ("D", "questions", "Wer trägt das Risiko, wenn es nicht funktioniert?", {}, "", "", None),
    ("D", "touchpoints", "Termin mit dem Einkauf", {"touchpoint": "procurement meeting"}, "coverage(procurement meeting) in decision >= 0.6", "confirmed", share(0.85, 0.72, 0.93, 41)),
    ("D", "pain_points", "Einkauf kommt zu spät dazu", {"provenance": "data"}, "", "", None),
    ("D", "pain_points", "Vertragsprüfung dauert", {}, "dwell(decision) between 10 and 60 days", "out_of_date", {"value": 26, "low": 18, "high": 41, "n": 41}),
    ("D", "content", "Vorlage für die Entscheidungsmatrix", {}, "", "", None),
    ("D", "buying_center", "Geschäftsführung unterschreibt", {"role": "decider"}, "", "", None),
]  # fmt: skip

FEELINGS = {
    ("hand", ""): {"research": 0.6, "supplier_search": 0.4, "preselection": 0.2, "first_talks": 0.6, "request_for_proposal": 0.5, "shortlist": 0.6, "decision": 0.8},
    ("measured", "instandhaltung"): {"research": (0.3, 0.1, 0.5, 140), "supplier_search": (-0.2, -0.4, 0.0, 96), "preselection": (-1.1, -1.3, -0.9, 88), "first_talks": (0.6, 0.3, 0.9, 51), "request_for_proposal": (0.1, -0.4, 0.6, 33), "decision": (0.9, 0.5, 1.3, 30)},
    ("measured", "einkauf"): {"preselection": (-0.3, -0.7, 0.1, 31), "first_talks": (-0.1, -0.6, 0.4, 30), "request_for_proposal": (-1.0, -1.4, -0.6, 35)},
}  # fmt: skip


def rich_map(**fields: Any) -> Map:
    """Seven phases, more than fifty cards, two personas, a decision matrix."""
    cards = {}
    for number, ((stage, lane, text, extra, claim, _, _), order) in enumerate(zip(CARDS, spread(len(CARDS)), strict=True), start=1):
        cards[f"k{number}"] = {"id": f"k{number}", "order": order, "stage": ID[stage], "lane": lane, "text": text, "claim": claim, **extra}
    return Map.load({
        "id": "maschine-kaufen", "title": "Erstkauf · Leitung Instandhaltung", "language": "de", "owner": "anna@example.com", "review_by": "2027-01-12",
        "journey": ["first_purchase"], "personas": ["instandhaltung", "einkauf"], "template": "seven-phases", "measured": {"value": 116, "low": 103, "high": 131, "n": 41, "recipe": "durations v1"},
        "scenario": "Ein Maschinenbauer mit 200 Leuten will nach zwei ungeplanten Stillständen seine Anlagen überwachen.",
        "expectation": "In vier Wochen in Betrieb, ohne Umbau und ohne eigene Fachleute für Daten.",
        "stages": {id: {"id": id, "order": order, "title": title, "milestone": goal, "planned_days": days, "measured": {"value": m[0], "low": m[1], "high": m[2], "n": m[3], "recipe": "durations v1"}} for (id, title, goal, days, m), order in zip(STAGES, spread(7), strict=True)},
        "lanes": {id: {"id": id, "order": order, "kind": id} for id, order in zip(LANES, spread(len(LANES)), strict=True)},
        "feelings": dict(_points()),
        "competitors": {id: {"id": id, "order": order, "title": title} for (id, title), order in zip([("us", "Wir"), ("a", "Schwingmess AG"), ("b", "Predikt GmbH"), ("c", "Eigenbau")], spread(4), strict=True)},
        "criteria": {f"c{n}": {"id": f"c{n}", "order": order, "text": text, "weight": weight, "standing": standing} for n, ((text, weight, standing), order) in enumerate(zip([
            ("Läuft ohne Umbau an vorhandenen Maschinen", 30, {"us": 5, "a": 3, "b": 2, "c": 4}),
            ("Preis ist vor dem ersten Gespräch abschätzbar", 20, {"us": 1, "a": 3, "b": 4, "c": 5}),
            ("Referenz aus derselben Branche", 20, {"us": 2, "a": 4, "b": 2}),
            ("Betrieb im eigenen Netz möglich", 15, {"us": 5, "a": 2, "b": 1, "c": 5}),
            ("Deutschsprachiger Support mit fester Ansprechperson", 15, {"us": 4.5, "a": 4, "b": 2, "c": 1}),
        ], spread(5), strict=True), start=1)},
        "cards": cards, **fields,
    })  # fmt: skip


def _points() -> Any:
    for (how, who), values in FEELINGS.items():
        for stage, value in values.items():
            point: dict[str, Any] = {"stage": stage, "persona": who, "how": how, "id": "x"}
            point |= {"value": value} if isinstance(value, float) else dict(zip(("value", "low", "high", "n"), value, strict=True))  # type: ignore[arg-type]
            yield f"{stage}/_/{who or '_'}/{how}", point


def check() -> dict[str, Any]:
    """What `check --json` says of the rich map."""
    claims = []
    for number, (stage, lane, _, _, claim, verdict, figure) in enumerate(CARDS, start=1):
        if claim:
            recipe = {"name": claim.partition("(")[0], "version": 1, "words": f"Rezept {claim.partition('(')[0]}"}
            population = {"kind": ["first_purchase"], "persona": ["instandhaltung", "einkauf"]}
            claims.append({"card": f"k{number}", "stage": ID[stage], "lane": lane, "claim": claim, "verdict": verdict, "figure": figure, "recipe": recipe, "population": population})
    spots = [
        ("research", "fair visit", share(0.31, 0.27, 0.35, 612), 190), ("research", "webinar", share(0.18, 0.15, 0.21, 612), 110),
        ("preselection", "documentation", share(0.36, 0.31, 0.42, 278), 100), ("request_for_proposal", "procurement meeting", share(0.38, 0.29, 0.48, 106), 40),
        ("decision", "contract review", share(0.63, 0.48, 0.76, 41), 26),
    ]  # fmt: skip
    return {
        "map": "maschine-kaufen", "as_of": "2026-06-30T00:00:00Z", "agreement": share(0.73, 0.69, 0.77, 612), "claims": claims,
        "blind_spots": [{"stage": stage, "touchpoint": what, "coverage": figure, "journeys": n} for stage, what, figure, n in spots],
    }  # fmt: skip


TITLES = {"instandhaltung": "Leitung Instandhaltung", "einkauf": "Strategischer Einkauf"}


def big_map(count: int = 500) -> Map:
    """A map of many cards over ten columns and eight lanes."""
    stages = {f"s{n}": {"id": f"s{n}", "order": order, "title": f"Phase {n}", "milestone": f"Ziel {n} ist erreicht"} for n, order in enumerate(spread(10))}
    lanes = {id: {"id": id, "order": order, "kind": id} for id, order in zip(LANES, spread(len(LANES)), strict=True)}
    cards = {
        f"k{n}": {"id": f"k{n}", "order": order, "stage": f"s{n % 10}", "lane": LANES[n // 10 % len(LANES)], "text": f"Karte {n}: prüft Anforderungen und vergleicht Anbieter", "claim": "coverage(article) >= 0.4" if n % 5 == 0 else ""}
        for n, order in enumerate(spread(count))
    }  # fmt: skip
    return Map.load({"id": "gross", "title": "Große Map", "stages": stages, "lanes": lanes, "cards": cards})


def persona() -> Persona:
    """A persona with traits of every kind, some from interviews."""
    from etappe.maps.template import new_persona

    return new_persona("instandhaltung", "maintenance-engineer", language="de", owner="anna@example.com")
