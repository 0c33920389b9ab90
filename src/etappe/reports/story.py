"""One account's story as a document: who did what when, in which stage, with the tables behind it.

The drawing shows an overview strip, then each journey with its stages, deals and a lane a person; what
does not fit on a
page goes on the next, with stages and time axis repeated. Nothing is shrunk: dense steps are counted
together instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from etappe.reports.account.bands import before_sales
from etappe.reports.account.legend import draw_legend, legend_height
from etappe.reports.account.reading import Journey, Story, read_story
from etappe.reports.account.section import Section, section_of
from etappe.reports.account.strip import draw_strip
from etappe.reports.account.tables import (
    deals_sheet,
    people_sheet,
    stages_sheet,
    steps_sheet,
    unresolved_sheet,
)
from etappe.reports.document import Block, Document, KeyFigure, Notes, Picture
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Scene, Text
from etappe.reports.footer import footer_of
from etappe.reports.formats import money, number, share
from etappe.reports.texts import Words
from etappe.reports.theme import TYPE, Language

_GAP = 14.0


def account_document(
    story: Mapping[str, Any],
    language: Language,
    as_of: Any = None,
    conservation: Mapping[str, Any] | None = None,
) -> Document:
    """The story of `account X --json` as a document.

    Parameters
    ----------
    story : mapping
        `account`, `persons`, `journeys`, `unresolved`; `names` may say what the workspace calls its
        touchpoints,
        stages and channels (`{"touchpoint": {"pricing page": {"de": …, "en": …}}}`), `zone` its time zone.
    language : "de" or "en"
    as_of : datetime, date or ISO text, optional
        The state of knowledge: printed, and the end of what is still open.
    conservation : mapping, optional
        The `conservation` of the build, or the whole of what `build --json` says: then its counts are
        printed too.
    """
    words = Words(language, story.get("names"))
    read = read_story(story, as_of)
    title = (
        read.account.get("name")
        or read.account.get("domain")
        or read.account.get("account_id")
        or words("company_lane")
    )
    facts = [read.account.get(key, "") for key in ("domain", "industry", "city", "country", "segment", "tier", "type")]
    blocks: list[Block] = []
    if read.journeys:
        blocks.append(Picture(words("story"), lambda w, h, m, head: story_pages(read, w, h, m, words, title, head)))
    else:
        blocks.append(Notes(words("story"), (words("no_journey"),)))
    sheets = [
        stages_sheet(read, words),
        people_sheet(read, words),
        deals_sheet(read, words),
        unresolved_sheet(read, words),
    ]
    sheets += [steps_sheet(read, journey, words) for journey in read.journeys]
    blocks.extend(sheet for sheet in sheets if sheet is not None)
    return Document(
        language,
        title,
        " · ".join(fact for fact in dict.fromkeys(facts) if fact and fact != title),
        tuple(_key_figures(read, words)),
        tuple(blocks),
        footer_of(words, read.as_of, words("story_recipe"), conservation),
    )


def _key_figures(story: Story, words: Words) -> list[KeyFigure]:
    language = words.language
    steps = [step for journey in story.journeys for step in journey.steps]
    if not story.journeys:
        return []
    people = {key for step in steps for key in step.persons}
    figures = [
        KeyFigure(number(len(story.journeys), language, 0), words("kf_journeys", n=len(story.journeys))),
        KeyFigure(number(len(steps), language, 0), words("kf_steps", n=len(steps))),
        KeyFigure(number(len(people), language, 0), words("kf_persons", n=len(people))),
    ]
    if steps:
        figures.append(KeyFigure(share(sum(step.online for step in steps) / len(steps), language), words("kf_online")))
    part = before_sales(story.journeys[0], story.as_of)
    if part is not None:
        no = words("journey_no", n=story.journeys[0].number) if len(story.journeys) > 1 else ""
        figures.append(KeyFigure(share(part, language), words("kf_before_sales"), no))
    for status, word in (("won", "kf_won"), ("open", "kf_open_value")):
        deals = [d for journey in story.journeys for d in journey.deals if d.status == status and d.amount is not None]
        currencies = {deal.currency for deal in deals}
        if deals and len(currencies) == 1:
            figures.append(KeyFigure(money(sum(d.amount or 0 for d in deals), currencies.pop(), language), words(word)))
    return figures


def story_pages(
    story: Story,
    width: float,
    height: float | None,
    measure: Measure,
    words: Words,
    title: str,
    head: float = 0.0,
) -> list[Scene]:
    """The drawing, on sheets of at most `height` (the first lower by `head`), or on one as high as it
    needs.
    """
    about = _about(story, words, title)
    sections = [section_of(story, journey, width, words, measure) for journey in story.journeys]
    key = legend_height(sections, width, words, measure)
    pages: list[Scene] = [Scene(width, about=about)]
    y = draw_strip(pages[-1], story, 0.0, width, words, measure)
    full = (height if height is not None else 1e9) - key
    for section in sections:
        y = _flow(pages, section, y, full, head, about)
    pages[-1].height = y
    for page in pages:
        page.height = draw_legend(page, page.height, sections, words, measure)
    return pages


def _flow(pages: list[Scene], section: Section, y: float, full: float, head: float, about: str) -> float:
    """One journey from y on; a page is broken between lanes only, and stages and axis repeated."""
    first = section.row_height(0) if section.lanes else 20.0
    deals = 13.5 * min(len(section.journey.deals), 9)
    y += _GAP if y else 0.0
    limit = full - (head if len(pages) == 1 else 0.0)
    if y + 75 + deals + first > limit and y > 100:
        y = _new_page(pages, y, about)
    top = section.draw_head(pages[-1], y, again=False)
    y = section.draw_deals(pages[-1], top + 1)
    if not section.lanes:
        pages[-1].add(Text(0, y + 12, section.words("no_steps"), TYPE["label"], "muted"))
        return y + 18
    for index in range(len(section.lanes)):
        limit = full - (head if len(pages) == 1 else 0.0)
        again = y + section.row_height(index) > limit and y > 120
        if again:
            section.finish(pages[-1], top, y)
            y = _new_page(pages, y, about)
            y = top = section.draw_head(pages[-1], y, again=True)
        y = section.draw_row(pages[-1], index, y, again)
    section.finish(pages[-1], top, y)
    return y + 2


def _new_page(pages: list[Scene], y: float, about: str) -> float:
    pages[-1].height = y
    pages.append(Scene(pages[-1].width, about=about))
    return 0.0


def _about(story: Story, words: Words, title: str) -> str:
    from etappe.reports.account.tables import title_of

    def one(journey: Journey) -> str:
        outcome = words.term("outcome", journey.outcome)
        return f"{title_of(journey, words)}: {outcome}, {words('steps_n', n=len(journey.steps))}"

    return f"{words('story')} {title}. " + "; ".join(one(journey) for journey in story.journeys)
