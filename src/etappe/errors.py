"""The faults of the house: every one says what is wrong, where, and what to do next."""

from __future__ import annotations

from typing import Any


class Fault(Exception):
    """Something a user can mend. Families below name the room it comes from.

    Parameters
    ----------
    what : str
        What is wrong, in one sentence.
    where : str
        The place: file with line and column, table, setting, or command.
    do_next : str
        The next step for the user.
    """

    code = "fault"

    def __init__(self, what: str, where: str = "", do_next: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.do_next = do_next

    def __str__(self) -> str:
        """All three parts, a line each; empty parts are left out."""
        return "\n".join(part for part in (self.what, self.where, self.do_next) if part)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.what, self.where, self.do_next))

    def to_dict(self) -> dict[str, str]:
        """The fault as the wire and `--json` show it."""
        return {"code": self.code, "what": self.what, "where": self.where, "do_next": self.do_next}


class Faults(Fault):
    """Several faults of one thing, told all at once."""

    code = "faults"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(
            "\n".join(fault.what for fault in faults),
            faults[0].where if faults else "",
            faults[0].do_next if faults else "",
        )
        self.faults = faults

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.faults,))

    def to_dict(self) -> dict[str, Any]:
        """The first fault's place, with the whole list beside it."""
        return {**super().to_dict(), "faults": [fault.to_dict() for fault in self.faults]}


class SettingsFault(Fault):
    """`etappe.toml` or a rule file cannot be used as it is."""

    code = "settings"


class WorkspaceFault(Fault):
    """There is no workspace here, or it is not in the state the command needs."""

    code = "workspace"


class FileFault(Fault):
    """A file cannot be read at all, or no format recognises it."""

    code = "file"


class LakeFault(Fault):
    """The evidence lake refuses: locked by another process, damaged, or of a newer version."""

    code = "lake"


class RulesFault(Fault):
    """A rule (touchpoint, channel, role, stage, playbook) cannot be read; `where` has file, line and column."""

    code = "rules"


class NotFound(Fault):
    """The thing asked for does not exist; `do_next` names the nearest ones."""

    code = "not_found"


class QuestionFault(Fault):
    """An analysis was asked something it cannot answer: an unknown filter, an empty period."""

    code = "question"


class ConservationFault(Fault):
    """A check of conservation failed: something went missing between two rooms."""

    code = "conservation"


class MapFault(Fault):
    """A document of the model side (map, persona, segment, interview, survey) or an edit of it cannot be used as it is."""

    code = "map"


class ClaimFault(Fault):
    """A claim cannot be read; `position` is the character (from 0) of `text` at which it goes wrong."""

    code = "claim"

    def __init__(self, what: str, where: str = "", do_next: str = "", text: str = "", position: int = 0) -> None:
        super().__init__(what, where or f"character {position + 1} of `{text}`", do_next)
        self.text = text
        self.position = position

    def pointer(self) -> str:
        """The claim with a mark under the character, two lines."""
        return f"{self.text}\n{' ' * self.position}^"

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.what, self.where, self.do_next, self.text, self.position))

    def to_dict(self) -> dict[str, Any]:
        """The fault with the character it points at."""
        return {**super().to_dict(), "position": self.position}


class SignInFault(Fault):
    """Nobody is signed in, or not as they say."""

    code = "sign_in"


class AccessFault(Fault):
    """Somebody is signed in and may not do this."""

    code = "access"


class TooManyFault(Fault):
    """Too many tries in too short a time."""

    code = "too_many"


class EtappeWarning(UserWarning):
    """A result is right but needs a word of caution."""
