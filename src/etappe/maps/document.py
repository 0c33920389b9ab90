"""What all documents of the model side share: things with stable ids, unknown keys kept, numbered versions.

A document is a set of things in named collections. Each kind of document is one file with its types, its validators and
its numbered migrations. All of it is frozen: an edit makes a new document that shares what did not change.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from etappe.errors import Fault, Faults, MapFault

Plain = dict[str, Any]
Migration = Callable[[Plain], Plain]
Translations = dict[str, dict[str, str]]

LANGUAGES: Final = ("de", "en")
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_THING_ID = re.compile(r"\w[\w./:+-]{0,119}")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Part(BaseModel):
    """A piece of a document. Keys that are not known here are kept as they came."""

    model_config = ConfigDict(extra="allow", frozen=True)

    def plain(self) -> Plain:
        """The piece as JSON knows it; what has its default value is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Measured(Part):
    """A figure as it was known on a day: quoted on a card, frozen by a review. Never typed in by hand."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    unit: str = ""
    why: str | None = None
    recipe: str = ""
    as_of: dt.date | None = None


class Thing(Part):
    """A part of a document with an id of its own that never changes.

    TEXTS names the fields that are translated, PLACE those that say where it stands (they move together). `order` is
    its place among its neighbours, in text its place in the list; ORDERED says whether there is such an order at all.
    `translations` has the texts in the document's further languages: `{"en": {"text": "…"}}`.
    """

    TEXTS: ClassVar[tuple[str, ...]] = ()
    PLACE: ClassVar[tuple[str, ...]] = ("order",)
    ID_WRITTEN: ClassVar[bool] = True
    ORDERED: ClassVar[bool] = True

    id: str
    order: str = ""
    translations: Translations = {}

    @field_validator("id")
    @classmethod
    def _good_id(cls, value: str) -> str:
        if not _THING_ID.fullmatch(value):
            raise ValueError("an id is made of letters, digits and . _ - / : +")
        return value

    @field_validator("translations")
    @classmethod
    def _said(cls, value: Translations) -> Translations:
        return {language: texts for language, texts in value.items() if texts}

    def say(self, field: str, language: str | None = None) -> str:
        """One of its texts in a language; the document's own where there is no translation."""
        translated = self.translations.get(language, {}).get(field) if language else None
        return translated or str(getattr(self, field, "") or "")


class Evidence(Part):
    """What a card rests on: `ref` is an address such as `interview:int-07#t=412`, `survey:nps`, a build or a URL."""

    ref: str
    quote: str = ""
    speaker: str = ""
    said_on: dt.date | None = None
    note: str = ""

    @field_validator("ref")
    @classmethod
    def _named(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("an evidence link has to name what it links to")
        return value


class Comment(Thing):
    """A remark on a thing of the document, or on the document itself (`on` is empty)."""

    ORDERED: ClassVar[bool] = False

    on: str = ""
    text: str = ""
    author: str = ""
    at: dt.datetime | None = None
    done: bool = False


class Document(Part):
    """A document with owner, review date and comments; subclasses add their fields and collections.

    NAME is the word of its kind, VERSION its present version, MIGRATIONS the steps: the function at n turns plain data
    of version n - 1 into n. COLLECTIONS names the fields that hold things by id, STATED those that the text always says.
    """

    NAME: ClassVar[str] = "document"
    VERSION: ClassVar[int] = 1
    MIGRATIONS: ClassVar[dict[int, Migration]] = {}
    COLLECTIONS: ClassVar[dict[str, type[Thing]]] = {}
    TEXTS: ClassVar[tuple[str, ...]] = ("title",)
    STATED: ClassVar[tuple[str, ...]] = ("language",)

    id: str
    version: int = 0
    title: str = ""
    language: str = "de"
    languages: tuple[str, ...] = ()
    owner: str = ""
    review_by: dt.date | None = None
    translations: Translations = {}

    @field_validator("id")
    @classmethod
    def _slug(cls, value: str) -> str:
        if not _SLUG.fullmatch(value):
            raise ValueError("a name is made of small letters, digits and . _ - and begins with a letter or digit")
        return value

    @field_validator("translations")
    @classmethod
    def _said(cls, value: Translations) -> Translations:
        return {language: texts for language, texts in value.items() if texts}

    def say(self, field: str, language: str | None = None) -> str:
        """One of the document's own texts in a language; its main language where there is no translation."""
        translated = self.translations.get(language, {}).get(field) if language else None
        return translated or str(getattr(self, field, "") or "")

    def collection(self, name: str) -> dict[str, Any]:
        """The things of a collection by id; do not change it."""
        found: dict[str, Any] = getattr(self, name)
        return found

    def sort_key(self, thing: Thing) -> tuple[Any, ...]:
        """Where a thing comes in the reading order of its collection; comments come by their date."""
        if isinstance(thing, Comment):
            return (thing.at.isoformat() if thing.at else "", thing.id)
        return (thing.order, thing.id)

    def sorted(self, collection: str) -> list[Any]:
        """The things of a collection in reading order."""
        return sorted(self.collection(collection).values(), key=lambda thing: self.sort_key(thing))

    @classmethod
    def load(cls, data: Mapping[str, Any], where: str = "") -> Self:
        """A document from plain data of this or an earlier version.

        Raises
        ------
        MapFault, Faults
            If a newer etappe made it, or with all that is not valid.
        """
        try:
            return cls.model_validate(migrate(cls, dict(data), where))
        except ValidationError as error:
            raise all_of(faults_of(error, lambda path: f"{where or cls.NAME}: {'.'.join(map(str, path))}")) from None


def migrate(kind: type[Document], data: Plain, where: str = "") -> Plain:
    """Plain data brought to the present version of its kind."""
    said = data.get("version") or kind.VERSION
    if isinstance(said, bool) or not str(said).isascii() or not str(said).isdigit() or not 1 <= (version := int(said)) < 1_000_000:
        raise MapFault(f"The version `{str(said)[:40]}` is no number of a version.", where or str(data.get("id", "")), f"Write `version: {kind.VERSION}`, or leave the line out.")
    if version > kind.VERSION:
        raise MapFault(
            f"This {kind.NAME} is of version {version}; this etappe knows versions up to {kind.VERSION}.",
            where or str(data.get("id", "")), "Install the newer etappe that made it.",
        )  # fmt: skip
    for number in range(version + 1, kind.VERSION + 1):
        data = kind.MIGRATIONS[number](data)
    return {**data, "version": kind.VERSION}


def faults_of(error: ValidationError, where: Callable[[tuple[int | str, ...]], str]) -> list[Fault]:
    """The faults of a validation in the words of the house."""
    return [
        MapFault(_sentence(str(item["msg"]), item["loc"], item.get("input")), where(item["loc"]), "Mend it, then try again.")
        for item in error.errors(include_url=False)
    ]


def _sentence(message: str, path: tuple[int | str, ...], given: Any) -> str:
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    said = message.removeprefix("Value error, ")
    shown = f"{str(given)[:60]}" if isinstance(given, (str, int, float, bool)) else ""
    return f"`{name}`{f' is `{shown}`' if shown else ''}: {said[:1].lower()}{said[1:]}." if name else f"{said}."


def all_of(faults: list[Fault]) -> Fault:
    """One fault, or all of them as one."""
    return faults[0] if len(faults) == 1 else Faults(faults)


@cache
def thing_type(kind: type[Document], collection: str) -> type[Thing]:
    """The type of a collection's things.

    Raises
    ------
    MapFault
        If the document has no such collection.
    """
    if collection not in kind.COLLECTIONS:
        raise MapFault(f"A {kind.NAME} has no `{collection}`.", "", f"It has: {', '.join(kind.COLLECTIONS)}.")
    return kind.COLLECTIONS[collection]


def new_id(prefix: str = "c") -> str:
    """A short id that nobody has yet: 31^8 possibilities, so that two people offline do not meet.

    >>> len(new_id("c"))
    9
    """
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(8))


def slug(title: str) -> str:
    """A name for a title: `Maschine kaufen (DE)` becomes `maschine-kaufen-de`."""
    plain = title.lower()
    for german, latin in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(german, latin)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-") or "untitled"
