"""People, tokens, guest links and the audit log."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from etappe.errors import AccessFault, NotFound
from etappe.server import shapes
from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.workspace.people import LOCAL

router = APIRouter(tags=["people"])

Manages = Annotated[Asked, Depends(Needs("manage"))]
Shares = Annotated[Asked, Depends(Needs("share"))]
RoleName = Literal["viewer", "editor", "admin"]


class NewPerson(BaseModel):
    """An account to be made; without a password its owner signs in by the OIDC provider, with this e-mail address."""

    name: str = Field(min_length=1, max_length=120)
    role: RoleName
    shown: str = Field("", max_length=120)
    password: str = Field("", max_length=1000)
    personal: bool | None = None
    language: Literal["", "de", "en"] = ""


class ChangedPerson(BaseModel):
    """What is to be changed of an account."""

    role: RoleName | None = None
    shown: str | None = Field(None, max_length=120)
    password: str | None = Field(None, min_length=1, max_length=1000)
    personal: bool | None = None
    language: Literal["", "de", "en"] | None = None
    disabled: bool | None = None


class UserShape(shapes.Shape):
    """One account; `by` tells how its owner signs in."""

    name: str
    shown: str
    role: RoleName
    personal: bool
    language: str
    disabled: bool
    made_at: str
    by: Literal["password", "oidc", "not yet"]


class NewToken(BaseModel):
    """A token for scripts: what it is for, what it may do at most, until when."""

    title: str = Field(min_length=1, max_length=120)
    scope: Literal["read", "write", "admin"] = "read"
    expires_on: dt.date | None = None
    user: str = Field("", max_length=120)


class NewGuest(BaseModel):
    """A guest link: what may be done, in which lanes (none: all), for how many days."""

    can: Literal["view", "comment", "edit"] = "view"
    lanes: list[Annotated[str, Field(max_length=120)]] = []
    days: int = Field(14, ge=1, le=366)
    title: str = Field("", max_length=120)


class Secret(shapes.Shape):
    """A secret that is told this once."""

    id: str
    secret: str
    link: str = ""


@router.get("/people")
def list_people(asked: Manages) -> list[UserShape]:
    """The accounts."""
    return [UserShape.model_validate(user.to_dict()) for user in asked.here.people.all()]


@router.post("/people", status_code=201)
def add_person(given: NewPerson, asked: Manages) -> UserShape:
    """Makes an account."""
    made = asked.here.people.add(given.name, given.role, password=given.password, shown=given.shown, personal=given.personal, language=given.language)
    asked.note("added person", made.name, role=made.role)
    return UserShape.model_validate(made.to_dict())


@router.patch("/people/{name}")
def change_person(name: str, given: ChangedPerson, asked: Manages) -> UserShape:
    """Changes an account."""
    fields = given.model_dump(exclude_none=True)
    if fields.get("disabled") or fields.get("role", "admin") != "admin":
        _not_the_last(asked, name)
    changed = asked.here.people.change(name, **fields)
    asked.here.look_again()
    asked.note("changed person", name, fields={key: value for key, value in fields.items() if key != "password"}, password="password" in fields)
    return UserShape.model_validate(changed.to_dict())


@router.delete("/people/{name}")
def remove_person(name: str, asked: Manages) -> shapes.Done:
    """Removes an account with its sessions and tokens; its edits keep their author."""
    _not_the_last(asked, name)
    asked.here.people.remove(name)
    asked.here.look_again()
    asked.note("removed person", name)
    return shapes.Done()


def _not_the_last(asked: Asked, name: str) -> None:
    """On a server that others reach, somebody has to be able to sign in; the last account goes by the command line alone."""
    if not asked.here.serving.loopback and [user.name for user in asked.here.people.all()] == [name]:
        raise AccessFault("Nobody would be admin any more.", name, "Make somebody else an admin first.")


@router.get("/tokens")
def list_tokens(asked: Manages) -> list[dict[str, Any]]:
    """The tokens, without their secrets."""
    return asked.here.people.tokens()


@router.post("/tokens", status_code=201)
def make_token(given: NewToken, asked: Manages) -> Secret:
    """Makes a token for oneself or another account; its secret is told this once."""
    known = {user.name for user in asked.here.people.all()}
    user = given.user or (asked.user.name if asked.user.name in known else LOCAL.name)
    id, secret = asked.here.people.make_token(user, given.title, given.scope, expires_on=given.expires_on)
    asked.note("made token", given.title, scope=given.scope, user=user)
    return Secret(id=id, secret=secret)


@router.delete("/tokens/{id}")
def remove_token(id: str, asked: Manages) -> shapes.Done:
    """Ends a token."""
    asked.here.people.remove_token(id)
    asked.here.look_again()
    asked.note("removed token", id)
    return shapes.Done()


@router.post("/session/links", status_code=201)
def another_link(asked: Manages) -> Secret:
    """Another one-time link for this machine, such as for a second browser."""
    if not asked.here.serving.loopback:
        raise NotFound("One-time links open a server on this machine only.", "", "Add an account instead.")
    secret = asked.here.people.opening()
    asked.note("made a one-time link")
    return Secret(id="", secret=secret, link=f"/s/open/{secret}")


@router.get("/guests")
def all_guests(asked: Manages) -> list[dict[str, Any]]:
    """The guest links of all maps, without their secrets, each with the title of its map (none where the map is gone)."""
    titles = {row.id: row.title or row.id for row in asked.here.workspace.atlas.listed("map")}
    return [{**link, "map_title": titles.get(link["map"])} for link in asked.here.guests.of()]


@router.get("/maps/{slug}/guests")
def list_guests(slug: str, asked: Shares) -> list[dict[str, Any]]:
    """The guest links of a map, without their secrets."""
    return asked.here.guests.of(slug)


@router.post("/maps/{slug}/guests", status_code=201)
def invite_guest(slug: str, given: NewGuest, asked: Shares) -> Secret:
    """Makes a guest link; its secret is told this once."""
    document = asked.here.workspace.atlas.map(slug)
    unknown = [lane for lane in given.lanes if lane not in document.lanes]
    if unknown:
        raise NotFound(f"The map has no lane `{unknown[0]}`.", "lanes", f"It has {', '.join(document.lanes)}.")
    id, secret = asked.here.guests.invite(slug, given.can, asked.user.name, lanes=given.lanes, days=given.days, title=given.title)
    asked.note("invited guest", slug, can=given.can, lanes=given.lanes, days=given.days)
    return Secret(id=id, secret=secret, link=f"/s/guest/{secret}")


@router.delete("/maps/{slug}/guests/{id}")
def revoke_guest(slug: str, id: str, asked: Shares) -> shapes.Done:
    """Ends a guest link and the sessions of those who came by it."""
    asked.here.guests.revoke(slug, id)
    asked.here.look_again()
    asked.note("revoked guest", slug, link=id)
    return shapes.Done()
