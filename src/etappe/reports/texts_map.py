"""The words of maps in print, German and English side by side."""

from __future__ import annotations

from typing import Final

MAP_TEXTS: Final[dict[str, tuple[str, str]]] = {
    # figures
    "k_of_n": ("{k} von {of}", "{k} of {of}"),
    "days_short": ("T", "d"),
    "place_n": ("Platz {place}", "place {place}"),
    "says_against": ("Karte: {short} · Daten: {told}", "card: {short} · data: {told}"),
    "quoted": ("„{quote}“", "“{quote}”"),
    # cards
    "p_hypothesis": ("Hypothese", "Hypothesis"),
    "p_interview": ("Interview", "Interview"),
    "p_survey": ("Umfrage", "Survey"),
    "p_data": ("Daten", "Data"),
    "p_co-creation": ("Co-Creation", "Co-creation"),
    "moment": ("Moment der Wahrheit", "Moment of truth"),
    "effort_n": ("Aufwand {effort}/5", "effort {effort}/5"),
    "effect_n": ("Wirkung {effect}/5", "effect {effect}/5"),
    "state_open": ("offen", "open"),
    "state_planned": ("geplant", "planned"),
    "state_done": ("erledigt", "done"),
    "state_dropped": ("verworfen", "dropped"),
    "everybody": ("alle Personas", "everybody"),
    "to_be": ("Soll-Zustand", "to be"),
    "us": ("Wir", "Us"),
    "cards_n": ("{n} Karte|{n} Karten", "{n} card|{n} cards"),
    # rows
    "time_line": ("Zeitachse", "Time line"),
    "planned_n": ("geplant {days}", "planned {days}"),
    "measured_n": ("gemessen {days}", "measured {days}"),
    "milestones": ("Meilensteine", "Milestones"),
    "milestone": ("Meilenstein", "Milestone"),
    "curve_note": ("von −2 bis +2", "from −2 to +2"),
    "feel_good": ("sehr gut", "very good"),
    "feel_neutral": ("neutral", "neutral"),
    "feel_bad": ("sehr schlecht", "very bad"),
    "blind_spots": ("Blinde Flecken", "Blind spots"),
    # legend
    "legend_blind": ("blinder Fleck: häufig, aber auf keiner Karte", "blind spot: frequent, but on no card"),
    "legend_measured": ("Stimmung gemessen, mit 95-%-Band", "feelings measured, with 95% band"),
    "legend_hand": ("von Hand gesetzt", "set by hand"),
    "legend_target": ("Ziel", "target"),
    "legend_source": ("Herkunft: {marks}", "Source: {marks}"),
    # key figures and heading
    "map": ("Journey Map", "Journey map"),
    "map_sheet": ("Map", "Map"),
    "verdicts_sheet": ("Befunde", "Verdicts"),
    "measured_word": ("gemessen", "measured"),
    "about_map": ("Worum es geht", "What it is about"),
    "kf_agreement": ("Übereinstimmung", "agreement"),
    "kf_spots": ("blinder Fleck|blinde Flecken", "blind spot|blind spots"),
    "revision_n": ("Fassung {revision}", "Revision {revision}"),
    "review_due": ("Review fällig am {date}", "review due on {date}"),
    "owned_by": ("Verantwortlich: {name}", "Owner: {name}"),
    "not_checked": ("noch nicht gegen die Daten geprüft", "not yet checked against data"),
    "scenario": ("Ausgangslage", "Scenario"),
    "expectation": ("Erwartung", "Expectation"),
    # findings
    "findings": ("Was jetzt zählt", "What matters now"),
    "findings_note": (
        "Die fünf Befunde mit dem größten Gewicht: widerlegte Annahmen, zu lange Phasen, blinde Flecken, Stimmung.",
        "The five findings that weigh most: contradicted claims, stages that take too long, blind spots, feelings.",
    ),
    "f_contradicted": ("{stage}: „{card}“ trifft so nicht zu", "{stage}: “{card}” does not hold"),
    "f_claimed": ("Angenommen: {claim}.", "Claimed: {claim}."),
    "f_measured": ("Gemessen: {told}.", "Measured: {told}."),
    "f_late": ("{stage} dauert länger als geplant", "{stage} takes longer than planned"),
    "f_late_body": ("Geplant {planned}, gemessen {measured}.", "Planned {planned}, measured {measured}."),
    "f_blind": ("{what} steht auf keiner Karte ({stage})", "{what} is on no card ({stage})"),
    "f_blind_body": ("Anteil der Journeys dieser Phase: {told}.", "Share of the journeys of this stage: {told}."),
    "f_lowest": ("Tiefpunkt der Stimmung: {stage} ({who})", "Lowest feeling: {stage} ({who})"),
    "f_lowest_body": ("{value} auf der Skala von −2 bis +2 ({range}), {n}.", "{value} on the scale from −2 to +2 ({range}), {n}."),
    "f_confirmed": ("„{card}“ ist bestätigt", "“{card}” is confirmed"),
    "curve_how": (
        "von −2 bis +2; gemessen durchgezogen, von Hand gestrichelt; eine Lücke heißt: keine Antworten",
        "from −2 to +2; measured solid, by hand dashed; a gap means no answers",
    ),
    # text and table
    "mermaid_lost": (
        "Das Mermaid-Diagramm zeigt je Phase höchstens sechs Handlungen und Touchpoints und die Stimmung auf fünf Stufen."
        " Es verliert: Intervalle und n, Lücken (sie stehen auf 3), weitere Personas, übrige Zeilen, Befunde, Dauern und blinde Flecken."
        " All das steht im Text darunter.",
        "The Mermaid diagram shows at most six actions and touchpoints a stage and the feeling in five steps."
        " It loses: intervals and n, gaps (they stand at 3), further personas, other lanes, verdicts, durations and blind spots."
        " All of that stands in the text beneath.",
    ),
    "id": ("Kennung", "Id"),
    "step": ("Schritt", "Step"),
    "detail": ("Näheres", "Detail"),
    "figure": ("Wert", "Figure"),
    "low": ("von", "low"),
    "high": ("bis", "high"),
    "n": ("n", "n"),
    "provenance": ("Herkunft", "Source"),
    # decision matrix
    "matrix": ("Entscheidungsmatrix", "Decision matrix"),
    "criterion": ("Kriterium", "Criterion"),
    "weight": ("Gewicht", "Weight"),
    "weighted": ("gewichtetes Mittel", "weighted mean"),
    "matrix_note": (
        "Gewicht: wie sehr das Buying Center auf ein Kriterium achtet. 0 heißt gar nicht erfüllt, 5 voll erfüllt.",
        "Weight: how much the buying center cares for a criterion. 0 means not met at all, 5 fully met.",
    ),
    "unknown_standing": ("unbekannt", "unknown"),
    # appendix
    "claims_sheet": ("Annahmen und Befunde", "Claims and verdicts"),
    "claims_note": (
        "Bestätigt heißt: das ganze 95-%-Intervall erfüllt die Annahme; widerlegt: das ganze Intervall verfehlt sie; sonst unentschieden.",
        "Confirmed means: the whole 95% interval meets the claim; contradicted: the whole interval fails it; else undecided.",
    ),
    "verdict": ("Befund", "Verdict"),
    "claim": ("Annahme", "Claim"),
    "card": ("Karte", "Card"),
    "figure_n": ("Wert (95 %) · n", "Figure (95%) · n"),
    "recipe_word": ("Rezept", "Recipe"),
    "spots_sheet": ("Blinde Flecken", "Blind spots"),
    "spots_note": (
        "Häufig in den Daten, aber auf keiner Karte. Der Anteil gilt für die Journeys der Phase.",
        "Frequent in the data, but on no card. The share is of the journeys of the stage.",
    ),
    "share_of": ("Anteil (95 %) · n", "Share (95%) · n"),
    "homeless": ("Karten ohne Platz", "Cards without a place"),
    "homeless_note": (
        "Phase oder Zeile dieser Karten gibt es nicht mehr.",
        "The stage or lane of these cards is gone.",
    ),
    "long_cards": ("Karten in voller Länge", "Cards in full"),
    "long_note": ("Auf der Map gekürzt, hier vollständig.", "Cut on the map, complete here."),
    "lane": ("Zeile", "Lane"),
    "time_sheet": ("Dauer der Phasen", "Duration of the stages"),
    "planned": ("geplant", "planned"),
    "measured": ("gemessen (95 %) · n", "measured (95%) · n"),
    "all_stages": ("gesamt", "in all"),
    "curve_sheet": ("Stimmung", "Feelings"),
    "by_hand": ("von Hand", "by hand"),
    "target": ("Ziel", "target"),
    "persona_word": ("Persona", "Persona"),
}
