"""Words that are right as they were typed are taken as they are: to convert them takes a sixth of an answer's time.

Typer loads pydantic to make a text of a text. A path, a list, a number that was typed: those it may convert.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import typer

_AS_THEY_ARE: Final = (str, int, bool)


def command_of(app: typer.Typer) -> Any:
    """The command of an app, ready to be called with the words of the command line."""
    command: Any = typer.main.get_command(app)
    waiting = [command]
    while waiting:
        one = waiting.pop()
        waiting += getattr(one, "commands", {}).values()
        one.get_params = partial(_spared, one.get_params)  # `--help`, which every command has, is made only there
    return command


def _spared(params: Callable[[Any], list[Any]], context: Any) -> list[Any]:
    """The parameters of a command; those of plain words and numbers are converted only where there is something to convert."""
    found = params(context)
    for parameter in found:
        if "process_value" not in vars(parameter):
            _spare(parameter)
    return found


def _spare(parameter: Any) -> None:
    """Leaves out converting where the value has its type already; all else goes Typer's own way."""
    kind = getattr(parameter, "type_descriptor", None)
    about = getattr(kind, "parameter_info", None)
    if kind is None or kind.annotation not in _AS_THEY_ARE or kind.is_ranged or about is None or about.parser or parameter.multiple:
        return
    its_own = parameter.process_value

    def process_value(context: Any, value: Any) -> Any:
        if type(value) is not kind.annotation and (value is not None or parameter.required):
            return its_own(context, value)
        return parameter.callback(context, parameter, value) if parameter.callback else value

    parameter.process_value = process_value
