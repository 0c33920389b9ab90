"""Signing in and out: the one-time link, name and password, OIDC, guest links."""

from __future__ import annotations

import datetime as dt
import html
from typing import Annotated, Literal, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from etappe import __version__
from etappe.errors import AccessFault, Fault, NotFound, SignInFault, TooManyFault
from etappe.server import shapes
from etappe.server.faults import in_german, status_of
from etappe.server.here import Asked, Here, here_of
from etappe.server.live import initials
from etappe.server.needs import Needs, address_of, csrf_of, is_secure
from etappe.server.page import simple
from etappe.words.german_faults import german
from etappe.workspace.people import SESSION

router = APIRouter(tags=["session"])
pages = APIRouter(include_in_schema=False)

Anybody = Annotated[Asked, Depends(Needs("enter"))]


class Link(BaseModel):
    """A link's secret; `name` is what a guest wants to be called."""

    token: str = Field(max_length=200)
    name: str = Field("", max_length=60)


class Password(BaseModel):
    """Name and password."""

    name: str = Field(max_length=120)
    password: str = Field(max_length=1000)


class NewPassword(BaseModel):
    """One's own password: as it is, and as it is to be."""

    old: str = Field(max_length=1000)
    new: str = Field(min_length=1, max_length=1000)


class Language(BaseModel):
    """The language of the page."""

    language: Literal["de", "en"]


@router.get("/session")
def session(asked: Anybody) -> shapes.Session:
    """Who asks, and what they need to go on."""
    here, who = asked.here, asked.who
    cookie = asked.request.cookies.get(asked.here.cookie, "")
    settings = here.workspace.settings
    person = guest = None
    if who is not None:
        person = shapes.Person(name=who.name, shown=who.shown or who.name, initials=initials(who.shown or who.name), role=who.role, personal=who.personal)
    if who is not None and who.grant is not None:
        guest = shapes.GuestOf(map=who.grant.map, can=who.grant.can, lanes=list(who.grant.lanes))
    language = (who.language if who else "") or asked.request.cookies.get(_language_cookie(here), "") or settings.language
    known = who is not None and who.role is not None
    return shapes.Session(
        user=person, guest=guest, language=cast(Literal["de", "en"], language if language in ("de", "en") else "de"), csrf=csrf_of(cookie if who else ""),
        signin=shapes.SignIn(password=here.people.any(), oidc=here.oidc is not None), company=settings.name or here.workspace.folder.root.name if known else "",
        currency=settings.currency, built=known and _built(here), version=__version__,
    )  # fmt: skip


def _built(here: Here) -> bool:
    try:
        here.views.build()
    except Fault:
        return False
    return True


@router.post("/session/link")
def open_link(given: Link, asked: Anybody, response: Response) -> shapes.Done:
    """Uses the one-time link that `etappe serve` printed."""
    _count(asked.here, asked.request, "link")
    _begin(response, asked.request, _open(asked.here, given.token))
    return shapes.Done()


@router.post("/session/sign-in")
def sign_in(given: Password, asked: Anybody, response: Response) -> shapes.Done:
    """Signs in by name and password."""
    here = asked.here
    here.limits.count("sign-in from one address", address_of(asked.request), 30, 300)
    here.limits.count("sign-in of one name", given.name.strip().lower(), 10, 300)
    try:
        secret = here.people.sign_in(given.name, given.password)
    except SignInFault:
        here.audit.note(given.name[:120], "sign-in refused", address_of(asked.request))
        raise
    here.audit.note(given.name.strip().lower(), "signed in", address_of(asked.request))
    _begin(response, asked.request, secret)
    return shapes.Done()


@router.post("/session/guest")
def enter_as_guest(given: Link, asked: Anybody, response: Response) -> shapes.GuestOf:
    """Comes in by a guest link, under a name of one's own choice."""
    _count(asked.here, asked.request, "guest link")
    secret, grant = _guest(asked.here, given.token, given.name)
    _begin(response, asked.request, secret)
    return grant


@router.post("/session/sign-out")
def sign_out(asked: Anybody, response: Response) -> shapes.Done:
    """Ends the session."""
    asked.here.people.end(asked.request.cookies.get(asked.here.cookie, ""))
    asked.here.look_again()
    response.delete_cookie(asked.here.cookie, path="/")
    return shapes.Done()


@router.put("/session/password")
def renew_password(given: NewPassword, asked: Annotated[Asked, Depends(Needs("see"))]) -> shapes.Done:
    """Changes one's own password; one's other sessions end."""
    here, name = asked.here, asked.user.name
    if asked.user.reads or not any(user.name == name for user in here.people.all()):
        raise AccessFault("There is no password to be changed here.", "", "Sign in by name and password first.")
    here.limits.count("sign-in of one name", name, 10, 300)
    here.people.renew(name, given.old, given.new, here=asked.request.cookies.get(here.cookie, ""))
    here.look_again()
    asked.note("changed own password", name)
    return shapes.Done()


@router.put("/session/language")
def speak(given: Language, asked: Annotated[Asked, Depends(Needs("enter"))], response: Response) -> shapes.Done:
    """Remembers the language of the page: with the account, else in the browser."""
    who = asked.who
    if who is not None and who.role is not None and not who.reads and any(user.name == who.name for user in asked.here.people.all()):
        asked.here.people.change(who.name, language=given.language)
        asked.here.look_again()
    response.set_cookie(_language_cookie(asked.here), given.language, max_age=366 * 86_400, samesite="lax", secure=_secure(asked.request), path="/")
    return shapes.Done()


@router.get("/session/oidc", response_class=RedirectResponse, status_code=302)
async def oidc(asked: Anybody) -> Response:
    """Goes to the provider to sign in."""
    if asked.here.oidc is None:
        raise NotFound("Signing in by a provider is not set up here.", "", "Start with `etappe serve --oidc-issuer …`.")
    return await asked.here.oidc.away(cast(Request, asked.request))


@router.get("/session/oidc/callback", response_class=HTMLResponse)
async def oidc_callback(asked: Anybody) -> Response:
    """Comes back from the provider."""
    here = asked.here
    if here.oidc is None:
        raise NotFound("Signing in by a provider is not set up here.")
    _count(here, cast(Request, asked.request), "callback")
    subject, email, trusted = await here.oidc.back(cast(Request, asked.request))
    secret = here.people.sign_in_as(subject, email, trusted=trusted)
    here.look_again()
    here.audit.note(email, "signed in", "oidc")
    answer = HTMLResponse(simple("etappe", "", refresh="/"))
    _begin(answer, asked.request, secret)
    here.oidc.forget(answer)
    return answer


@pages.get("/s/open/{token}")
def open_page(token: str, request: Request) -> Response:
    """The one-time link as an address: signs in and goes to the page."""
    here = here_of(request)
    try:
        _count(here, request, "link")
        secret = _open(here, token)
    except Fault as fault:
        return _turned_away(request, fault)
    answer = RedirectResponse("/", 303)
    _begin(answer, request, secret)
    return answer


@pages.get("/s/guest/{token}")
def guest_page(token: str, request: Request) -> Response:
    """A guest link as an address: asks for a name."""
    here = here_of(request)
    try:
        _count(here, request, "guest link")
        grant, until = here.guests.enter(token)
        title = here.workspace.atlas.map(grant.map).title or grant.map
    except TooManyFault as fault:
        return _turned_away(request, fault)
    except Fault:
        gone = ("Dieser Link gilt nicht mehr", "Bitte fragen Sie nach einem neuen.") if in_german(request) else ("This link is not valid any more", "Please ask for a new one.")
        return HTMLResponse(simple(gone[0], f"<p>{gone[1]}</p>", "de" if in_german(request) else "en"), 401)
    return HTMLResponse(simple(title, _welcome(token, here.workspace.settings.name, grant.can, until, in_german(request)), "de" if in_german(request) else "en"))


def _welcome(token: str, company: str, can: str, until: dt.datetime, german: bool) -> str:
    """What a guest is invited to, by whom, until when; and the question for a name."""
    does = {"view": ("ansehen", "view"), "comment": ("ansehen und kommentieren", "view and comment on"), "edit": ("ansehen und bearbeiten", "view and edit")}[can]
    host = html.escape(company or "etappe")
    if german:
        words = (f"{host} lädt Sie zu dieser Journey Map ein. Sie können sie {does[0]}, ohne Konto.", "Ihr Name, wie ihn die anderen sehen", "Zur Journey Map", f"Der Link gilt bis {until:%d.%m.%Y}.")
    else:
        words = (f"{host} invites you to this journey map. You can {does[1]} it, without an account.", "Your name, as the others see it", "To the journey map", f"The link is valid until {until.day} {until:%B %Y}.")
    return (
        f'<p>{words[0]}</p><form method="post" action="/s/guest/{quote(token)}"><p><label>{words[1]}<input name="name" maxlength="60" required autofocus autocomplete="name"></label></p>'
        f"<p><button>{words[2]}</button></p></form><p><small>{words[3]}</small></p>"
    )


@pages.post("/s/guest/{token}")
def guest_enters(token: str, request: Request, name: Annotated[str, Form(max_length=60)] = "") -> Response:
    """Begins a guest's session and goes to the map."""
    here = here_of(request)
    try:
        _count(here, request, "guest link")
        secret, grant = _guest(here, token, name)
    except Fault as fault:
        return _turned_away(request, fault)
    answer = HTMLResponse(simple("etappe", "", refresh=f"/maps/{grant.map}"))
    _begin(answer, request, secret)
    return answer


def _turned_away(request: Request, fault: Fault) -> Response:
    """A page for whom a link does not let in, in the language of their browser."""
    speaks = in_german(request)
    parts = (german(part) if speaks else part for part in (fault.what, fault.do_next))
    return HTMLResponse(simple("etappe", "".join(f"<p>{html.escape(part)}</p>" for part in parts), "de" if speaks else "en"), status_of(fault))


def _open(here: Here, token: str) -> str:
    if not here.serving.loopback:
        raise AccessFault("One-time links open a server on this machine only.", "", "Sign in with your account.")
    return here.people.open(token)


def _guest(here: Here, token: str, name: str) -> tuple[str, shapes.GuestOf]:
    grant, until = here.guests.enter(token)
    word = {"de": "Gast", "en": "guest"}[here.workspace.settings.language]
    secret, shown = here.people.begin_as_guest(grant.id, name, word, until)
    here.audit.note(shown, "came in", grant.map)
    return secret, shapes.GuestOf(map=grant.map, can=grant.can, lanes=list(grant.lanes))


def _count(here: Here, request: object, what: str) -> None:
    here.limits.count(what, address_of(cast(Request, request)), 60, 300)


def _language_cookie(here: Here) -> str:
    return f"{here.cookie}-language"


def _secure(request: object) -> bool:
    return is_secure(cast(Request, request))


def _begin(response: Response, request: object, secret: str) -> None:
    response.set_cookie(here_of(cast(Request, request)).cookie, secret, max_age=int(SESSION.total_seconds()), httponly=True, samesite="strict", secure=_secure(request), path="/")
