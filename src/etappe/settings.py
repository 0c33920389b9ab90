"""Every setting of a workspace: its name in `etappe.toml`, its default, its meaning.

The docs page `docs/settings.md` is printed from here.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import zoneinfo
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from etappe.errors import Fault, Faults, SettingsFault


@dataclass(frozen=True)
class Setting:
    """One setting: where it stands in the file, its type, its default and what it means."""

    section: str
    name: str
    type: type
    default: Any
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting("workspace", "name", str, "", "The company's or project's name, shown on reports"),
    Setting("workspace", "language", str, "de", "Language of reports: de or en"),
    Setting("workspace", "zone", str, "Europe/Berlin", "Time zone of exports that carry none, and of dates on reports"),
    Setting("workspace", "currency", str, "EUR", "Currency of amounts whose export names none"),
    Setting("build", "as_of", str, "", "Fixed date of knowledge for builds, such as 2026-06-30; empty: the moment of the build"),
    Setting("build", "engine", str, "duckdb", "duckdb, or a Spark master: spark://host:port, local[4], local-cluster[2,1,1024]; see docs/scale.md"),
    Setting("build", "memory", str, "", "Most memory the engine takes, such as 8GB; empty: half of the machine's, a fifth in builds"),
    Setting("build", "keep", int, 3, "How many earlier builds are kept"),
    Setting("model", "database", str, "", "Where maps and personas are kept: postgresql://user@host/name for a team; empty: the file model.db here. ETAPPE_DATABASE overrides it"),
)

_ENGINES = r"(duckdb)?|local|local\[[\d*]+(,\d+)?\]|local-cluster\[\d+,\d+,\d+\]|yarn|(spark|k8s)://\S+"
_KNOWN = {(item.section, item.name): item for item in SETTINGS}
_SECTIONS = {item.section for item in SETTINGS} | {"sources", "retention"}


@dataclass(frozen=True)
class Settings:
    """The settings of one workspace; `zones` are per source (`[sources.hubspot] zone = "UTC"`), `retention` days per source."""

    name: str = ""
    language: str = "de"
    zone: str = "Europe/Berlin"
    currency: str = "EUR"
    as_of: dt.datetime | None = None
    engine: str = "duckdb"
    memory: str = ""
    keep: int = 3
    database: str = ""
    zones: dict[str, str] = field(default_factory=dict)
    retention: dict[str, int] = field(default_factory=dict)

    def today(self) -> dt.date:
        """The day of knowledge: fixed where the settings fix it (a sample), else today."""
        return self.as_of.date() if self.as_of else dt.datetime.now(dt.UTC).date()


def load(path: Path) -> Settings:
    """Reads `etappe.toml`.

    Raises
    ------
    SettingsFault, Faults
        With all that is wrong at once: unknown names (with the nearest known one), wrong types, unknown zones.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise SettingsFault(f"the file is not TOML: {fault}", str(path), "mend the place it names") from fault
    faults: list[Fault] = []
    given: dict[str, Any] = {}
    for section, content in document.items():
        if section not in _SECTIONS or not isinstance(content, dict):
            faults.append(SettingsFault(f"unknown section [{section}]", str(path), f"known are {_list(_SECTIONS)}"))
        elif section in ("sources", "retention"):
            _special(section, content, given, faults, path)
        else:
            _plain(section, content, given, faults, path)
    made = _finish(given, faults, path)
    if faults:
        raise Faults(faults) if len(faults) > 1 else faults[0]
    return made


def _plain(section: str, content: dict[str, Any], given: dict[str, Any], faults: list[Fault], path: Path) -> None:
    for name, value in content.items():
        setting = _KNOWN.get((section, name))
        if setting is None:
            names = [item.name for item in SETTINGS if item.section == section]
            faults.append(SettingsFault(f"unknown setting [{section}] {name}", str(path), f"known are {_list(names)}"))
        elif isinstance(value, dt.date) and setting.name == "as_of":
            given[name] = value.isoformat()
        elif type(value) is not setting.type:
            faults.append(SettingsFault(f"[{section}] {name} is to be {setting.type.__name__}, not {value!r}", str(path), setting.meaning))
        else:
            given[name] = value


def _special(section: str, content: dict[str, Any], given: dict[str, Any], faults: list[Fault], path: Path) -> None:
    if section == "retention":
        for source, days in content.items():
            if isinstance(days, int) and days > 0:
                given.setdefault("retention", {})[source] = days
            else:
                faults.append(SettingsFault(f"[retention] {source} is to be a number of days", str(path), "such as 730"))
        return
    for source, options in content.items():
        zone = options.get("zone") if isinstance(options, dict) and set(options) == {"zone"} else None
        if isinstance(zone, str):
            given.setdefault("zones", {})[source] = zone
        else:
            faults.append(SettingsFault(f"[sources.{source}] takes a zone and nothing else", str(path), 'such as zone = "UTC"'))


def _finish(given: dict[str, Any], faults: list[Fault], path: Path) -> Settings:
    for zone in [given.get("zone", "UTC"), *given.get("zones", {}).values()]:
        try:
            zoneinfo.ZoneInfo(zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            faults.append(SettingsFault(f"there is no time zone '{zone}'", str(path), "such as Europe/Berlin or UTC"))
    if not re.fullmatch(_ENGINES, given.get("engine", "duckdb")):
        faults.append(SettingsFault(f"there is no engine '{given['engine']}'", str(path), "duckdb, or a Spark master: spark://host:port, local[4] or local-cluster[2,1,1024]"))
    if given.get("language", "de") not in ("de", "en"):
        faults.append(SettingsFault(f"there is no language '{given['language']}'", str(path), "de or en"))
    if "as_of" in given:
        try:
            given["as_of"] = parse_as_of(given["as_of"]) if given["as_of"] else None
        except Fault as fault:
            faults.append(SettingsFault(fault.what, str(path), fault.do_next))
            given.pop("as_of")
    names = {item.name for item in fields(Settings)}
    return Settings(**{name: value for name, value in given.items() if name in names})


def parse_as_of(text: str) -> dt.datetime:
    """A date (its end, UTC) or a moment from text.

    >>> parse_as_of("2026-03-31").isoformat()
    '2026-03-31T23:59:59.999999+00:00'
    """
    try:
        if len(text) == 10:
            return dt.datetime.combine(dt.date.fromisoformat(text), dt.time.max, dt.UTC)
        moment = dt.datetime.fromisoformat(text)
    except ValueError as fault:
        raise SettingsFault(f"'{text}' is not a date", "as_of", "write it as 2026-03-31") from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _list(names: Any) -> str:
    return ", ".join(sorted(names))


def template(name: str, language: str, as_of: str = "") -> str:
    """The text of a new `etappe.toml`, every setting with its meaning."""
    given = {"name": name, "language": language, "as_of": as_of}
    lines = ["# Settings of this etappe workspace. Rules (touchpoints, stages, identity, …) are in rules/.", ""]
    section = ""
    for item in SETTINGS:
        if item.section != section:
            section = item.section
            lines += ["", f"[{section}]"] if lines[-1] else [f"[{section}]"]
        value = given.get(item.name, item.default)
        shown = f'"{value}"' if item.type is str else str(value)
        lines += [f"# {item.meaning}", f"{item.name} = {shown}"]
    lines += ["", "# Zone of one source's times where the export carries none:", "# [sources.hubspot]", '# zone = "UTC"', ""]
    lines += ["# Days after which a source's records are removed from the evidence:", "# [retention]", "# snowplow = 730", ""]
    return "\n".join(lines)
