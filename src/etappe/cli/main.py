"""The command line: finds the workspace, asks it, prints what it says.

Every command is a file of this folder and adds itself to `app`; heavy rooms are imported inside the commands, so that
`etappe --help` answers at once.
"""

from __future__ import annotations

import copy
import gc
import itertools
import json
import os
import sys
from collections.abc import Callable
from typing import Any

import typer

from etappe.cli.as_typed import command_of
from etappe.errors import Fault, Faults

app = typer.Typer(
    name="etappe", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="B2B customer journey maps that your own data checks.", context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip

_WORKSPACE = "ETAPPE_WORKSPACE"
_FIRST = ("workspace", "answers", "check", "map")  # `--help` lists what is needed first before the rest


def _version(asked: bool) -> None:
    if asked:
        from etappe import __version__

        print(f"etappe {__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    workspace: str = typer.Option("", "-w", "--workspace", help="The workspace's folder; else the current folder or its parents."),
    _asked: bool = typer.Option(False, "--version", help="Show the version and exit.", callback=_version, is_eager=True),
) -> None:
    if workspace:
        os.environ[_WORKSPACE] = workspace


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits: 0 done, 1 refused or contradicted, 2 wrongly asked or unreadable, 130 stopped."""
    gc.set_threshold(100_000)  # loading modules makes objects that stay: looking for waste among them is a tenth of a second
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # nobody else's code is looked for, and none is run
    words = _hoist(sys.argv[1:] if arguments is None else arguments)
    _load_commands()
    try:
        code = command_of(_asked_alone(words))(words, standalone_mode=False)
    except Fault as fault:
        _tell(fault, words)
        code = 1
    except KeyboardInterrupt:
        print("stopped; nothing half-done is left", file=sys.stderr)
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as problem:
        code = _usage(problem, "--json" in words)
    sys.exit(code if isinstance(code, int) else 0)


def _hoist(words: list[str]) -> list[str]:
    """`-w DIR` counts wherever it stands, so it is moved to the front."""
    front: list[str] = []
    rest = list(words)
    for flag in ("-w", "--workspace"):
        while flag in rest and rest.index(flag) + 1 < len(rest):
            place = rest.index(flag)
            front += rest[place : place + 2]
            del rest[place : place + 2]
    return front + rest


def _asked_alone(words: list[str]) -> typer.Typer:
    """The app with nothing but the command that is asked for: to make all hundred ready takes longer than many answers."""
    rest = list(words)
    while rest[:1] in (["-w"], ["--workspace"]):
        rest = rest[2:]
    commands = [command for command in app.registered_commands if _called(command.name, command.callback) == rest[:1]]
    groups = [group for group in app.registered_groups if [group.name] == rest[:1]]
    if len(commands) + len(groups) != 1:
        return app  # the help, or a misspelt word, which is answered with all there are
    alone = copy.copy(app)
    alone.registered_commands, alone.registered_groups = commands, groups
    return alone


def _called(name: str | None, function: Callable[..., Any] | None) -> list[str]:
    """A command's name as a user writes it."""
    return [name or getattr(function, "__name__", "").replace("_", "-").lower()]


def _load_commands() -> None:
    import importlib
    import pkgutil

    import etappe.cli as folder

    found = [info.name.removeprefix("command_") for info in pkgutil.iter_modules(folder.__path__) if info.name.startswith("command_")]
    for name in sorted(found, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)):
        importlib.import_module(f"etappe.cli.command_{name}")


def _tell(fault: Fault, words: list[str]) -> None:
    """Says what is wrong in the language that was asked for, else in the workspace's."""
    if "--json" in words:
        print(json.dumps({"error": fault.to_dict()}, ensure_ascii=False), file=sys.stderr)
        return
    from etappe.cli.speech import Speech

    asked = next((word for flag, word in itertools.pairwise(words) if flag == "--language" and word in ("de", "en")), None)
    say = Speech(asked or language())
    for single in fault.faults if isinstance(fault, Faults) else [fault]:
        print(f"✕ {say.of(single.what)}", file=sys.stderr)
        if single.where:
            print(f"  {say('where: ', 'wo:     ')}{single.where}", file=sys.stderr)
        if single.do_next:
            print(f"  {say('next:  ', 'weiter: ')}{say.of(single.do_next)}", file=sys.stderr)


def language() -> str:
    """That of the workspace the command speaks of; English where there is none that can be read."""
    try:
        return str(workspace().settings.language)
    except (Fault, OSError):
        return "en"


def _usage(problem: Exception, as_json: bool) -> int:
    """A command wrongly asked for; anything else is a fault of ours and is raised."""
    if isinstance(problem, typer.Abort):
        print("stopped", file=sys.stderr)
        return 130
    message, code = getattr(problem, "format_message", None), getattr(problem, "exit_code", None)
    if message is None or not isinstance(code, int):
        raise problem
    if as_json:
        told = {"code": "usage", "what": message(), "where": "command line", "do_next": "see --help"}
        print(json.dumps({"error": told}, ensure_ascii=False), file=sys.stderr)
    else:
        problem.show()  # type: ignore[attr-defined]
    return code


def workspace() -> Any:
    """The workspace the command speaks of."""
    from pathlib import Path

    from etappe.workspace.workspace import open_workspace

    named = os.environ.get(_WORKSPACE)
    return open_workspace(Path(named) if named else None)
