"""people: accounts, tokens and one-time links of a served workspace."""

from __future__ import annotations

from typing import Any

import typer

from etappe.cli.documents import opened, speech
from etappe.cli.main import app
from etappe.cli.output import print_json, print_table

JSON = typer.Option(False, "--json", help="Print JSON for scripts.")

people = typer.Typer(no_args_is_help=True, help="Accounts, tokens and links of a served workspace.")
app.add_typer(people, name="people")


def _room(atlas: Any) -> Any:
    from etappe.workspace.people import People

    return People(atlas.store.database)


def _note(atlas: Any, what: str, about: str, **detail: Any) -> None:
    from etappe.workspace.atlas import author_of
    from etappe.workspace.audit import Audit

    Audit(atlas.store.database).note(author_of(), what, about, **detail)


@people.command(name="list")
def list_(as_json: bool = JSON) -> None:
    """The accounts."""
    with opened() as atlas:
        rows = [user.to_dict() for user in _room(atlas).all()]
    if as_json:
        print_json(rows)
    elif rows:
        speech().table(rows, ("name", "shown", "role", "personal", "by", "disabled"))
    else:
        print(speech()("no accounts yet: {add}", "noch gibt es keine Konten: {add}", add="`etappe people add NAME --role admin`"))


@people.command()
def add(
    name: str = typer.Argument(..., help="What they sign in as, such as their e-mail address."),
    role: str = typer.Option("viewer", help="viewer, editor or admin."),
    shown: str = typer.Option("", help="What others see."),
    no_password: bool = typer.Option(False, "--no-password", help="They sign in by the OpenID Connect provider."),
    personal: bool = typer.Option(None, help="May see names and addresses; else editors and admins may."),
    as_json: bool = JSON,
) -> None:
    """Add an account; the password is asked for, or read from standard input."""
    password = "" if no_password else _password()
    with opened() as atlas:
        made = _room(atlas).add(name, role, password=password, shown=shown, personal=personal)
        _note(atlas, "added person", made.name, role=made.role)
    print_json(made.to_dict()) if as_json else print(speech()("added {name} as {role}", "{name} angelegt, Rolle {role}", name=made.name, role=made.role))


@people.command()
def change(
    name: str, role: str = typer.Option(None, help="viewer, editor or admin."), shown: str = typer.Option(None, help="What others see."),
    personal: bool = typer.Option(None, help="May see names and addresses."), disabled: bool = typer.Option(None, "--disable/--enable", help="Keep them out, or let them in again."),
    password: bool = typer.Option(False, "--password", help="Set a new password; it is asked for."), as_json: bool = JSON,
) -> None:  # fmt: skip
    """Change an account."""
    fields = {"role": role, "shown": shown, "personal": personal, "disabled": disabled, **({"password": _password()} if password else {})}
    with opened() as atlas:
        made = _room(atlas).change(name, **fields)
        _note(atlas, "changed person", name, fields=[key for key, value in fields.items() if value is not None])
    print_json(made.to_dict()) if as_json else print(f"{made.name}: {made.role}{', disabled' if made.disabled else ''}")


@people.command()
def remove(name: str, as_json: bool = JSON) -> None:
    """Remove an account with its sessions and tokens; its edits keep their author."""
    with opened() as atlas:
        _room(atlas).remove(name)
        _note(atlas, "removed person", name)
    print_json({"removed": name}) if as_json else print(f"removed {name}")


@people.command()
def token(
    user: str = typer.Argument(..., help="Whose token."), title: str = typer.Option(..., help="What it is for."),
    scope: str = typer.Option("read", help="read, write or admin; never more than its user may."), as_json: bool = JSON,
) -> None:  # fmt: skip
    """Make a token for scripts; it is shown this once."""
    with opened() as atlas:
        id, secret = _room(atlas).make_token(user, title, scope)
        _note(atlas, "made token", title, scope=scope, user=user)
    print_json({"id": id, "secret": secret}) if as_json else print(secret)


@people.command()
def link(as_json: bool = JSON) -> None:
    """Another one-time link for a server on this machine, such as for a second browser: add it to the server's address."""
    with opened() as atlas:
        secret = _room(atlas).opening()
    print_json({"path": f"/s/open/{secret}"}) if as_json else print(f"/s/open/{secret}")


@people.command()
def log(
    who: str = typer.Option("", help="Only of this person."), what: str = typer.Option("", help="Only of this kind, such as `saw account`."),
    limit: int = typer.Option(50, min=1, max=10_000, help="How many."), as_json: bool = JSON,
) -> None:  # fmt: skip
    """Who signed in, saw personal data and changed what, newest first."""
    from etappe.workspace.audit import Audit, Wanted

    with opened() as atlas:
        rows = Audit(atlas.store.database).lines(Wanted(who, what), limit=limit)
    if as_json:
        print_json(rows)
    else:
        print_table([{**row, "at": row["at"][:16].replace("T", " "), "detail": ", ".join(f"{key} {value}" for key, value in row["detail"].items())[:80]} for row in rows], ("at", "who", "what", "about", "detail"))


def _password() -> str:
    import sys

    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("password", hide_input=True, confirmation_prompt=True))
