"""Lists of people that somebody sends by mail: leads of trade fairs as a spreadsheet, webinars as a semicolon file."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pyarrow.compute as pc

from etappe.demo import catalog, clock, names, touches
from etappe.demo.activities import webinar_day
from etappe.demo.cast import Cast
from etappe.demo.clock import Array
from etappe.demo.out import Folder, stamp
from etappe.demo.salesforce import typo
from etappe.demo.xlsx import write_xlsx

FAIR_HEAD = ("Messe", "Erfasst am", "Uhrzeit", "Firma", "Anrede", "Vorname", "Name", "Funktion", "E-Mail", "Telefon", "Ort", "Land", "Interesse", "Bewertung", "Notiz", "Erfasst von")
WEBINAR_HEAD = ("Vorname", "Nachname", "E-Mail-Adresse", "Unternehmen", "Position", "Registriert am", "Teilgenommen", "Beitrittszeit", "Verweildauer (Minuten)", "Zufriedenheit")
_INTERESTS = ("VibroSense One", "VibroSense Pro", "Komplettsystem", "Nur Information")
_NOTES = ("möchte Demo im Werk", "hat Altanlage von 1998", "Budget ab nächstem Jahr", "", "bittet um Rückruf")


class Lists:
    """Collects the rows of all chunks; the files are written at the end."""

    def __init__(self) -> None:
        self.fairs: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        self.webinars: dict[int, list[tuple[Any, ...]]] = defaultdict(list)

    def add(self, rng: np.random.Generator, cast: Cast) -> tuple[Array, Array]:
        """Takes the rows of one chunk; returns the rows of `cast.touches` that stand on the lists."""
        fairs = np.flatnonzero(cast.touches["kind"] == touches.FAIR_TALK)
        for cells in zip(*self._shared(rng, cast, fairs), strict=True):
            fair, day, time, *rest = cells
            self.fairs[fair].append((catalog.FAIRS[fair].name, day, time, *rest))
        webinars = np.flatnonzero(cast.touches["kind"] == touches.WEBINAR)
        minutes = rng.integers(12, 58, len(webinars)).tolist()
        marks = np.round(rng.uniform(2.5, 5, len(webinars)), 1).tolist()
        for cells, stay, mark in zip(zip(*self._shared(rng, cast, webinars), strict=True), minutes, marks, strict=True):
            number, day, time, company, _, first, last, title, mail, *_ = cells
            self.webinars[number].append(
                (first, last, mail, company, title, f"{day} 08:00", "Ja", f"{day} {time}", stay, f"{mark}".replace(".", ","))
            )
        return fairs, webinars

    def _shared(self, rng: np.random.Generator, cast: Cast, picked: Array) -> list[list[Any]]:
        rows = cast.touches.where(picked)
        persons, count = cast.persons, len(picked)
        person = rows["person"]
        company = cast.accounts.name.take(rows["account"]).cast("string")
        company = pc.if_else(rng.random(count) < 0.15, typo(rng, company), company) if count else company
        local = clock.to_local(rows["ms"])
        place = cast.accounts.place[rows["account"]]
        return [
            rows["detail"].tolist(),
            stamp(local, "%d.%m.%Y").to_pylist(),
            stamp(local, "%H:%M").to_pylist(),
            company.to_pylist(),
            ["" for _ in range(count)],
            persons.first.take(person).to_pylist(),
            persons.last.take(person).to_pylist(),
            persons.title.take(person).to_pylist(),
            persons.email.take(person).to_pylist(),
            [f"0{700 + p % 200} {100000 + p * 71 % 899999}" for p in persons.number[person].tolist()],
            [names.PLACES[p][1] for p in place.tolist()],
            [names.COUNTRY_NAMES[names.PLACES[p][0]] for p in place.tolist()],
            [_INTERESTS[i] for i in rng.integers(0, 4, count).tolist()],
            rng.integers(1, 6, count).tolist(),
            [_NOTES[i] for i in rng.integers(0, 5, count).tolist()],
            [names.COLLEAGUES[i][1] for i in rng.integers(0, 5, count).tolist()],
        ]

    def write(self, folder: Folder) -> None:
        """Writes the files."""
        for number, rows in sorted(self.fairs.items()):
            path = folder.place(f"fairs/messe-{number + 1:02d}.xlsx")
            blank = [[None] * len(FAIR_HEAD)] if number == 0 else []
            write_xlsx(path, "Leads", [FAIR_HEAD, *rows, *blank])
            folder.note(f"fairs/messe-{number + 1:02d}.xlsx", len(rows), **({"blank_row": 1} if blank else {}))
        for number, lines in sorted(self.webinars.items()):
            topic = catalog.WEBINAR_TOPICS[catalog.WEBINARS[number][1]]
            name = f"webinars/webinar-{webinar_day(number).isoformat()}.csv"
            file = folder.csv(name, delimiter=";", encoding="cp1252", eol="\r\n")
            file.line((*WEBINAR_HEAD, "Webinar"))
            for line in lines:
                file.line((*line, topic))
            file.rows = len(lines)
            if number == 0:
                file.soil("ragged row", [("Nur", "halb", "ausgefüllt")])
