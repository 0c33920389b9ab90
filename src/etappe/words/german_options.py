"""What the settings of the analyses do, in German: the words of :func:`etappe.analyses.analysis.option`, as `--help` has them in English."""

from __future__ import annotations

from typing import Final

OPTIONS: Final[dict[str, str]] = {
    # attribution
    "what gets the credit": "wem angerechnet wird",
    "models, or all": "Modelle, oder alle",
    "whose path it is: the whole account's, or each person's": "wessen Weg es ist: der des ganzen Unternehmens oder der jeder Person",
    "what the credit is for: won, the first entry into a stage, or the first such touchpoint": "wofür angerechnet wird: gewonnen, der erste Eintritt in eine Phase oder der erste solche Touchpoint",
    "days after which a touch counts half (time_decay)": "Tage, nach denen ein Kontakt halb zählt (Zeitverfall)",
    "own shares for first, between and last touch, as 40/20/40": "eigene Anteile für den ersten, die mittleren und den letzten Kontakt, etwa 40/20/40",
    "only touches of the last so many days before the goal": "nur Kontakte der letzten so vielen Tage vor dem Ziel",
    "resamples; 0 leaves the intervals out": "Stichproben; 0 lässt die Intervalle weg",
    "credit by channel, each touch of single deals, or what is not seen": "Anrechnung je Kanal, jeder Kontakt einzelner Verkaufschancen, oder was man nicht sieht",
    "with --view deals: so many deals, the latest first": "bei einzelnen Verkaufschancen: so viele, die neuesten zuerst",
    # before-sales, blockers, buying-center
    "a row for each": "eine Zeile für jeden Wert",
    "start event: first step, or a touchpoint": "Beginn: der erste Schritt oder ein Touchpoint",
    "what is looked at: touchpoint, wait, missing role, content": "was betrachtet wird: Touchpoint, Wartezeit, fehlende Rolle, Inhalt",
    "show every comparison, not only the clear ones": "jeden Vergleich zeigen, nicht nur die deutlichen",
    "at most so many rows": "höchstens so viele Zeilen",
    "a row for each open journey with a deal": "eine Zeile für jede offene Journey mit einer Verkaufschance",
    # changes, channels, compare, content, drift
    "day of the report; else the day after the period": "Tag des Berichts; sonst der Tag nach dem Zeitraum",
    "what is counted": "was gezählt wird",
    "at most so many rows a stage, the most frequent": "höchstens so viele Zeilen je Phase, die häufigsten",
    "two groups, as column:this/that": "zwei Gruppen, als Spalte:dies/das",
    "what happened in the first so many days": "was in den ersten so vielen Tagen geschah",
    "only what is clear": "nur was deutlich ist",
    "stage by role or persona instead of single pieces": "Phase je Rolle oder Persona statt einzelner Inhalte",
    "days without use after which a piece is stale": "Tage ohne Nutzung, nach denen ein Inhalt veraltet ist",
    "the earlier period, as 2025-01..2025-04; else as long a one just before": "der frühere Zeitraum, etwa 2025-01..2025-04; sonst ein gleich langer davor",
    "horizon in days": "so viele Tage weit betrachtet",
    # journeys, needs, satisfaction
    "in this stage now, or ended there": "jetzt in dieser Phase, oder dort geendet",
    "was in this stage at any time": "war irgendwann in dieser Phase",
    "had this touchpoint": "hatte diesen Touchpoint",
    "lasted at least so many days": "dauerte mindestens so viele Tage",
    "lasted at most so many days": "dauerte höchstens so viele Tage",
    "only this survey or form": "nur diese Umfrage oder dieses Formular",
    "at most so many outcomes": "höchstens so viele Ergebnisse",
    # paths, playbook, stages, variants
    "what the nodes are": "was die Knoten sind",
    "whose steps follow each other": "wessen Schritte aufeinander folgen",
    "share of all moves that is shown, from the most frequent on; else 0.8, of stages nearly all": "Anteil aller Übergänge, der gezeigt wird, die häufigsten zuerst; sonst 0,8, bei Phasen fast alle",
    "only moves that at least this share of the journeys makes": "nur Übergänge, die mindestens dieser Anteil der Journeys macht",
    "at most so many moves": "höchstens so viele Übergänge",
    "rules, separated by semicolons or lines; else those of the workspace": "Regeln, durch Semikolon oder Zeile getrennt; sonst die des Arbeitsbereichs",
    "what counts as getting on: any later stage, or the very next one": "was als Weiterkommen zählt: irgendeine spätere Phase oder genau die nächste",
    "look at the first so many days after entry": "die ersten so vielen Tage nach dem Eintritt betrachten",
    "show the plain ratio too, which takes open journeys for failures": "auch die einfache Quote zeigen, die offene Journeys für gescheitert hält",
    "what a path is made of": "woraus ein Weg besteht",
    "whose path it is": "wessen Weg es ist",
    "at most so many variants": "höchstens so viele Varianten",
}
