"""The words of the drawings, German and English side by side, so that neither can miss one.

A text with `|` has a form for one and a form for many, chosen by `n`. German addresses the reader with "Sie".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from etappe.reports.formats import number
from etappe.reports.headings import HEADINGS, VALUES
from etappe.reports.texts_map import MAP_TEXTS
from etappe.reports.theme import Language
from etappe.reports.vocabulary import Names, listed, term

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # one account's story
    "story": ("Kaufgeschichte", "Account story"),
    "overview": ("Aktivität im Überblick", "Activity at a glance"),
    "weekly": ("Schritte je Woche", "Steps per week"),
    "per_bin": ("Schritte je {n} Wochen", "Steps per {n} weeks"),
    "new_persons": ("neue Personen", "new people"),
    "journeys": ("Journeys", "Journeys"),
    "journey_no": ("Journey {n}", "Journey {n}"),
    "continued": ("Fortsetzung", "continued"),
    "deals": ("Verkaufschancen", "Deals"),
    "deals_more": (
        "{n} weitere Verkaufschance in der Tabelle|{n} weitere Verkaufschancen in der Tabelle",
        "{n} more deal in the table|{n} more deals in the table",
    ),
    "people": ("Personen", "People"),
    "stages": ("Phasen", "Stages"),
    "company_lane": ("Unternehmen", "Company"),
    "company_lane_sub": ("ohne bekannte Person", "person not known"),
    "group_company": ("Ohne Person", "Without a person"),
    "unknown_person": ("Unbekannte Person", "Unknown person"),
    "folded_persons": ("{n} weitere Person|{n} weitere Personen", "{n} more person|{n} more people"),
    "folded_sub": ("zusammengefasst", "folded together"),
    "pause": ("Pause {days}", "On ice {days}"),
    "pause_word": ("Pause: kein Schritt", "On ice: no step"),
    "first_sales": ("Erster Vertriebskontakt {date}", "First sales contact {date}"),
    "first_sales_after": ("nach {share} der Journey", "after {share} of the journey"),
    "steps_n": ("{n} Schritt|{n} Schritte", "{n} step|{n} steps"),
    "persons_n": ("{n} Person|{n} Personen", "{n} person|{n} people"),
    "days_n": ("{n} Tag|{n} Tage", "{n} day|{n} days"),
    "until_now": ("läuft seit {date}", "open since {date}"),
    "as_of": ("Stand {date}", "As of {date}"),
    "no_journey": (
        "Für dieses Unternehmen liegt noch keine Journey vor.",
        "There is no journey of this company yet.",
    ),
    "no_steps": ("Diese Journey hat keine Schritte mit Datum.", "This journey has no dated steps."),
    "story_title": ("Titel", "Title"),
    "story_more_steps": ("{n} weiterer Schritt|{n} weitere Schritte", "{n} more step|{n} more steps"),
    "story_unresolved": (
        "{n} Kontakt seiner Personen gehört zu keiner Journey|{n} Kontakte seiner Personen gehören zu keiner Journey",
        "{n} event of its people is in no journey|{n} events of its people are in no journey",
    ),
    # legend
    "legend_online": ("online", "online"),
    "legend_offline": ("offline", "offline"),
    "legend_sales": ("Vertriebskontakt", "sales contact"),
    "legend_own": ("hohl: vom Anbieter ausgehend", "hollow: started by the vendor"),
    "legend_count": ("Zahl: mehrere Schritte {unit}", "number: several steps {unit}"),
    "unit_day": ("am selben Tag", "on the same day"),
    "unit_week": ("in derselben Woche", "in the same week"),
    "unit_close": ("kurz nacheinander", "close together"),
    "unit_days": ("in denselben {n} Tagen", "in the same {n} days"),
    "unit_weeks": ("in denselben {n} Wochen", "in the same {n} weeks"),
    "legend_together": ("Linie: gemeinsamer Termin", "line: took part together"),
    "legend_back": ("Rücksprung in eine frühere Phase", "back to an earlier stage"),
    # key figures
    "kf_steps": ("Schritt|Schritte", "step|steps"),
    "kf_persons": ("Person|Personen", "person|people"),
    "kf_journeys": ("Journey|Journeys", "journey|journeys"),
    "kf_before_sales": ("der Zeit vor dem ersten Vertriebskontakt", "of the time before first sales contact"),
    "kf_online": ("der Schritte online", "of steps online"),
    "kf_won": ("gewonnen", "won"),
    "kf_open_value": ("offener Wert", "open value"),
    # tables
    "t_stage": ("Phase", "Stage"),
    "t_from": ("von", "from"),
    "t_to": ("bis", "to"),
    "t_days": ("Tage", "Days"),
    "t_steps": ("Schritte", "Steps"),
    "t_entered_by": ("betreten durch", "entered by"),
    "t_left_to": ("danach", "then"),
    "t_back": ("Rücksprung", "back-move"),
    "t_still_open": ("läuft", "still open"),
    "t_person": ("Person", "Person"),
    "t_role": ("Rolle", "Role"),
    "t_journey": ("Journey", "Journey"),
    "t_first": ("erster Kontakt", "first contact"),
    "t_last": ("letzter Kontakt", "last contact"),
    "t_entered_stage": ("kam dazu in", "came in at"),
    "t_online_offline": ("online / offline", "online / offline"),
    "t_deal": ("Verkaufschance", "Deal"),
    "t_status": ("Stand", "Status"),
    "t_amount": ("Wert", "Value"),
    "t_opened": ("eröffnet", "opened"),
    "t_closed": ("geschlossen", "closed"),
    "t_owner": ("betreut von", "owner"),
    "t_reason": ("Verlustgrund", "lost because"),
    "t_date": ("Datum", "Date"),
    "t_touchpoint": ("Touchpoint", "Touchpoint"),
    "t_channel": ("Kanal", "Channel"),
    "t_what": ("Inhalt", "Content"),
    "t_source": ("Quelle", "Source"),
    "t_count": ("Anzahl", "Count"),
    "role_crm": ("laut CRM", "from the CRM"),
    "role_title": ("aus der Position", "from the title"),
    "role_behaviour": ("aus dem Verhalten", "from behaviour"),
    "steps_list": ("Schritte im Einzelnen", "The steps"),
    "fold_0": (
        "Gleiche Schritte hintereinander stehen in einer Zeile.",
        "Equal steps in a row stand on one line.",
    ),
    "fold_1": (
        "Gleiche Schritte einer Person stehen je Woche in einer Zeile.",
        "Equal steps of a person stand on one line per week.",
    ),
    "fold_2": (
        "Schritte einer Person stehen je Monat und Touchpoint in einer Zeile.",
        "Steps of a person stand on one line per month and touchpoint.",
    ),
    "fold_3": (
        "Gleiche Touchpoints stehen je Monat in einer Zeile.",
        "Equal touchpoints stand on one line per month.",
    ),
    "list_cut": ("Gezeigt sind {shown} von {n} Zeilen.", "{shown} of {n} lines are shown."),
    "unresolved": ("Ereignisse ohne Journey", "Events in no journey"),
    "unresolved_note": (
        "Diese Ereignisse gehören zum Unternehmen oder zu seinen Personen, stehen aber in keiner Journey.",
        "These events belong to the company or its people but are in no journey.",
    ),
    "t_reason_why": ("Grund", "Reason"),
    # results
    "recipe": ("Rezept {name}, Fassung {version}", "Recipe {name}, version {version}"),
    "population": ("Grundgesamtheit", "Population"),
    "period": ("Zeitraum", "Period"),
    "period_all": ("gesamter Zeitraum", "whole period"),
    "period_from": ("ab {date}", "from {date}"),
    "period_until": ("bis vor {date}", "until before {date}"),
    "population_all": ("alle", "all"),
    "caveats": ("Zu beachten", "Please note"),
    "method": ("Wie gerechnet wurde", "How it was counted"),
    "interval_note": (
        "Neben dem Wert steht das 95-%-Intervall; n ist die Zahl der Fälle.",
        "Beside a value stands its 95% interval; n is the number of cases.",
    ),
    "in_brackets": (
        "(in Klammern: 95-%-Intervalle; n von {first} bis {last}, jedes in --json)",
        "(in brackets: 95% intervals; n from {first} to {last}, each in --json)",
    ),
    "in_brackets_alike": ("(in Klammern: 95-%-Intervalle; n {first})", "(in brackets: 95% intervals; n {first})"),
    "drawing": ("Zeichnung", "Drawing"),
    "no_drawing": ("Die Zeichnung ließ sich nicht setzen.", "The drawing could not be set."),
    "no_rows": ("Keine Zeilen in dieser Auswahl.", "No rows in this selection."),
    "rows_more": (
        "… und {n} weitere Zeile|… und {n} weitere Zeilen",
        "… and {n} more row|… and {n} more rows",
    ),
    "columns_left": ("Nicht gezeigt, aber in --json: {names}.", "Not shown, but in --json: {names}."),
    "no_records": ("Hinter dieser Antwort steht kein Datensatz.", "No record stands behind this answer."),
    "rows_cut": ("Gezeigt sind die ersten {shown} von {n} Zeilen; alle stehen in --json.", "The first {shown} of {n} rows are shown; --json has all."),
    "rows_many": ("Gezeigt sind die ersten {shown} Zeilen; die ersten {n} stehen in --json, und es gibt mehr.", "The first {shown} rows are shown; --json has the first {n}, and there are more."),
    "rows_cut_here": ("Gezeigt sind die ersten {shown} von {n} Zeilen; alle hat .to_pandas().", "The first {shown} of {n} rows are shown; .to_pandas() has all."),
    "chart_cut": ("die ersten {shown} von {n}", "the first {shown} of {n}"),
    "part_of": ("Spalten {first}–{last} von {n}", "Columns {first}–{last} of {n}"),
    "too few": ("zu wenige", "too few"),
    "no data": ("keine Daten", "no data"),
    "no cost": ("keine Kosten", "no cost"),
    "no credit": ("keine Gutschrift", "no credit"),
    "only on one side": ("nur auf einer Seite", "only on one side"),
    "never reached": ("nie erreicht", "never reached"),
    "yes": ("ja", "yes"),
    "no": ("nein", "no"),
    # stage overview
    "stage_overview": ("Phasen im Überblick", "Stages at a glance"),
    "entered": ("betreten", "entered"),
    "moved_on": ("weiter", "moved on"),
    "still_open": ("noch offen", "still open"),
    "lost": ("verloren", "lost"),
    "dormant": ("eingeschlafen", "dormant"),
    "won": ("gewonnen", "won"),
    "conversion": ("gehen weiter", "move on"),
    "median": ("Median", "median"),
    "back_moves": ("Rücksprünge", "back-moves"),
    "back_to": ("{n} zurück zu {stage}", "{n} back to {stage}"),
    "entered_journeys": ("Journeys, die die Phase betreten haben", "Journeys that entered the stage"),
    "entered_companies": ("Unternehmen, die die Phase betreten haben", "Companies that entered the stage"),
    "companies": ("Unternehmen", "companies"),
    "went_back": ("zurück", "back"),
    "figures_table": ("Die Zahlen", "The figures"),
    # headings of columns
    "c_stage": ("Phase", "Stage"),
    "c_stage_no": ("Nr.", "No."),
    "c_entered": ("betreten", "entered"),
    "c_moved_on": ("weiter", "moved on"),
    "c_open": ("noch offen", "still open"),
    "c_still_open": ("noch offen", "still open"),
    "c_lost": ("verloren", "lost"),
    "c_won": ("gewonnen", "won"),
    "c_dormant": ("eingeschlafen", "dormant"),
    "c_conversion": ("gehen weiter", "move on"),
    "c_conversion_long": ("gehen weiter (95 %)", "move on (95%)"),
    "c_median_days": ("Median der Tage", "median days"),
    "c_median_long": ("Tage in der Phase, Median (95 %)", "Days in stage, median (95%)"),
    "c_back_moves": ("Rücksprünge", "back-moves"),
    "c_drop_off": ("Abbruch", "drop-off"),
    "c_went_back": ("gingen zurück", "went back"),
    "c_open_now": ("jetzt offen", "open now"),
    "c_within_days": ("beobachtet bis Tag", "watched to day"),
    "c_naive_ratio": ("einfacher Quotient", "plain ratio"),
    "c_skipped": ("übersprungen", "skipped"),
    "c_journey_kinds": ("Art der Journey", "kind of journey"),
    "c_filters": ("Filter", "filters"),
    "c_accounts": ("Unternehmen", "companies"),
    "c_journeys": ("Journeys", "journeys"),
    "c_persons": ("Personen", "people"),
    "c_steps": ("Schritte", "steps"),
    "c_days": ("Tage", "days"),
    "c_kind": ("Art", "kind"),
    "c_outcome": ("Ausgang", "outcome"),
    "c_touchpoint": ("Touchpoint", "touchpoint"),
    "c_channel": ("Kanal", "channel"),
    "c_role": ("Rolle", "role"),
    "c_account": ("Unternehmen", "company"),
    "c_segment": ("Segment", "segment"),
    "c_tier": ("Tier", "tier"),
    "c_industry": ("Branche", "industry"),
    "c_country": ("Land", "country"),
    "c_started_at": ("Beginn", "start"),
    "c_ended_at": ("Ende", "end"),
    "c_what": ("was", "what"),
    "c_group": ("Gruppe", "group"),
    "c_n": ("n", "n"),
    "c_quarter_days": ("ein Viertel nach", "a quarter by"),
    "c_three_quarter_days": ("drei Viertel nach", "three quarters by"),
    "c_journey_id": ("Journey", "journey"),
    "c_account_id": ("Kennung", "account id"),
    "c_furthest_stage": ("weiteste Phase", "furthest stage"),
    "c_pauses": ("Pausen", "pauses"),
    "c_first_sales_at": ("erster Vertriebskontakt", "first sales contact"),
    "c_won_value": ("gewonnener Wert", "won value"),
    "c_deal_value": ("Wert der Verkaufschancen", "deal value"),
    "c_currency": ("Währung", "currency"),
    "c_owner": ("betreut von", "owner"),
    "c_lost_reason": ("Verlustgrund", "lost because"),
    "c_zone": ("Zeitzone", "time zone"),
    "c_since": ("ab", "since"),
    "c_until": ("bis", "until"),
    "a_stages": ("Phasen im Überblick", "Stages at a glance"),
    # footer
    "page": ("Seite {page} von {pages}", "Page {page} of {pages}"),
    "conserved": (
        "Erhaltungsprüfung bestanden: {events} Ereignisse = {steps} Schritte + {internal} intern"
        " + {unresolved} ungeklärt",
        "Conservation check passed: {events} events = {steps} steps + {internal} internal + {unresolved} unresolved",
    ),
    "conserved_short": ("Erhaltungsprüfung bestanden", "Conservation check passed"),
    "not_conserved": ("Erhaltungsprüfung NICHT bestanden", "Conservation check FAILED"),
    "story_recipe": ("Rezept: Kaufgeschichte 1", "Recipe: account story 1"),
    "part_low": ("{figure}, von", "{figure}, from"),
    "part_high": ("{figure}, bis", "{figure}, to"),
    "part_n": ("{figure}, n", "{figure}, n"),
    **{f"c_{name}": pair for name, pair in HEADINGS.items()},
    **MAP_TEXTS,
}


_ORDER: Final = ("stage", "touchpoint", "channel", "role", "outcome", "kind")


class Words:
    """The texts in one language: `words("steps_n", n=3)`."""

    def __init__(
        self, language: Language, names: Names | None = None, own: Mapping[str, str] | None = None, holds: Mapping[str, str] | None = None, zone: str = "UTC"
    ) -> None:
        self.language = language
        self.zone = zone
        self.holds = holds or {}
        self._names = names
        self._own = own or {}
        self._at = 0 if language == "de" else 1

    def __call__(self, key: str, **values: object) -> str:
        """The text with its values filled in; whole numbers are grouped as the language does."""
        text = TEXTS[key][self._at]
        if "|" in text:
            one, many = text.split("|")
            text = one if values.get("n") == 1 else many
        shown = {
            name: number(value, self.language, 0)
            if isinstance(value, int) and name not in ("page", "pages", "version")
            else value
            for name, value in values.items()
        }
        return text.format(**shown) if shown else text

    def term(self, kind: str, word: object) -> str:
        """What a reader calls a stage, touchpoint, channel, role, kind or outcome."""
        return term(kind, word, self.language, self._names)

    def any_term(self, word: str) -> str:
        """What a reader calls a word of an analysis or of any of the lists; a word of none stays as it is."""
        if word in self._own:
            return self._own[word]
        kinds = (kind for kind in _ORDER if word in listed()[kind] or word in (self._names or {}).get(kind, {}))
        known = next((self.term(kind, word) for kind in kinds), None)
        return known or (VALUES[word][self._at] if word in VALUES else word)

    def known(self, key: str) -> bool:
        """Whether there is a text of this name."""
        return key in TEXTS
