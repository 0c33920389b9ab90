"""Reads claims: `coverage(webinar) in consideration >= 0.3 where tier = A with n >= 30 and age <= 90 days`.

The order of the parts is fixed, only the measure and its arguments are always needed::

    measure(argument, …) [in STAGE] [within N days] [>= N | <= N | > N | < N | between N and N] [days] [of interviews]
        [where filter = value, … and …] [with n >= N and age <= N days]

A name with blanks is written as it is; one with other signs in quotes. Shares may be written as `30 %`, times in hours,
days or weeks, numbers with a decimal comma. A fault points at the character and names the nearest word.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NoReturn

from etappe.errors import ClaimFault
from etappe.words.claim import FILTERS, KEYWORDS, MEASURES, SOURCES, Claim, Measure, Population
from etappe.words.said import said as both

_QUOTES: Final = {'"': '"', "“": "”„", "„": "“”", "«": "»", "»": "«"}
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_COMPARISON = re.compile(r">=|<=|≥|≤|=>|=<|>|<|=")
_SIGNS: Final = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}
_WORD = re.compile(r"[^\W\d]\w*")
_TIMES: Final = {"hour": 1 / 24, "hours": 1 / 24, "day": 1.0, "days": 1.0, "week": 7.0, "weeks": 7.0}
_TAKEN: Final = {"touchpoint": "Touchpoint", "stage": "Phase", "touchpoint or stage": "Touchpoint oder Phase", "topic": "Thema", "content": "Inhalt", "search term": "Suchbegriff"}
_MEASURED_IN: Final = {"days": "Tagen", "score": "Punkten von -2 bis +2", "count": "einer Anzahl", "position": "Plätzen"}
_EXAMPLE: Final = "such as coverage(webinar) in consideration >= 0.3"


def parse(text: str) -> Claim:
    """The claim of a text.

    Raises
    ------
    ClaimFault
        With the character at which the text cannot be read, and the nearest word that could stand there.
    """
    return _Reader(text).claim()


def nearest(word: str, known: Collection[str]) -> str:
    """What to write instead: the nearest known word, else all of them."""
    close = difflib.get_close_matches(word.lower(), [item.lower() for item in known], n=1, cutoff=0.6)
    if close:
        original = next(item for item in known if item.lower() == close[0])
        return both("Did you mean `{word}`?", "Meinten Sie „{word}“?", word=original)
    shown = sorted(known)
    return both("Known: {words}.", "Bekannt: {words}.", words=[*shown[:30], *(["…"] if len(shown) > 30 else [])])


@dataclass
class _Reader:
    """A text and the place that was read up to."""

    text: str
    at: int = 0

    # -- signs ------------------------------------------------------------------------------------------------------

    def fault(self, what: str, do_next: str = "", at: int | None = None) -> NoReturn:
        place = self.at if at is None else at
        raise ClaimFault(what, "", do_next, self.text, min(place, len(self.text)))

    def skip(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def peek(self) -> str:
        self.skip()
        return self.text[self.at : self.at + 1]

    def sign(self, sign: str) -> bool:
        if self.peek() == sign:
            self.at += 1
            return True
        return False

    def word(self) -> str:
        """The word that comes next in small letters, without taking it."""
        self.skip()
        found = _WORD.match(self.text, self.at)
        return found.group().lower() if found else ""

    def take(self, *words: str) -> str:
        """Takes the next word if it is one of these."""
        found = self.word()
        if found in words:
            self.at += len(found)
            return found
        return ""

    def rest(self, length: int = 20) -> str:
        self.skip()
        return self.text[self.at : self.at + length]

    def quoted(self) -> str | None:
        """A name in quotes, if one comes next."""
        opening = self.peek()
        if opening not in _QUOTES or not opening:
            return None
        start, self.at, found = self.at, self.at + 1, []
        while self.at < len(self.text):
            sign = self.text[self.at]
            self.at += 1
            if sign == "\\" and self.at < len(self.text):
                found.append(self.text[self.at])
                self.at += 1
            elif sign in _QUOTES[opening]:
                name = "".join(found)
                if not name.strip():
                    self.fault("Between the quotes is nothing.", "Write a name.", start)
                return name
            else:
                found.append(sign)
        return self.fault("The quote is not closed.", "Write the same quote at the end of the name.", start)

    # -- parts ------------------------------------------------------------------------------------------------------

    def claim(self) -> Claim:
        if not self.peek():
            self.fault("The claim is empty.", f"Write one, {_EXAMPLE}.")
        measure = self.measure()
        arguments, places = self.arguments(measure)
        stage = self.stage(measure, places)
        within = self.within(measure)
        comparison, bounds, unit, percent = self.comparison(measure)
        of = self.source(measure)
        population = self.population()
        minimum_n, age = self.limits()
        if self.peek():
            self.left_over()
        if percent and measure.name == "mention":
            unit = "share"
        return Claim(
            measure.name, arguments, stage, within, comparison, bounds, unit, of, population, minimum_n, age,
            self.text, tuple(places),
        )  # fmt: skip

    def left_over(self) -> NoReturn:
        word = self.word()
        expected = ["in", "within", "between", "of", "where", "with"]
        if not word:
            self.fault(f"`{self.rest()}` cannot stand here.", "After the comparison come `of`, `where` and `with`.")
        if word in expected:
            self.fault(f"`{word}` stands in the wrong place.", "The order is: in, within, comparison, of, where, with.")
        self.fault(both("`{word}` cannot stand here.", "„{word}“ kann hier nicht stehen.", word=word), nearest(word, expected))

    def measure(self) -> Measure:
        self.skip()
        start, word = self.at, self.word()
        if word not in MEASURES:
            name = word or self.rest(1)
            self.fault(both("There is no measure `{name}`.", "Ein Maß „{name}“ gibt es nicht.", name=name), nearest(name, list(MEASURES)), start)
        self.at += len(word)
        return MEASURES[word]

    def arguments(self, measure: Measure) -> tuple[tuple[str, ...], list[int]]:
        if not self.sign("("):
            self.fault(f"After `{measure.name}` an opening bracket is missing.", f"Write {measure.name}({measure.takes}).")
        found: list[str] = []
        places: list[int] = []
        while True:
            self.skip()
            start = self.at
            name = self.quoted()
            if name is None:
                name = self.until("(),\"“„«»")
            if not name:
                self.fault(f"Here a {measure.takes} is missing.", f"Write its name, {_EXAMPLE}.", start)
            found.append(name)
            places.append(start)
            if self.sign(","):
                continue
            if self.sign(")"):
                break
            self.fault(both("The bracket is not closed.", "Die Klammer ist nicht geschlossen."), both("Write `)` after the last name.", "Schreiben Sie `)` hinter den letzten Namen."))
        if not measure.least <= len(found) <= measure.most:
            span = str(measure.least) if measure.least == measure.most else both("{least} to {most}", "{least} bis {most}", least=measure.least, most=measure.most)
            kind = both(f"{measure.takes}{'s' if measure.most > 1 else ''}", f"{_TAKEN[measure.takes]}{'s' if measure.takes == 'touchpoint' and measure.most > 1 else ''}")
            at = places[measure.most] if len(found) > measure.most else self.at - 1
            self.fault(both("`{name}` takes {span} {kind}, not {found}.", "`{name}` braucht {span} {kind}, nicht {found}.", name=measure.name, span=span, kind=kind, found=len(found)), "", at)
        return tuple(found), places

    def until(self, ends: str) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ends:
            self.at += 1
        return " ".join(self.text[start : self.at].split())

    def name(self, what: str, ends: str) -> str:
        """A name in quotes, or bare words up to a keyword or one of the signs."""
        found = self.quoted()
        if found is not None:
            return found
        self.skip()
        start = self.at
        words: list[str] = []
        while self.at < len(self.text):
            self.skip()
            if self.peek() in ends or self.peek() in _QUOTES or self.word() in KEYWORDS:
                break
            first = self.at
            while self.at < len(self.text) and not self.text[self.at].isspace() and self.text[self.at] not in ends:
                self.at += 1
            words.append(self.text[first : self.at])
        if not words:
            self.fault(f"Here the name of a {what} is missing.", "", start)
        return " ".join(words)

    def stage(self, measure: Measure, places: list[int]) -> str | None:
        self.skip()
        start = self.at
        if not self.take("in"):
            return None
        if not measure.in_stage:
            self.fault(f"`{measure.name}` takes no `in`.", f"Leave it out: {measure.words}.", start)
        self.skip()
        places.append(self.at)
        return self.name("stage", "<>=≥≤,()")

    def within(self, measure: Measure) -> float | None:
        self.skip()
        start = self.at
        if not self.take("within"):
            return None
        if not measure.horizon:
            self.fault(f"`{measure.name}` takes no `within`.", "It is for conversion and milestone.", start)
        value = self.number()
        return _days(value, self.time("within"))

    def comparison(self, measure: Measure) -> tuple[str, tuple[float, ...], str, bool]:
        self.skip()
        start = self.at
        if self.take("between"):
            sign, count = "between", 2
        elif found := _COMPARISON.match(self.text, self.at):
            self.at = found.end()
            sign, count = _SIGNS.get(found.group(), found.group()), 1
            if sign == "=":
                self.fault("A measured value is never exactly a number.", "Write >=, <= or `between … and …`.", start)
        elif measure.default:
            return measure.default[0], (measure.default[1],), measure.unit, False
        else:
            self.fault(both("Here a comparison is missing.", "Hier fehlt ein Vergleich."), both("Write >=, <=, >, < or `between … and …` with a number.", "Schreiben Sie >=, <=, >, < oder `between … and …` mit einer Zahl."))
        values = [self.value(measure)]
        if count == 2:
            if not self.take("and"):
                self.fault(both("`between` needs a second number.", "`between` braucht eine zweite Zahl."), both("Write `between 20 and 40`.", "Schreiben Sie `between 20 and 40`."))
            values.append(self.value(measure))
        return self.finish(measure, sign, values)

    def value(self, measure: Measure) -> tuple[Decimal, str, int]:
        """A number, the unit written after it ("%", "days", ""), and its place."""
        self.skip()
        start = self.at
        number = self.number()
        if self.sign("%"):
            return number, "%", start
        return number, self.take(*_TIMES) if measure.unit == "days" else "", start

    def number(self) -> Decimal:
        self.skip()
        found = _NUMBER.match(self.text, self.at)
        if not found:
            self.fault(f"Here a number is missing{', not `' + self.rest(12) + '`' if self.peek() else ''}.", "Write a number, such as 0.3.")
        self.at = found.end()
        return Decimal(found.group().replace(",", "."))

    def time(self, after: str) -> str:
        self.skip()
        start, word = self.at, self.word()
        if not self.take(*_TIMES):
            self.fault(f"After `{after} N` the unit is missing.", nearest(word, ["days", "hours", "weeks"]) if word else "Write `days`.", start)
        return word

    def finish(self, measure: Measure, sign: str, values: list[tuple[Decimal, str, int]]) -> tuple[str, tuple[float, ...], str, bool]:
        """Brings the numbers to the measure's unit and checks that they can be met at all."""
        units = {unit for _, unit, _ in values if unit}
        if len(units) > 1:
            self.fault("The two numbers have different units.", "Write the unit once, at the end.", values[0][2])
        unit = units.pop() if units else ""
        percent = unit == "%"
        if percent and not (measure.unit == "share" or measure.name == "mention"):
            unit_said = both("It is measured in {unit}.", "Gemessen wird in {unit}.", unit=both(measure.unit, _MEASURED_IN.get(measure.unit, measure.unit)))
            self.fault(f"`{measure.name}` is no share.", unit_said, values[0][2])
        numbers = [float(value / 100) if percent else _days(value, unit) for value, _, _ in values]
        for number, (_, _, at) in zip(numbers, values, strict=True):
            self.possible(measure, number, percent, at)
        if len(numbers) == 2 and not numbers[0] < numbers[1]:
            self.fault("The first number is not the smaller one.", "Write `between SMALLER and GREATER`.", values[0][2])
        return sign, tuple(numbers), measure.unit, percent

    def possible(self, measure: Measure, number: float, percent: bool, at: int) -> None:
        unit = "share" if percent else measure.unit
        if unit == "share" and not 0 <= number <= 1:
            self.fault(both("A share lies between 0 and 1.", "Ein Anteil liegt zwischen 0 und 1."), f"Did you mean `{number:g} %`?" if 1 < number <= 100 else "Write 0.3 or 30 %.", at)
        if unit == "score" and not -2 <= number <= 2:
            self.fault("A feeling lies between -2 (very bad) and +2 (very good).", "", at)
        if unit == "count" and (number < 0 or number != int(number)):
            self.fault("A number of interviews is a whole number.", "For a share write `30 %`.", at)
        if unit in ("days", "position") and number < 0:
            self.fault("This number cannot be below zero.", "", at)

    def source(self, measure: Measure) -> str:
        self.skip()
        start = self.at
        if not self.take("of"):
            return SOURCES[0] if measure.name == "mention" else ""
        if measure.name != "mention":
            self.fault(f"`{measure.name}` takes no `of`.", "It is for mention.", start)
        self.skip()
        place, word = self.at, self.word()
        if not self.take(*SOURCES):
            self.fault(f"There is no source `{word or self.rest(1)}`.", nearest(word, SOURCES), place)
        return word

    def population(self) -> Population:
        if not self.take("where"):
            return ()
        found: dict[str, tuple[str, ...]] = {}
        while True:
            self.skip()
            start, word = self.at, self.word()
            if word not in FILTERS:
                self.fault(f"There is no filter `{word or self.rest(1)}`.", nearest(word, FILTERS), start)
            if word in found:
                self.fault(f"`{word}` stands here twice.", "Write its values behind each other, with commas.", start)
            self.at += len(word)
            if not self.sign("="):
                self.fault(f"After `{word}` a = is missing.", f"Write `where {word} = …`.")
            values = [self.name(word, ",=<>()")]
            while self.sign(","):
                values.append(self.name(word, ",=<>()"))
            found[word] = tuple(values)
            if not self.take("and"):
                return tuple(found.items())

    def limits(self) -> tuple[int | None, float | None]:
        if not self.take("with"):
            return None, None
        minimum: int | None = None
        age: float | None = None
        while True:
            self.skip()
            start, word = self.at, self.take("n", "age")
            if not word:
                self.fault("After `with` comes `n >= …` or `age <= … days`.", nearest(self.word(), ["n", "age"]), start)
            self.limit_sign(">=" if word == "n" else "<=", word)
            value = self.number()
            if word == "n":
                if value != int(value) or value < 1:
                    self.fault("The least number of cases is a whole number from 1 on.", "", start)
                minimum = int(value)
            else:
                age = _days(value, self.time("age <="))
            if not self.take("and"):
                return minimum, age

    def limit_sign(self, wanted: str, word: str) -> None:
        self.skip()
        found = _COMPARISON.match(self.text, self.at)
        sign = _SIGNS.get(found.group(), found.group()) if found else ""
        if not found or sign != wanted:
            self.fault(f"After `{word}` comes `{wanted}`.", f"Write `{word} {wanted} 30`.")
        self.at = found.end()


def _days(value: Decimal, unit: str) -> float:
    return float(value) * _TIMES.get(unit, 1.0)
