"""Consistent steps, journeys and their companions, made from hazards that are known: the truth analyses are
held to.

Every stage is left at constant rates (per day) for the next stage, one stage back, loss and dormancy, so that
the share of each way out is its rate over the sum of rates, and the time in a stage is exponential. A
`blocker` touchpoint in one stage multiplies the rate of loss after it. Everything is arrays: ten million
steps take a minute.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.identity.schema import PERSONS, RESOLVED_ACCOUNTS
from etappe.journeys.schema import BUILT
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine

NEW = ("research", "supplier_search", "preselection", "first_talks", "request_for_proposal", "shortlist", "decision")
OLD = ("use", "need", "talks", "offer", "decision")
WAYS = ("on", "back", "lost", "dormant")
ROLES = ("initiator", "user", "influencer", "decider", "buyer", "gatekeeper")
TOUCHPOINTS = {
    "home page": "direct", "article": "organic search", "product page": "organic search", "product ad": "paid search",
    "linkedin ad": "paid social", "newsletter": "email", "webinar": "webinar", "white paper": "email",
    "case study": "organic search", "pricing page": "direct", "comparison page": "organic search",
    "contact form": "direct", "fair talk": "fair", "sales call": "outbound call", "sales meeting": "meeting",
    "technical workshop": "meeting", "on-site demo": "meeting", "contract review": "meeting", "documentation": "product",
    "support ticket": "support",
}  # fmt: skip
NAMES = tuple(TOUCHPOINTS)
ANSWERED = 20  # every so many steps, one is the answer to a survey
SALES = ("fair talk", "sales call", "sales meeting", "technical workshop", "on-site demo", "contract review")
AS_OF = dt.datetime(2026, 6, 30, tzinfo=dt.UTC)
DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True)
class Truth:
    """The rates a day.

    `blocker` multiplies the rate of loss in the third stage after that touchpoint, when it is met.
    """

    on: float = 0.040
    back: float = 0.004
    lost: float = 0.010
    dormant: float = 0.006
    first_lost: float = 0.010
    blocker: str | None = "pricing page"
    blocker_stage: int = 2
    blocker_rate: float = 0.03
    blocker_times: float = 4.0
    steps_a_day: float = 0.12
    years: float = 2.5
    more_journeys: float = 0.4
    effects: dict[str, float] = field(default_factory=dict)

    def conversion(self, steps_back_allowed: bool = True) -> float:
        """Share that gets on from the first stage (there is no way back from it, and no blocker)."""
        return self.on / (self.on + self.first_lost + self.dormant)


@dataclass(frozen=True, eq=False)
class Made:
    tables: dict[str, pa.Table]
    evidence: dict[str, pa.Table]
    truth: Truth
    as_of: dt.datetime = AS_OF

    def into(self, engine: Engine):
        from etappe.analyses.analysis import Tables

        built = {name: engine.from_arrow(name, table) for name, table in self.tables.items()}
        evidence = {name: engine.from_arrow(name, table) for name, table in self.evidence.items()}
        return Tables.of(built, evidence, engine, self.as_of)


def make(accounts: int = 600, seed: int = 1, truth: Truth | None = None) -> Made:
    truth = truth or Truth()
    random = np.random.default_rng(seed)
    journeys = _journeys(random, accounts, truth)
    visits = _visits(random, journeys, truth)
    steps = _steps(random, journeys, visits, truth)
    tables = _tables(random, accounts, journeys, visits, steps)
    evidence = {name: table.arrow.empty_table() for name, table in EVIDENCE.items()}
    return Made(tables, {**evidence, **_evidence(random, journeys["end"])}, truth)


def _evidence(random, end):
    """Costs of two platforms by week, and queries of a search engine with the pages they led to."""
    weeks = np.arange(0, end, 7.0)
    kept = {"source": "ads", "learned_at": _moment(np.full(2 * len(weeks), end), end), "import_id": "i1"}
    at = _moment(np.tile(weeks, 2), end)
    costs = {
        **kept, "record_id": _id("c", np.arange(2 * len(weeks))), "happened_at": at, "day": at.cast(pa.date32()),
        "platform": _pick(np.repeat([0, 1], len(weeks)), ["linkedin ads", "google ads"]),
        "campaign": _pick(np.repeat([0, 1], len(weeks)), ["spring", "autumn"]),
        "cost": random.uniform(200, 400, 2 * len(weeks)).round(2), "currency": "EUR",
    }  # fmt: skip
    queries = np.tile(np.arange(len(NAMES)), 30)
    shown = random.integers(5, 400, len(queries))
    searches = {
        "source": "search console", "import_id": "i1", "learned_at": _moment(np.full(len(queries), end), end),
        "record_id": _id("s", np.arange(len(queries))), "happened_at": _moment(random.uniform(0, end, len(queries)), end),
        "query": _pick(queries, [f"measure {name}" for name in NAMES]),
        "page": _pick(queries, [f"https://www.example.example/{name.replace(' ', '-')}?x=1" for name in NAMES]),
        "clicks": random.binomial(shown, 0.1), "impressions": shown, "position": random.uniform(1, 30, len(queries)),
    }  # fmt: skip
    return {"costs": _table(EVIDENCE["costs"], costs), "searches": _table(EVIDENCE["searches"], searches), "feedback": _feedback(random, end)}


def _feedback(random, end, responses=400):
    """Forms filled in at the steps that are answers, each with an NPS and a pair of importance and satisfaction."""
    asked = [("nps", "Would you recommend us?", 0, 10), ("importance", "How important is it to be [fast]", 1, 5), ("satisfaction", "How satisfied are you with being [fast]", 1, 5)]
    number = np.repeat(np.arange(responses), len(asked))
    kind = np.tile(np.arange(len(asked)), responses)
    low, high = (np.array([question[end_] for question in asked], float)[kind] for end_ in (2, 3))
    columns = {
        "source": "web", "import_id": "i1", "learned_at": _moment(np.full(len(number), end), end), "happened_at": _moment(random.uniform(0, end, len(number)), end),
        "record_id": _id("f", np.arange(len(number))), "response_id": _id("r", number * ANSWERED), "survey": "customers", "instrument": _pick(kind, [question[0] for question in asked]),
        "question": _pick(kind, [question[1] for question in asked]), "low": low, "high": high, "value": np.floor(random.uniform(low, high + 1)),
        "finished": np.ones(len(number), bool),
    }  # fmt: skip
    return _table(EVIDENCE["feedback"], columns)


def _journeys(random, accounts, truth):
    number = 1 + random.poisson(truth.more_journeys, accounts)
    account = np.repeat(np.arange(accounts), number)
    place = np.arange(len(account)) - np.repeat(np.cumsum(number) - number, number)
    kind = np.where(place == 0, 0, 1 + random.integers(0, 3, len(account)))
    start = random.uniform(0, truth.years * 365, len(account))
    return {"account": account, "number": place + 1, "kind": kind, "start": start, "end": truth.years * 365}


def _visits(random, journeys, truth):
    """Walks all journeys at once, one stay a round."""
    n = len(journeys["account"])
    alive, stage, now = np.arange(n), np.zeros(n, int), journeys["start"].copy()
    length = np.where(journeys["kind"] == 0, len(NEW), len(OLD))
    out = {name: [] for name in ("journey", "visit", "stage", "entered", "left", "way", "back", "blocked")}
    back = np.zeros(n, bool)
    for visit in range(1, 200):
        if not len(alive):
            break
        s = stage[alive]
        rates = np.column_stack([
            np.full(len(s), truth.on), np.where(s > 0, truth.back, 0.0),
            np.where(s == 0, truth.first_lost, truth.lost), np.full(len(s), truth.dormant),
        ])  # fmt: skip
        stay, way = _leave(random, rates)
        blocked = np.full(len(s), np.nan)
        if truth.blocker:
            here = (s == truth.blocker_stage) & (journeys["kind"][alive] == 0)
            met = random.exponential(1 / truth.blocker_rate, len(s))
            hit = here & (met < stay)
            rates[hit, 2] *= truth.blocker_times
            more, new = _leave(random, rates)
            stay, way = np.where(hit, met + more, stay), np.where(hit, new, way)
            blocked = np.where(hit, met, np.nan)
        entered = now[alive]
        left = entered + stay
        open_ = left > journeys["end"]
        for name, part in (
            ("journey", alive), ("visit", np.full(len(s), visit)), ("stage", s), ("entered", entered),
            ("left", left), ("way", np.where(open_, -1, way)), ("back", back[alive]), ("blocked", blocked),
        ):  # fmt: skip
            out[name].append(part)
        goes = ~open_ & (way < 2)
        target = s + np.where(way == 0, 1, -1)
        goes &= target < length[alive]
        now[alive], stage[alive], back[alive] = left, np.clip(target, 0, None), way == 1
        alive = alive[goes]
    visits = {name: np.concatenate(parts) for name, parts in out.items()}
    order = np.lexsort((visits["visit"], visits["journey"]))
    return {name: part[order] for name, part in visits.items()}


def _leave(random, rates):
    whole = rates.sum(axis=1)
    stay = random.exponential(1 / whole)
    pick = random.random(len(rates)) * whole
    return stay, (pick[:, None] > np.cumsum(rates, axis=1)).sum(axis=1).clip(0, 3)


def _steps(random, journeys, visits, truth):
    end = journeys["end"]
    until = np.minimum(visits["left"], end)
    days = until - visits["entered"]
    count = 1 + random.poisson(truth.steps_a_day * days)
    visit = np.repeat(np.arange(len(days)), count)
    first = np.zeros(len(visit), bool)
    first[np.cumsum(count) - count] = True
    at = visits["entered"][visit] + np.where(first, 0.0, random.random(len(visit)) * days[visit])
    stage = visits["stage"][visit]
    # each stage has eight touchpoints of its own, so that stages differ and most touchpoints occur in several
    touch = (stage * 2 + random.integers(0, 8, len(visit))) % len(NAMES)
    if truth.blocker:
        code = NAMES.index(truth.blocker)
        kind = journeys["kind"][visits["journey"]]
        special = (stage == truth.blocker_stage) & (kind[visit] == 0)
        touch = np.where(special & (touch == code), code + 1, touch)
        seen = np.flatnonzero(visits["blocked"] + visits["entered"] < end)
        visit = np.concatenate([visit, seen])
        at = np.concatenate([at, visits["entered"][seen] + visits["blocked"][seen]])
        touch = np.concatenate([touch, np.full(len(seen), code)])
    order = np.lexsort((at, visit))
    visit, at, touch = visit[order], at[order], touch[order]
    journey = visits["journey"][visit]
    new = np.ones(len(journey), bool)
    new[1:] = journey[1:] != journey[:-1]
    begin = np.flatnonzero(new)
    seq = np.arange(len(journey)) - np.repeat(begin, np.diff(np.append(begin, len(journey)))) + 1
    return {"visit": visit, "journey": journey, "at": at, "touch": touch, "seq": seq, "new": new, "begin": begin}


def _moment(days, as_of_day):
    """Days of the simulation as UTC moments; nan is null."""
    zero = int(AS_OF.timestamp() * 1_000_000) - int(as_of_day * DAY)
    value = np.where(np.isnan(days), 0, zero + np.round(np.nan_to_num(days) * DAY)).astype(np.int64)
    return pa.array(value, mask=np.isnan(days)).cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))


def _pick(codes, names):
    """Texts by code; a code of -1 is null."""
    codes = np.asarray(codes)
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string())).cast(pa.string())


def _id(letter, numbers):
    texts = pc.utf8_lpad(pa.array(np.asarray(numbers)).cast(pa.string()), width=11, padding="0")
    return pc.binary_join_element_wise(pa.scalar(letter), texts, "")


def _table(schema, columns):
    size = next(len(part) for part in columns.values() if not isinstance(part, str))
    columns = {name: pa.array([part] * size) if isinstance(part, str) else part for name, part in columns.items()}
    ready = [
        columns[column.name] if column.name in columns else pa.nulls(size, column.type) for column in schema.columns
    ]
    return pa.table(
        [pa.array(part) if isinstance(part, np.ndarray) else part for part in ready], names=schema.names
    ).cast(schema.arrow)


def _tables(random, accounts, journeys, visits, steps):
    n, end = len(journeys["account"]), journeys["end"]
    answered = (np.arange(len(steps["touch"])) % ANSWERED == 0) & (steps["touch"] != NAMES.index("pricing page"))
    segment, tier = random.integers(0, 3, accounts), random.integers(0, 3, accounts)
    industry, country, owner = (random.integers(0, size, accounts) for size in (4, 3, 5))
    ids = _id("a", np.arange(accounts))
    account = ids.take(pa.array(journeys["account"]))
    journey_id = pc.binary_join_element_wise(account, pa.array(journeys["number"]).cast(pa.string()), "-")
    last = np.append(np.flatnonzero(np.diff(visits["journey"])), len(visits["journey"]) - 1)
    length = np.where(journeys["kind"] == 0, len(NEW), len(OLD))
    way = visits["way"][last]
    outcome = np.select([way < 0, way == 2, way == 3], [3, 1, 2], 0)
    ended = np.where(way < 0, np.nan, visits["left"][last])
    furthest = np.maximum.reduceat(visits["stage"], np.append(0, last[:-1] + 1))
    names = NEW + OLD
    offset = np.where(journeys["kind"] == 0, 0, len(NEW))
    stage_code = visits["stage"] + offset[visits["journey"]]

    persons = random.integers(1, 6, n)
    person_journey = np.repeat(np.arange(n), persons)
    base = np.cumsum(persons) - persons
    role = random.integers(-1, len(ROLES), len(person_journey))
    step_person = base[steps["journey"]] + random.integers(0, persons[steps["journey"]])
    sales = np.isin(steps["touch"], [NAMES.index(name) for name in SALES])
    at = steps["at"]
    wait = np.full(len(at), np.nan)
    wait[1:] = np.where(steps["new"][1:], np.nan, at[1:] - at[:-1])
    after = np.append(wait[1:], np.nan)
    previous = np.where(steps["new"], -1, np.append(-1, steps["touch"][:-1]))
    following = np.where(np.append(steps["new"][1:], True), -1, np.append(steps["touch"][1:], -1))
    first_sales = np.full(n, np.inf)
    np.minimum.at(first_sales, steps["journey"][sales], at[sales])
    amount = np.round(random.lognormal(10, 0.8, n), 2)
    has_deal = (furthest >= 3) | (outcome == 0)
    path, path_hash = _paths(steps, n)
    per_journey = np.bincount(steps["journey"], minlength=n)
    made = {
        "journeys": {
            "journey_id": journey_id, "account_id": account, "number": journeys["number"],
            "kind": _pick(journeys["kind"], ["first_purchase", "repurchase", "expansion", "renewal"]),
            "started_at": _moment(journeys["start"], end),
            "last_step_at": _moment(at[np.append(steps["begin"][1:], len(at)) - 1], end),
            "ended_at": _moment(ended, end), "outcome": _pick(outcome, ["won", "lost", "dormant", "open"]),
            "days": np.where(way < 0, end, np.nan_to_num(ended)) - journeys["start"],
            "steps": per_journey, "persons": persons, "stage": _pick(stage_code[last], names),
            "furthest_stage": _pick(furthest + offset, names), "furthest_no": furthest + 1,
            "back_moves": np.bincount(visits["journey"], weights=visits["back"], minlength=n).astype(int),
            "pauses": np.zeros(n, int), "paused_days": np.zeros(n),
            "first_sales_at": _moment(np.where(np.isinf(first_sales), np.nan, first_sales), end),
            "deal_ids": pa.ListArray.from_arrays(
                pa.array(np.append(0, np.cumsum(has_deal)).astype(np.int32)),
                pc.binary_join_element_wise("crm:", _id("d", np.flatnonzero(has_deal)), ""),
            ),
            "won_value": np.where(outcome == 0, amount, 0.0), "deal_value": np.where(has_deal, amount, 0.0),
            "currency": pa.array(np.where(has_deal, "EUR", None).tolist(), pa.string()),
            "owner": _pick(owner[journeys["account"]], [f"Owner {k}" for k in range(5)]),
            "segment": _pick(segment[journeys["account"]], ["large", "middle", "small"]),
            "tier": _pick(tier[journeys["account"]], ["A", "B", "C"]),
            "industry": _pick(industry[journeys["account"]], ["Machinery", "Food", "Chemicals", "Energy"]),
            "country": _pick(country[journeys["account"]], ["DE", "AT", "CH"]),
            "path": path, "path_hash": path_hash,
        },
        "stage_visits": {
            "journey_id": journey_id.take(pa.array(visits["journey"])),
            "account_id": account.take(pa.array(visits["journey"])), "visit_no": visits["visit"],
            "stage": _pick(stage_code, names), "stage_no": visits["stage"] + 1,
            "entered_at": _moment(visits["entered"], end),
            "left_at": _moment(np.where(visits["way"] < 0, np.nan, visits["left"]), end),
            "days": np.minimum(visits["left"], end) - visits["entered"],
            "left_to": _left_to(visits, stage_code, length, names), "back": visits["back"],
            "entered_by": _pick(np.full(len(stage_code), 0), ["product page"]),
        },
        "steps": {
            "account_id": account.take(pa.array(steps["journey"])),
            "journey_id": journey_id.take(pa.array(steps["journey"])), "seq": steps["seq"],
            "happened_at": _moment(at, end), "learned_at": _moment(at, end),
            "stage": _pick(stage_code[steps["visit"]], names), "stage_no": visits["stage"][steps["visit"]] + 1,
            "visit_no": visits["visit"][steps["visit"]], "touchpoint": _pick(steps["touch"], NAMES),
            "channel": _pick(steps["touch"], list(TOUCHPOINTS.values())), "kind": _pick(answered.astype(int), ["page_view", "survey_answer"]),
            "person_id": _id("p", step_person), "role": _pick(role[step_person], ROLES), "online": ~sales,
            "direction": _pick(sales.astype(int), ["in", "out"]), "sales": sales,
            "previous_touchpoint": _pick(previous, NAMES), "next_touchpoint": _pick(following, NAMES),
            "wait_before": pa.array(wait, mask=np.isnan(wait)), "wait_after": pa.array(after, mask=np.isnan(after)),
            "campaign": _pick(np.where(steps["touch"] % 4 == 3, steps["touch"] % 3, -1), ["spring", "autumn", "always on"]),
            "content": _pick(np.where(sales, -1, steps["touch"]), [f"/{name.replace(' ', '-')}" for name in NAMES]),
            "source": _pick(sales.astype(int), ["web", "crm"]), "record_id": _id("r", np.arange(len(at))),
        },
        "buying_center": {
            "journey_id": journey_id.take(pa.array(person_journey)), "account_id": account.take(pa.array(person_journey)),
            "person_id": _id("p", np.arange(len(person_journey))), "role": _pick(role, ROLES),
            "role_source": _pick(np.where(role < 0, -1, role % 3), ["crm", "title", "behaviour"]),
            **_presence(steps, step_person, len(person_journey), stage_code[steps["visit"]], names, end),
        },
        "pauses": _pauses(steps, visits, wait, journey_id, account, stage_code, names, end),
        "journey_deals": {
            "deal_id": pc.binary_join_element_wise("crm:", _id("d", np.flatnonzero(has_deal)), ""),
            "account_id": account.filter(pa.array(has_deal)), "journey_id": journey_id.filter(pa.array(has_deal)),
            "opened_at": _moment(journeys["start"][has_deal], end), "closed_at": _moment(ended[has_deal], end),
            "status": _pick(np.select([outcome == 0, outcome == 1], [1, 2], 0)[has_deal], ["open", "won", "lost"]),
            "amount": amount[has_deal], "currency": pa.array(["EUR"] * int(has_deal.sum())),
        },
    }  # fmt: skip
    tables = {name: _table(BUILT[name], columns) for name, columns in made.items()}
    for name, schema in BUILT.items():
        tables.setdefault(name, schema.arrow.empty_table())
    tables["persons"] = _table(
        PERSONS,
        {
            "person_id": _id("p", np.arange(len(person_journey))),
            "account_id": account.take(pa.array(person_journey)),
        },
    )
    tables["resolved_accounts"] = _table(
        RESOLVED_ACCOUNTS,
        {
            "account_id": ids,
            "name": pc.binary_join_element_wise("Firm ", pa.array(np.arange(accounts)).cast(pa.string()), ""),
            "domain": pc.binary_join_element_wise(
                "firm", pa.array(np.arange(accounts)).cast(pa.string()), ".example", ""
            ),
        },
    )
    return tables


def _pauses(steps, visits, wait, journey_id, account, stage_code, names, end):
    """Silences of more than fifteen days inside a journey, and those that last."""
    after = np.flatnonzero(np.nan_to_num(wait) > 15)
    last = np.append(steps["begin"][1:], len(wait)) - 1
    final = np.append(np.flatnonzero(np.diff(visits["journey"])), len(visits["journey"]) - 1)
    lasting = last[(visits["way"][final] < 0) & (end - steps["at"][last] > 15)]
    before = np.concatenate([after - 1, lasting])
    ended = np.concatenate([steps["at"][after], np.full(len(lasting), np.nan)])
    journey = pa.array(steps["journey"][before])
    return {
        "journey_id": journey_id.take(journey), "account_id": account.take(journey),
        "stage": _pick(stage_code[steps["visit"][before]], names), "started_at": _moment(steps["at"][before], end),
        "ended_at": _moment(ended, end), "days": np.where(np.isnan(ended), end, ended) - steps["at"][before],
        "revived_by": _pick(np.concatenate([steps["touch"][after], np.full(len(lasting), -1)]), NAMES),
    }  # fmt: skip


def _left_to(visits, stage_code, length, names):
    ends = ("won", "lost", "dormant")
    everything = [*names, *ends]
    way, won = visits["way"], visits["stage"] + 1 >= length[visits["journey"]]
    code = np.select(
        [way < 0, way == 2, way == 3, (way == 0) & won, way == 0],
        [-1, len(names) + 1, len(names) + 2, len(names), stage_code + 1],
        stage_code - 1,
    )
    return _pick(code, everything)


def _paths(steps, n):
    touch, new = steps["touch"], steps["new"]
    keep = new.copy()
    keep[1:] |= touch[1:] != touch[:-1]
    journey = steps["journey"][keep]
    count = np.bincount(journey, minlength=n)
    start = np.append(0, np.cumsum(count))
    place = np.arange(len(journey)) - start[journey]
    random = np.random.default_rng(99)
    salt = random.integers(1, 2**62, len(NAMES)).astype(np.uint64)
    power = random.integers(1, 2**62, int(count.max(initial=1))).astype(np.uint64) | np.uint64(1)
    with np.errstate(over="ignore"):
        mixed = salt[touch[keep]] * power[place]
        hashed = np.add.reduceat(mixed, start[:-1]).astype(np.int64)
    return pa.ListArray.from_arrays(pa.array(start.astype(np.int32)), _pick(touch[keep], NAMES)), hashed


def _presence(steps, person, size, stage_code, names, end):
    first, last = np.full(size, np.nan), np.full(size, np.nan)
    entered = np.full(size, -1)
    order = np.lexsort((steps["at"], person))
    who = person[order]
    begin = np.flatnonzero(np.append(True, who[1:] != who[:-1]))
    finish = np.append(begin[1:], len(who)) - 1
    first[who[begin]], last[who[begin]] = steps["at"][order][begin], steps["at"][order][finish]
    entered[who[begin]] = stage_code[order][begin]
    return {
        "first_at": _moment(first, end), "last_at": _moment(last, end),
        "steps": np.bincount(person, minlength=size), "entered_stage": _pick(entered, names),
    }  # fmt: skip
