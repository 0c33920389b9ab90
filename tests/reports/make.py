"""Stories and results made by hand, with the dirt of real ones; the same every time."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

UTC = dt.UTC
AS_OF = dt.datetime(2026, 6, 30, tzinfo=UTC)
NASTY = (
    '#import "x": *',
    "$x^2$ _a_ *b*",
    "<script>alert(1)</script>",
    '=cmd|"/c calc"!A1',
    "Ä" * 200,
    "Zoë 👩‍🔧🚀 Ümläut",
    "محمد علي",
    "שרה כהן",
    "\u202egnirts desrever",
    "a\x00b\x07\tc\n\nd",
    "]] ]> --> &amp; \\u{41} @ref <label>",
    "「営業」田中",
)


def at(day: float, start: dt.datetime = dt.datetime(2025, 1, 7, 8, tzinfo=UTC)) -> str:
    return (start + dt.timedelta(days=day)).isoformat().replace("+00:00", "Z")


PEOPLE = [
    ("p1", "Dr. Andrea Hollerbach", "Leiterin Instandhaltung", "influencer", "crm"),
    ("p2", "Jens Vogelsang", "Geschäftsführer", "decider", "crm"),
    (
        "p3",
        "Merve Yıldız-Kattenstroth",
        "Strategischer Einkauf, Investitionsgüter und Dienstleistungen",
        "buyer",
        "title",
    ),
    ("p4", "Tobias Rehm", "Instandhalter Schicht B", "user", "behaviour"),
    ("p5", "", "", None, None),
    ("p6", "Nadja O’Neill", "IT-Sicherheit", "gatekeeper", "title"),
    ("p7", "k.lindqvist@hollerbach-pumpen.example", "", "initiator", "behaviour"),
]


def step(
    day: float, touchpoint: str, person: str | None, kind: str, stage: str, no: int, **more: Any
) -> dict[str, Any]:
    online = kind not in ("call", "meeting", "fair_visit", "event_visit", "letter", "note", "task")
    row = {
        "happened_at": at(day),
        "touchpoint": touchpoint,
        "person_id": person,
        "kind": kind,
        "stage": stage,
        "stage_no": no,
        "online": online,
        "direction": "in",
        "sales": False,
        "channel": "direct",
        "source": "snowplow",
        "record_id": f"r{day}",
    }
    return {**row, **more}


def first_journey() -> dict[str, Any]:
    s = step
    steps = [
        s(
            0,
            "article",
            "p7",
            "page_view",
            "research",
            1,
            channel="organic search",
            name="Lagerschäden früh erkennen",
            content="/magazin/lagerschaeden",
        ),
        s(0.02, "article", "p7", "page_view", "research", 1, channel="organic search"),
        s(
            3,
            "article",
            "p5",
            "page_view",
            "research",
            1,
            channel="paid social",
            campaign="LI Q1 Instandhaltung",
        ),
        s(9, "newsletter", "p7", "email_open", "research", 1, channel="email", source="hubspot"),
        s(9.01, "product page", "p7", "page_view", "supplier_search", 2),
        s(12, "product page", "p4", "page_view", "supplier_search", 2, channel="organic search"),
        s(12.1, "documentation", "p4", "page_view", "supplier_search", 2),
        s(13, "documentation", "p4", "page_view", "supplier_search", 2),
        s(20, "pricing page", "p7", "page_view", "preselection", 3),
        s(21, "comparison page", "p7", "page_view", "preselection", 3),
        s(21.3, "white paper", "p1", "form", "preselection", 3, name="White Paper Nachrüstung"),
        s(
            22,
            "marketing email",
            "p1",
            "email_sent",
            "preselection",
            3,
            direction="out",
            channel="email",
            source="hubspot",
        ),
        s(
            26,
            "webinar",
            "p1",
            "webinar",
            "preselection",
            3,
            channel="webinar",
            name="Webinar: Schwingungsmessung nachrüsten",
        ),
        s(26, "webinar", "p4", "webinar", "preselection", 3, channel="webinar"),
        s(
            33,
            "fair talk",
            "p1",
            "fair_visit",
            "first_talks",
            4,
            sales=True,
            channel="fair",
            name="maintenance Dortmund",
            source="messe",
            participants=["p1", "p4"],
        ),
        s(
            34,
            "sales call",
            "p1",
            "call",
            "first_talks",
            4,
            sales=True,
            direction="out",
            channel="outbound call",
            source="salesforce",
        ),
        s(
            41,
            "sales meeting",
            "p1",
            "meeting",
            "first_talks",
            4,
            sales=True,
            channel="meeting",
            source="salesforce",
            participants=["p1", "p2", "p4"],
        ),
        s(42, "case study", "p2", "page_view", "first_talks", 4),
        s(48, "proposal request", "p1", "form", "request_for_proposal", 5),
        s(
            55,
            "technical workshop",
            "p4",
            "meeting",
            "request_for_proposal",
            5,
            sales=True,
            channel="meeting",
            participants=["p4", "p1", "p6"],
            source="salesforce",
        ),
        s(
            56,
            "documentation",
            "p6",
            "page_view",
            "request_for_proposal",
            5,
            name="IT-Sicherheit der Gateways",
        ),
        s(57, "documentation", "p6", "page_view", "request_for_proposal", 5),
        s(
            120,
            "marketing email",
            "p1",
            "email_open",
            "request_for_proposal",
            5,
            channel="email",
            source="hubspot",
        ),
        s(121, "pricing page", "p3", "page_view", "request_for_proposal", 5, channel="direct"),
        s(121.1, "pricing page", "p3", "page_view", "request_for_proposal", 5),
        s(
            128,
            "sales call",
            "p3",
            "call",
            "preselection",
            3,
            sales=True,
            channel="inbound call",
            source="salesforce",
        ),
        s(139, "comparison page", "p3", "page_view", "preselection", 3),
        s(
            150,
            "on-site demo",
            "p4",
            "meeting",
            "shortlist",
            6,
            sales=True,
            participants=["p4", "p1", "p2", "p3"],
            source="salesforce",
        ),
        s(
            158,
            "reference visit",
            "p2",
            "event_visit",
            "shortlist",
            6,
            channel="meeting",
            source="salesforce",
        ),
        s(
            166,
            "procurement meeting",
            "p3",
            "meeting",
            "decision",
            7,
            sales=True,
            source="salesforce",
            participants=["p3", "p2"],
        ),
        s(
            170,
            "letter",
            None,
            "letter",
            "decision",
            7,
            channel="letter",
            source="salesforce",
            name="Auftragsbestätigung",
            direction="out",
        ),
        s(171, "contract review", "p6", "email", "decision", 7, sales=True, source="salesforce"),
        s(
            30,
            "product ad",
            None,
            "ad_view",
            "preselection",
            3,
            channel="paid social",
            direction="out",
            source="linkedin",
        ),
        {**s(31, "product ad", None, "ad_view", "preselection", 3), "happened_at": None},
    ]
    return {
        "number": 1,
        "kind": "first_purchase",
        "started_at": at(0),
        "ended_at": at(172),
        "outcome": "won",
        "first_sales_contact": at(33),
        "steps": steps,
        "stages": [
            visit("research", 1, 0, 9.01, "supplier_search", "start"),
            visit("supplier_search", 2, 9.01, 20, "preselection", "product page"),
            visit("preselection", 3, 20, 33, "first_talks", "pricing page"),
            visit("first_talks", 4, 33, 48, "request_for_proposal", "fair talk"),
            visit("request_for_proposal", 5, 48, 128, "preselection", "proposal request"),
            visit("preselection", 3, 128, 150, "shortlist", "Qualifizierung", back=True),
            visit("shortlist", 6, 150, 166, "decision", "on-site demo"),
            visit("decision", 7, 166, 172, "won", "procurement meeting"),
        ],
        "pauses": [{"started_at": at(57), "ended_at": at(120), "days": 63.0, "stage": "request_for_proposal"}],
        "deals": [
            {
                "deal_id": "salesforce:1",
                "name": "Nachrüstung Halle 3",
                "opened_at": at(34),
                "closed_at": at(172),
                "status": "won",
                "amount": 128400.0,
                "currency": "EUR",
                "owner": "S. Brandt",
            },
            {
                "deal_id": "salesforce:2",
                "name": "Teststellung Kompressoren",
                "opened_at": at(60),
                "closed_at": at(130),
                "status": "lost",
                "amount": 18000.0,
                "currency": "EUR",
                "owner": "S. Brandt",
                "lost_reason": "Budget verschoben",
            },
        ],
    }


def visit(
    stage: str, no: int, start: float, end: float | None, then: str | None, by: str, back: bool = False
) -> dict[str, Any]:
    return {
        "stage": stage,
        "stage_no": no,
        "entered_at": at(start),
        "left_at": at(end) if end is not None else None,
        "days": (end or start) - start if end is not None else None,
        "left_to": then,
        "entered_by": by,
        "back": back,
    }


def second_journey() -> dict[str, Any]:
    steps = [
        step(260, "support ticket", "p4", "ticket", "use", 1, channel="support", source="zendesk"),
        step(262, "documentation", "p4", "page_view", "use", 1, channel="product", source="matomo"),
        step(
            300,
            "survey answer",
            "p1",
            "survey_answer",
            "use",
            1,
            channel="survey",
            source="qualtrics",
            value=9.0,
        ),
        step(352, "product page", "p1", "page_view", "need", 2, source="matomo"),
        step(353, "product page", "p2", "page_view", "need", 2, source="matomo"),
        step(
            371,
            "sales meeting",
            "p1",
            "meeting",
            "talks",
            3,
            sales=True,
            channel="meeting",
            source="salesforce",
            participants=["p1", "p3"],
        ),
        step(402, "quote page", "p3", "form", "offer", 4, source="matomo"),
        step(
            431,
            "sales call",
            "p3",
            "call",
            "offer",
            4,
            sales=True,
            channel="inbound call",
            source="salesforce",
        ),
    ]
    return {
        "number": 2,
        "kind": "expansion",
        "started_at": at(260),
        "ended_at": None,
        "outcome": "open",
        "first_sales_contact": at(371),
        "steps": steps,
        "stages": [
            visit("use", 1, 260, 352, "need", "start"),
            visit("need", 2, 352, 371, "talks", "product page"),
            visit("talks", 3, 371, 402, "offer", "sales meeting"),
            visit("offer", 4, 402, None, None, "quote page"),
        ],
        "pauses": [{"started_at": at(431), "ended_at": None, "days": 108.0}],
        "deals": [
            {
                "deal_id": "salesforce:3",
                "name": "Erweiterung Werk Süd",
                "opened_at": at(372),
                "closed_at": None,
                "status": "open",
                "amount": 61000.0,
                "currency": "EUR",
                "owner": "S. Brandt",
            }
        ],
    }


def story() -> dict[str, Any]:
    """A first purchase that was won after a pause and a back-move, then an expansion that is still open."""
    persons = [
        {"person_id": key, "name": name, "title": title, "role": role, "role_source": source, "email": None}
        for key, name, title, role, source in PEOPLE
    ]
    return {
        "account": {
            "account_id": "a1",
            "name": "Hollerbach Pumpen GmbH & Co. KG",
            "domain": "hollerbach-pumpen.example",
            "industry": "Maschinenbau",
            "country": "DE",
            "city": "Oberkirch",
            "tier": "Tier 1",
            "domains": ["hollerbach-pumpen.example"],
        },
        "persons": persons,
        "journeys": [first_journey(), second_journey()],
        "unresolved": [
            {"source": "ga4", "record_id": f"u{i}", "happened_at": at(70 + i), "reason": "ambiguous company"}
            for i in range(4)
        ]
        + [{"source": "zendesk", "record_id": "u9", "happened_at": None, "reason": "no date"}],
        "zone": "Europe/Berlin",
    }


def small() -> dict[str, Any]:
    """One visitor, one page view."""
    return {
        "account": {"account_id": "a2", "domain": "klein.example"},
        "persons": [],
        "journeys": [
            {
                "kind": "first_purchase",
                "started_at": at(0),
                "ended_at": None,
                "outcome": "open",
                "stages": [visit("research", 1, 0, None, None, "start")],
                "steps": [step(0, "home page", None, "page_view", "research", 1)],
            }
        ],
        "unresolved": [],
    }


def nasty() -> dict[str, Any]:
    """Every text a trap for typst, HTML, SVG or a spreadsheet."""
    made = story()
    made["account"] = {
        "name": NASTY[0] + NASTY[2],
        "domain": NASTY[3],
        "industry": NASTY[1],
        "city": NASTY[4],
    }
    made["persons"] = [
        {"person_id": f"p{i + 1}", "name": name, "title": NASTY[-i - 1], "role": "user"} for i, name in enumerate(NASTY)
    ]
    for i, name in enumerate(NASTY):
        row = made["journeys"][0]["steps"][i]
        row.update(touchpoint=name, name=name, channel=name, source=name, person_id=f"p{i + 1}")
    for i, deal in enumerate(made["journeys"][0]["deals"]):
        deal.update(name=NASTY[i + 2], owner=NASTY[0], lost_reason=NASTY[1], currency=NASTY[2])
    made["journeys"][0]["stages"][2]["stage"] = NASTY[2]
    made["unresolved"][0]["reason"] = NASTY[0]
    return made


def huge(steps: int = 2000, persons: int = 25, years: int = 3, seed: int = 7) -> dict[str, Any]:
    """A crowded account: many persons, years of steps, stages entered again and again."""
    rng = random.Random(seed)
    begin = dt.datetime(2023, 7, 3, 7, tzinfo=UTC)
    first = ["Anna", "Bernd", "Chiara", "Dmitri", "Elif", "Frank", "Gudrun", "Hasan", "Ines", "Jörg"]
    last = ["Achenbach", "Böhm", "Çelik", "Dietrich", "Eberle", "Fröhlich", "Grünwald"]
    roles = [
        "decider",
        "influencer",
        "influencer",
        "buyer",
        "user",
        "user",
        "user",
        "user",
        None,
        "gatekeeper",
        "initiator",
    ]
    people = [
        {
            "person_id": f"q{i}",
            "name": f"{rng.choice(first)} {rng.choice(last)}" if i % 6 else "",
            "title": rng.choice(["Leitung Produktion", "Werkleitung", "Einkauf", "IT", ""]),
            "role": roles[i % len(roles)],
            "role_source": "title",
        }
        for i in range(persons)
    ]
    touch = [
        ("article", "page_view"),
        ("product page", "page_view"),
        ("pricing page", "page_view"),
        ("documentation", "page_view"),
        ("newsletter", "email_open"),
        ("marketing email", "email_sent"),
        ("sales call", "call"),
        ("sales meeting", "meeting"),
        ("webinar", "webinar"),
        ("support ticket", "ticket"),
        ("fair talk", "fair_visit"),
    ]
    weights = [20, 14, 6, 18, 14, 14, 4, 2, 2, 4, 1]
    order = [
        "research",
        "supplier_search",
        "preselection",
        "first_talks",
        "request_for_proposal",
        "shortlist",
        "decision",
    ]
    total, journeys = years * 365, []
    cuts = [0, total * 0.42, total * 0.7, total]
    for number in range(3):
        low, high = cuts[number], cuts[number + 1] - 8
        times = sorted(rng.uniform(low, high) for _ in range(int(steps * (high - low) / total)))
        rows = []
        for i, day in enumerate(times):
            name, kind = rng.choices(touch, weights)[0]
            who = people[min(int(rng.expovariate(0.16)), persons - 1)]["person_id"] if rng.random() > 0.06 else None
            row = step(
                0,
                name,
                who,
                kind,
                order[min(6, int(7 * i / len(times)))],
                1 + min(6, int(7 * i / len(times))),
            )
            row.update(
                happened_at=at(day, begin),
                seq=i + 1,
                sales=kind in ("call", "meeting", "fair_visit"),
                direction="out" if kind == "email_sent" else "in",
            )
            if kind == "meeting":
                row["participants"] = [p["person_id"] for p in rng.sample(people[:12], 3)]
            rows.append(row)
        stays = sorted(rng.uniform(low, high) for _ in range(13))
        visits, level = [], 0
        for i, day in enumerate([low, *stays]):
            back = level > 1 and rng.random() < 0.3
            level = max(0, level - 2) if back else min(6, level + (i > 0))
            end = stays[i] if i < len(stays) else high
            visits.append(
                {
                    "stage": order[level],
                    "stage_no": level + 1,
                    "entered_at": at(day, begin),
                    "left_at": at(end, begin),
                    "days": end - day,
                    "back": back,
                    "left_to": None,
                    "entered_by": "product page",
                }
            )
        deals = [
            {
                "name": f"Anlage {number}.{i} mit einem ziemlich langen Namen",
                "opened_at": at(low + (high - low) * 0.1 * i, begin),
                "closed_at": at(high - 20 * i, begin),
                "status": ["won", "lost", "lost"][i % 3],
                "amount": 10000.0 * (i + 1),
                "currency": "EUR",
            }
            for i in range(1 + number * 5)
        ]
        journeys.append(
            {
                "kind": ["first_purchase", "expansion", "renewal"][number],
                "started_at": at(low, begin),
                "ended_at": at(high, begin),
                "outcome": ["won", "won", "lost"][number],
                "first_sales_contact": at(low + 40, begin),
                "steps": rows,
                "stages": visits,
                "deals": deals,
                "pauses": [{"started_at": at(low + 100, begin), "ended_at": at(low + 160, begin), "days": 60.0}],
            }
        )
    return {
        "account": {"name": "Großanlagenbau Nord AG", "domain": "gross.example", "industry": "Anlagenbau"},
        "persons": people,
        "journeys": journeys,
        "unresolved": [],
    }


def stages_result() -> Any:
    """A funnel with back-moves, one stage with too few and one never reached."""
    from etappe.words.result import Figure, Period, Recipe, Result, too_few

    names = [
        "research",
        "supplier_search",
        "preselection",
        "first_talks",
        "request_for_proposal",
        "shortlist",
        "decision",
    ]
    entered = [612, 435, 278, 161, 106, 55, 41]
    rows = []
    for i, (name, n) in enumerate(zip(names, entered, strict=True)):
        on = entered[i + 1] if i + 1 < len(names) else 0
        rest = n - on
        opened, lost = rest * 3 // 10, rest * 4 // 10
        won = 25 if i + 1 == len(names) else 0
        lost = min(lost, rest - won - opened)
        conversion = Figure(on / n, on / n - 0.05, on / n + 0.04, n, unit="share") if on else too_few(12)
        median = Figure(12.0 + 3 * i, 10.0 + 2 * i, None if i == 5 else 16.0 + 5 * i, n, unit="days")
        rows.append(
            {
                "stage": name,
                "stage_no": i + 1,
                "entered": n,
                "moved_on": on,
                "won": won,
                "open": opened,
                "lost": lost,
                "dormant": rest - won - opened - lost,
                "conversion": conversion,
                "median_days": median,
                "back_moves": i * 3,
                "back_to": {"preselection": 14 + i, "first_talks": 5} if i > 3 else {},
            }
        )
    return Result(
        "stages",
        Recipe(
            "stages",
            1,
            "Unternehmen je Phase; weiter heißt, eine spätere Phase wurde betreten. Offene Journeys zählen als zensiert.",
            30,
        ),
        (
            "stage",
            "entered",
            "moved_on",
            "won",
            "open",
            "lost",
            "dormant",
            "conversion",
            "median_days",
            "back_moves",
        ),
        rows,
        population={"kind": "first_purchase", "journeys": 612, "segment": "Maschinenbau"},
        period=Period(dt.date(2025, 1, 1), dt.date(2026, 7, 1)),
        as_of=AS_OF,
        caveats=(
            "94 Journeys laufen noch; sie zählen weder als verloren noch als weiter.",
            "Die Phase Shortlist beruht auf 55 Unternehmen.",
        ),
    )


def wide_result(rows: int = 90) -> Any:
    """A table of many columns and rows, with figures, dates and traps."""
    from etappe.words.result import Figure, Recipe, Result

    made = [
        {
            "touchpoint": NASTY[i % len(NASTY)] if i % 9 == 0 else "pricing page",
            "outcome": ["won", "lost", "dormant", "open"][i % 4],
            "share": Figure(0.034 + i / 200, 0.01, 0.9, 40 + i, unit="share"),
            "value": Figure(1234.5 * i, 1000.0 * i, 1500.0 * i, 12, unit="EUR"),
            "started_at": AS_OF - dt.timedelta(days=i),
            "flag": i % 2 == 0,
            "empty": None,
            **{f"column_{n}": i * n + 0.5 for n in range(9)},
        }
        for i in range(rows)
    ]
    return Result(
        "touchpoints",
        Recipe("touchpoints", 2, "Was vor dem Gewinn kam."),
        tuple(made[0]) if made else ("touchpoint",),
        made,
        as_of=AS_OF,
    )
