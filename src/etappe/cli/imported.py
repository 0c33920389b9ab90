"""What an import did, for people: a summary first, then the files, then what is to be said of them, equal words once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etappe.cli.speech import Speech
    from etappe.sources.importer import FileReport

COUNTS = ("read", "new", "changed", "same", "quarantined")
_NAMED = 3


def print_files(files: Sequence[FileReport], given: Sequence[Path], quarantine: Path, say: Speech) -> None:
    """The reports of an import of the paths `given`."""
    shown = {item.path: relative(item.path, given) for item in files}
    read = [item for item in files if not item.error and not item.passed_over]
    print(summary(files, say))
    rows = [{"file": shown[item.path], "format": item.format or "–", **{name: getattr(item, name) for name in COUNTS}} for item in read if item.read]
    if rows:
        say.table(rows, ("file", "format", *COUNTS))
    for note, names in _grouped((note, shown[item.path]) for item in read for note in item.notes):
        print(f"· {names[0]}: {say.of(note)}" if len(names) == 1 else f"· {say.of(note).removesuffix('.')}: {_listed(names, say)}")
    for item in read:
        for reason, count in item.reasons.items():
            print(f"! {shown[item.path]}: {say('{n} in quarantine', '{n} in Quarantäne', n=count)}: {say.of(reason)}")
    for why, names in _grouped((item.passed_over, shown[item.path]) for item in files if item.passed_over):
        print(say("– passed over, {why}: {files}", "– übergangen ({why}): {files}", why=say.of(why).removesuffix("."), files=_listed(names, say)))
    for item in files:
        if item.error:
            print(f"✕ {say.of(item.error['what'])}\n  {say('where: ', 'wo:     ')}{item.error['where'] or item.path}\n  {say('next:  ', 'weiter: ')}{say.of(item.error['do_next'])}")
    if any(item.quarantined for item in read):
        print(say("broken records wait in {place}", "fehlerhafte Datensätze warten in {place}", place=str(quarantine)))


def summary(files: Sequence[FileReport], say: Speech) -> str:
    """One line about all files."""
    total = {name: sum(getattr(item, name) for item in files if not item.error) for name in COUNTS}
    failed, beside = sum(bool(item.error) for item in files), sum(bool(item.passed_over) for item in files)
    told = [say("{n} file" if len(files) == 1 else "{n} files", "{n} Datei" if len(files) == 1 else "{n} Dateien", n=len(files))]
    told += [say("{n} passed over", "{n} übergangen", n=beside)] if beside else []
    told += [say("{n} not imported", "{n} nicht importiert", n=failed)] if failed else []
    counts = say("{read} records: {new} new, {changed} changed, {same} same, {quarantined} in quarantine",
        "{read} Datensätze: {new} neu, {changed} geändert, {same} gleich, {quarantined} in Quarantäne", **total)  # fmt: skip
    return f"{'; '.join(told)} · {counts}"


def relative(path: str, given: Sequence[Path]) -> str:
    """A path from the folder that was given on; with the folder's name where several were given.

    >>> relative("/data/exports/crm/deals.csv", [Path("/data/exports")]), relative("x/a.zip › b.csv", [Path("x/a.zip")])
    ('crm/deals.csv', 'a.zip › b.csv')
    """
    for start in sorted((str(one) for one in given), key=len, reverse=True):
        inside = path.removeprefix(start.rstrip("/") + "/")
        if inside != path:
            return inside if len(given) == 1 else f"{Path(start).name or start}/{inside}"
        if path == start or path.startswith(f"{start} › "):
            return Path(start).name + path[len(start) :]
    return path


def _grouped(said: Iterable[tuple[str | None, str]]) -> list[tuple[str, list[str]]]:
    """Words with the files they are said of, in the order in which they came."""
    found: dict[str, list[str]] = {}
    for words, name in said:
        found.setdefault(str(words), []).append(name)
    return list(found.items())


def _listed(names: Sequence[str], say: Speech) -> str:
    """Some file names, and how many there are: `a.csv`, or `6 files (a, b, c, …)`."""
    if len(names) == 1:
        return names[0]
    return f"{say('{n} files', '{n} Dateien', n=len(names))} ({', '.join([*names[:_NAMED], *['…'] * (len(names) > _NAMED)])})"
