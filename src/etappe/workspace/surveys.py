"""The workspace's surveys: made from templates, asked by forms and one-time links, figures by recipe, answers to the evidence."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from etappe.errors import MapFault, NotFound
from etappe.maps.changes import Set
from etappe.maps.responses import Responses, State, Submitted
from etappe.maps.store import Applied
from etappe.maps.survey import RECIPES, SCALES, Question, Survey, chosen, figure_of, opportunity
from etappe.maps.survey_form import TRAP, form, refused, thanks
from etappe.maps.template import new_survey
from etappe.words.claim_language import nearest
from etappe.words.question import low_is_good, shown_item
from etappe.words.result import Result
from etappe.workspace.atlas import Atlas

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace

_COLUMNS = (
    "etappe_answer", "etappe_survey", "response_id", "first", "answered_at", "question_ref", "question", "instrument", "value", "low", "high", "text",
    "stage", "touchpoint", "language", "email", "contact_ref", "company",
)  # fmt: skip


def form_address(name: str, token: str = "") -> str:
    """Where the server shows a form, behind its own address: to everybody, or to whoever has a one-time link."""
    return f"/s/{name}/{token}" if token else f"/s/{name}"


@dataclass(frozen=True)
class Surveys:
    """Surveys of one workspace."""

    atlas: Atlas

    @property
    def responses(self) -> Responses:
        """Links and answers."""
        return Responses(self.atlas.store.database)

    def load(self, name: str) -> Survey:
        """One survey."""
        found = self.atlas.load("survey", name)[0]
        assert isinstance(found, Survey)
        return found

    def new(self, id: str, author: str, *, template: str = "", language: str = "", **fields: Any) -> Applied:
        """Makes a survey from a template (by default the one of its name), as a draft."""
        given = {name: value for name, value in fields.items() if value not in ("", None, ())}
        made = new_survey(id, template or id, language=language or self.atlas.settings.language, owner=author, **given)
        return self.atlas.store.create(made, author)

    def copy(self, name: str, id: str, author: str, *, title: str = "") -> Applied:
        """A draft that asks the same, under another name; nobody has answered it yet."""
        others = {language: {field: text for field, text in texts.items() if field != "title" or not title} for language, texts in self.load(name).translations.items()}
        return self.atlas.copy("survey", name, id, author, state="draft", owner=author, comments={}, translations=others, **({"title": title} if title else {}))

    def open(self, name: str, author: str, *, closed: bool = False) -> Applied:
        """Opens a survey for answers, or closes it."""
        return self.atlas.apply("survey", name, Set(path=("state",), value="closed" if closed else "open"), author)

    def invite(self, name: str, count: int = 1, *, days: int = 60, about: Mapping[str, str] | None = None) -> list[str]:
        """Makes one-time links; returns their tokens.

        Raises
        ------
        MapFault
            If the survey is not open.
        """
        if self.load(name).state != "open":
            raise MapFault(f"The survey `{name}` is not open.", "", f"Open it: etappe survey open {name}")
        return self.responses.invite(name, count, expires_on=dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days), about=about)

    def page(self, name: str, *, token: str = "", language: str = "", action: str = "") -> tuple[State, str]:
        """What a visitor of the form sees, and whether there is a form to fill in."""
        survey = self.load(name)
        spoken = _language(survey, language)
        state = self.responses.state(survey, token, dt.datetime.now(dt.UTC).date())
        return state, form(survey, spoken, action) if state == "open" else refused(state, spoken)

    def preview(self, name: str, language: str = "") -> str:
        """The form as it will look, whatever the survey's state; nothing can be sent from it."""
        survey = self.load(name)
        return form(survey, _language(survey, language), None)

    def submit(self, name: str, given: Mapping[str, Any], *, token: str = "", language: str = "", action: str = "") -> tuple[Submitted, str]:
        """Takes a sent form: what came of it, and the page to show. A form that only a machine fills in is thanked and dropped."""
        survey = self.load(name)
        spoken = _language(survey, language)
        if str(given.get(TRAP, "") or "").strip():
            return Submitted("", "open", {}), thanks(survey, spoken)
        done = self.responses.submit(survey, given, token=token, language=spoken)
        if done.state != "open":
            return done, refused(done.state, spoken)
        return done, form(survey, spoken, action, given=given, faults=done.faults) if done.faults else thanks(survey, spoken)

    def results(self, name: str) -> list[dict[str, Any]]:
        """The figure of each question by its recipe, the texts that were given, and opportunity scores of paired questions."""
        survey = self.load(name)
        responses = self.responses.of(name)
        rows: list[dict[str, Any]] = []
        for question in survey.sorted("questions"):
            said = [item.answers[question.id] for item in responses if question.id in item.answers]
            row = {"question": question.id, "text": question.text, "instrument": question.instrument, "stage": question.stage or survey.stage, "touchpoint": question.touchpoint or survey.touchpoint, "n": len(said)}
            if question.instrument in SCALES:
                row |= {"figure": figure_of(question, said), "recipe": RECIPES[question.instrument].in_both()}
            elif question.instrument == "choice":
                row |= {"options": chosen(question, said), "recipe": RECIPES["choice"].in_both()}
            else:
                row["texts"] = said
            rows.append(row)
        return rows + _opportunities(survey, [item.answers for item in responses])

    def answered(self, name: str, question: str = "") -> list[dict[str, Any]]:
        """The answers to a survey, or to one question of it, newest first: each with what its link knew of who gave it; texts stand as `text`.

        Raises
        ------
        NotFound
            If the survey has no such question.
        """
        survey = self.load(name)
        asked = [item for item in survey.sorted("questions") if question in ("", item.id)]
        if not asked:
            raise NotFound(f"The survey `{name}` has no question `{question[:40]}`.", "question", f"It has {', '.join(item.id for item in survey.sorted('questions'))}.")
        said = ((item, one) for item in sorted(self.responses.of(name), key=lambda item: item.at, reverse=True) for one in asked if one.id in item.answers)
        told = ("company", "persona", "stage", "email")
        return [
            {"at": item.at, "question": one.text, ("text" if one.instrument == "text" else "answer"): item.answers[one.id], **{about: item.about[about] for about in told if item.about.get(about)}}
            for item, one in said
        ]  # fmt: skip

    def deliver(self, folder: Path | None = None) -> tuple[Path | None, list[str]]:
        """Writes the answers that the evidence does not have yet as a file to import; the file and the ids of the responses.

        Call `responses.delivered(ids)` once the file is imported.
        """
        waiting = self.responses.of(undelivered=True)
        if not waiting:
            return None, []
        surveys = {name: self.load(name) for name in {item.survey for item in waiting}}
        place = (folder or self.atlas.folder.answers) / f"answers-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}.csv"
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, _COLUMNS)
            writer.writeheader()
            for item in waiting:
                survey = surveys[item.survey]
                questions = [question for question in survey.sorted("questions") if question.id in item.answers]
                for number, question in enumerate(questions):
                    writer.writerow(_line(survey, question, item, number == 0))
        return place, [item.id for item in waiting]


def bring_in(ws: Workspace) -> tuple[int, list[Any]]:
    """Imports the answers that the evidence does not have yet: how many responses, and the import's reports.

    The file that is imported does not stay behind.

    Raises
    ------
    MapFault
        If they could not be imported; then they are kept, and count as not delivered.
    """
    room = Surveys(ws.atlas)
    path, ids = room.deliver()
    if path is None:
        return 0, []
    reports = ws.import_([path])
    failed = [item.error for item in reports if item.error]
    if failed:
        raise MapFault(f"The answers could not be imported: {failed[0]['what']}", str(path), "They are kept in this file and in the database; try again.")
    room.responses.delivered(ids)
    path.unlink()
    return len(ids), reports


def figures(ws: Workspace, survey: str = "") -> dict[str, Result]:
    """What the answers in the evidence say, of one survey or of all: scores by stage and by touchpoint, and needs.

    Raises
    ------
    MapFault
        If no answer in the evidence is of a survey of this name.
    """
    known = {str(row["survey"]) for row in ws.show("satisfaction", by="survey").rows} | {str(row["survey"]) for row in ws.show("needs").rows}
    if survey and survey not in known:
        waiting = any(row.id == survey for row in ws.atlas.listed("survey"))
        next_step = "Bring its answers in: `etappe survey deliver`, then `etappe build`; until then see `etappe survey results`." if waiting else nearest(survey, sorted(known)) if known else "Import one: `etappe survey import FILE`."
        raise MapFault(f"No answers of a survey `{survey}` are in the evidence.", "", next_step)
    given = {"survey": survey} if survey else {}
    found = {part: ws.show("satisfaction", by=part.removeprefix("by_"), **given) for part in ("by_stage", "by_touchpoint")}
    return {**found, "needs": ws.show("needs", **given)}


def _line(survey: Survey, question: Question, response: Any, first: bool) -> dict[str, Any]:
    answer = response.answers[question.id]
    number = question.instrument in SCALES
    low, high = question.scale() if number else ("", "")
    words = _alone(survey, question)
    if number and (question.direction == "low") != (low_read := low_is_good(question.instrument, words)):
        # In the evidence the high end is good, unless the words say otherwise: what was answered is turned, and says so.
        answer = question.scale()[0] + question.scale()[1] - answer
        words = f"{words} ({_TURNED['de' if survey.language == 'de' else 'en'].format(end=low if low_read else high)})"
    return {
        "etappe_answer": f"{response.id}-{question.id}", "etappe_survey": survey.id, "response_id": response.id, "first": int(first), "answered_at": response.at.isoformat(),
        "question_ref": question.id, "question": words, "instrument": question.instrument, "value": answer if number else "", "low": low, "high": high,
        "text": "" if number else answer, "stage": question.stage or survey.stage, "touchpoint": question.touchpoint or survey.touchpoint, "language": response.language,
        "email": response.about.get("email", ""), "contact_ref": response.about.get("contact_ref", ""), "company": response.about.get("company", ""),
    }  # fmt: skip


_TURNED: Final = {"de": "umgepolt: {end} ist gut", "en": "turned: {end} is good"}


def _alone(survey: Survey, question: Question) -> str:
    """The words of a question that stands alone in the evidence; one of a pair says in brackets what it is about."""
    pair = survey.pairs().get(question.outcome)
    return f"{question.text} [{shown_item(pair[0].text)}]" if pair and question in pair else question.text


def _opportunities(survey: Survey, answers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for outcome, (important, satisfied) in survey.pairs().items():
        both = [item for item in answers if important.id in item and satisfied.id in item]
        figure = opportunity([item[important.id] for item in both], [item[satisfied.id] for item in both], important.scale()[1])
        rows.append({"outcome": outcome, "instrument": "opportunity", "n": len(both), "figure": figure, "recipe": RECIPES["opportunity"].in_both()})
    return rows


def _language(survey: Survey, language: str) -> str:
    return language if language in (survey.language, *survey.languages) else survey.language
