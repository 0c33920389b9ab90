"""Accounts, sessions, tokens, guest links, the audit log and the memory of verdicts hold on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from etappe.errors import AccessFault, NotFound, SignInFault
from etappe.maps.database import GUESTS, OPENINGS, SESSIONS, VERDICTS, Database
from etappe.maps.verdict_log import VerdictLog, key_of
from etappe.workspace.audit import Audit, Wanted
from etappe.workspace.guests import Guests
from etappe.workspace.people import People

PASSWORD = "ein langes Passwort"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


def test_who_signs_in_is_known_by_the_session_until_it_ends_or_the_account_does(database: Database) -> None:
    people = People(database)
    assert not people.any()
    people.add("anna", "admin", password=PASSWORD)
    people.add("bert", "viewer", password=PASSWORD)
    with pytest.raises(SignInFault):
        people.sign_in("anna", "falsch")
    first, second = people.sign_in("anna", PASSWORD), people.sign_in("bert", PASSWORD)
    assert [(who.name, who.role) for secret in (first, second) if (who := people.of_session(secret))] == [("anna", "admin"), ("bert", "viewer")]
    people.end(first)
    assert people.of_session(first) is None
    people.change("bert", disabled=True)
    assert people.of_session(second) is None
    with pytest.raises(AccessFault):
        people.remove("anna")  # nobody could let anybody in any more
    assert [user.name for user in people.all()] == ["anna", "bert"]


def test_a_name_is_given_once_and_two_who_take_it_at_once_make_one_account(database: Database) -> None:
    people = People(database)
    came: list[str] = []

    def take(role: str) -> None:
        try:
            people.add("carla", role, password=PASSWORD)
            came.append(role)
        except (AccessFault, sa.exc.SQLAlchemyError):
            pass

    both = [threading.Thread(target=take, args=(role,)) for role in ("editor", "viewer")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert [user.role for user in people.all()] == came
    assert len(came) == 1


def test_a_one_time_link_opens_once(database: Database) -> None:
    people = People(database)
    secret = people.opening()
    assert people.of_session(people.open(secret)) is not None
    with pytest.raises(SignInFault):
        people.open(secret)


def test_a_token_says_who_and_how_far_and_ends_when_it_is_taken_back(database: Database) -> None:
    people = People(database)
    people.add("anna", "admin", password=PASSWORD)
    id, secret = people.make_token("anna", "Auswertung", "read")
    _, old = people.make_token("anna", "alt", "read", expires_on=dt.date(2020, 1, 1))
    who = people.of_token(secret)
    assert who is not None
    assert (who.name, who.role) == ("anna", "viewer")
    assert people.of_token(old) is None
    assert secret not in str(people.tokens())
    people.remove_token(id)
    assert people.of_token(secret) is None


def test_a_guest_link_opens_its_map_and_lanes_until_it_is_taken_back_and_ends_its_sessions(database: Database) -> None:
    people, guests = People(database), Guests(database)
    id, secret = guests.invite("kauf", "comment", "anna", lanes=["actions", "feelings"])
    grant, until = guests.enter(secret)
    assert (grant.map, grant.can, grant.lanes) == ("kauf", "comment", ("actions", "feelings"))
    session = people.begin(guest=id, shown="Gast", until=until)
    assert people.of_session(session) is not None
    with pytest.raises(NotFound):
        guests.revoke("andere", id)
    guests.revoke("kauf", id)
    assert people.of_session(session) is None
    with pytest.raises(SignInFault):
        guests.enter(secret)
    assert [(row["id"], row["revoked"]) for row in guests.of("kauf")] == [(id, True)]


def test_what_has_run_out_opens_nothing(database: Database) -> None:
    people, guests = People(database), Guests(database)
    people.add("anna", "admin", password=PASSWORD)
    id, link = guests.invite("kauf", "view", "anna")
    began, opening = people.begin("anna"), people.opening()
    came = people.begin(guest=id, shown="Gast", until=guests.enter(link)[1])
    assert [people.of_session(secret) is not None for secret in (began, came)] == [True, True]
    over = (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)).isoformat()
    with database.writing() as connection:
        connection.execute(sa.update(GUESTS).values(expires_at=over))
    assert people.of_session(came) is None, "a session is over with the link it came by"
    with pytest.raises(SignInFault):
        guests.enter(link)
    with database.writing() as connection:
        for table in (SESSIONS, OPENINGS):
            connection.execute(sa.update(table).values(expires_at=over))
    assert people.of_session(began) is None
    with pytest.raises(SignInFault):
        people.open(opening)


def test_who_is_locked_out_comes_in_by_no_door(database: Database) -> None:
    people = People(database)
    people.add("anna", "admin", password=PASSWORD)
    people.add("bert", "editor", password=PASSWORD, subject="provider|1")
    _, token = people.make_token("bert", "nachts", "write")
    people.change("bert", disabled=True)
    assert people.of_token(token) is None
    for door in (lambda: people.sign_in("bert", PASSWORD), lambda: people.sign_in_as("provider|1", "bert", trusted=True)):
        with pytest.raises(SignInFault):
            door()
    people.change("bert", disabled=False)
    assert people.of_token(token) is not None


def test_a_new_password_ends_sessions_and_a_removed_account_leaves_no_key_to_one_of_its_name(database: Database) -> None:
    people = People(database)
    people.add("anna", "admin", password=PASSWORD)
    people.add("bert", "editor", password=PASSWORD)
    session = people.begin("bert")
    people.change("bert", password=f"{PASSWORD} neu")
    assert people.of_session(session) is None
    session, (_, token) = people.begin("bert"), people.make_token("bert", "nachts", "read")
    people.remove("bert")
    people.add("bert", "admin", password=PASSWORD)
    assert (people.of_session(session), people.of_token(token)) == (None, None)


def test_ones_own_password_is_changed_by_who_knows_it_and_ends_the_other_sessions(database: Database) -> None:
    people = People(database)
    people.add("anna@firm.example", "viewer", password="old words of anna")
    people.add("bo@firm.example", "viewer", subject="bo")
    here, elsewhere = people.sign_in("anna@firm.example", "old words of anna"), people.sign_in("anna@firm.example", "old words of anna")
    for old, new, why in (("wrong words of anna", "new words of anna", "present password"), ("old words of anna", "short", "too easy")):
        with pytest.raises(AccessFault, match=why):
            people.renew("anna@firm.example", old, new, here=here)
    assert [people.of_session(one) is None for one in (here, elsewhere)] == [False, False]
    people.renew("anna@firm.example", "old words of anna", "new words of anna", here=here)
    assert [people.of_session(one) is None for one in (here, elsewhere)] == [False, True]
    with pytest.raises(SignInFault):
        people.sign_in("anna@firm.example", "old words of anna")
    assert people.of_session(people.sign_in("anna@firm.example", "new words of anna"))
    with pytest.raises(AccessFault, match="present password"):
        people.renew("bo@firm.example", "", "new words of bo!")


def test_a_token_that_reads_sees_no_names_though_its_user_does(database: Database) -> None:
    people = People(database)
    people.add("anna", "admin", password=PASSWORD)
    seen = {scope: people.of_token(people.make_token("anna", scope, scope)[1]) for scope in ("read", "write", "admin")}
    assert {scope: who and (who.personal, who.reads) for scope, who in seen.items()} == {"read": (False, True), "write": (True, False), "admin": (True, False)}


def test_the_audit_log_is_numbered_in_its_order_and_paged_from_the_newest(database: Database) -> None:
    audit = Audit(database)
    for number in range(5):
        audit.note("anna" if number % 2 else "bert", "saw account", f"firma-{number}", rows=number, text="Übersicht")
    lines = audit.lines(limit=2)
    assert [line["about"] for line in lines] == ["firma-4", "firma-3"]
    assert [line["about"] for line in audit.lines(before=lines[-1]["number"])] == ["firma-2", "firma-1", "firma-0"]
    assert [line["detail"]["rows"] for line in audit.lines(Wanted(who="anna"))] == [3, 1]
    assert lines[0]["detail"]["text"] == "Übersicht"


def test_verdicts_are_remembered_where_they_change_and_a_day_keeps_its_last(database: Database) -> None:
    log = VerdictLog(database)
    long = f"coverage(article) >= 0.1 where segment = {'x' * 700}"
    days = [dt.date(2026, 1, 5), dt.date(2026, 2, 5), dt.date(2026, 3, 5)]
    claims = {("k1", "coverage(webinar) >= 0.3"): "confirmed", ("k2", long): "undecided"}
    assert log.note("kauf", claims, days[0]) == 2
    assert log.note("kauf", claims, days[1]) == 0, "nothing has changed"
    assert log.note("kauf", {("k2", long): "contradicted"}, days[1]) == 1
    assert log.note("kauf", {("k2", long): "confirmed"}, days[1]) == 1, "the later check of the day counts"
    assert log.note("kauf", {("k2", long): "no_data"}, days[0]) == 0, "what is of an earlier day is left alone"
    assert [(turn.on, turn.verdict) for turn in log.of("kauf")["k2", key_of(long)]] == [(days[0], "undecided"), (days[1], "confirmed")]
    assert log.of("andere") == {}
    assert log.size() == 3
    with database.reading() as connection:
        assert connection.execute(sa.select(sa.func.max(sa.func.length(VERDICTS.c.claim)))).scalar() == 600


def test_a_database_of_an_earlier_version_is_brought_up_and_keeps_what_it_has(url: str) -> None:
    opened = Database(url)
    People(opened).add("anna", "admin", password=PASSWORD)
    with opened.writing() as connection:  # as it was before verdicts were remembered
        VERDICTS.drop(connection)
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0004'"))
    opened.close()
    again = Database(url)
    assert VerdictLog(again).note("kauf", {("k1", "coverage(webinar) >= 0.3"): "confirmed"}, dt.date(2026, 1, 5)) == 1
    assert [user.name for user in People(again).all()] == ["anna"]
    again.close()


def test_nobody_is_given_the_name_of_whoever_sits_at_the_machine(database: Database) -> None:
    people = People(database)
    with pytest.raises(AccessFault, match="sits at the machine"):
        people.add(" Local", "viewer", password=PASSWORD)
    assert people.all() == []
