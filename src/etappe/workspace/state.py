"""`etappe status`: what is there, how fresh it is, how well it is tied together, what needs attention."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from etappe.maps.due import Due, due
from etappe.settings import Settings
from etappe.sources.schema import EVIDENCE
from etappe.tables.keep import Build, Builds
from etappe.tables.lake import Import, Lake
from etappe.words.result import Figure, plain
from etappe.words.said import said
from etappe.workspace import documents
from etappe.workspace.folder import Folder, written_rules


def status(folder: Folder, settings: Settings) -> dict[str, Any]:
    """Sources with records, freshness and match rates; the last build; reasons of what is unresolved; hints.

    Reads the ledger and what the build wrote down, never the evidence itself, so that it answers at once.
    """
    imports = Lake(folder.evidence, EVIDENCE).imports()
    build = Builds(folder.builds).current()
    about = build.about if build else None
    now = build.as_of if build and settings.as_of else dt.datetime.now(dt.UTC)
    late = overdue(folder, settings)
    return {
        "name": settings.name or folder.root.name,
        "workspace": str(folder.root),
        "sources": _sources(imports, about, now, settings.zone),
        "build": {name: value for name, value in about.items() if name not in ("unresolved_reasons", "sources", "rules")} if about else None,
        "unresolved": about.get("unresolved_reasons", []) if about else [],
        "quarantined": sum(item.report.get("quarantined", 0) for item in imports),
        "quarantine": str(folder.quarantine),
        "held_apart": about.get("held_apart", []) if about else [],
        "changed_rules": changed_rules(folder, settings, about),
        "reviews": late,
        "hints": _hints(folder, settings, imports, build, about) + _due_hints(late),
    }


def changed_rules(folder: Folder, settings: Settings, about: dict[str, Any] | None) -> list[str]:
    """The settings and rules that differ from those of the last build, which does not follow them yet, as paths in the workspace.

    Nothing is said of a build of an earlier version, which did not write down by which rules it was made.
    """
    followed: dict[str, str] | None = (about or {}).get("rules")
    now = written_rules(folder, settings.as_of)
    return [] if followed is None else sorted(name for name in {*followed, *now} if followed.get(name) != now.get(name))


def overdue(folder: Folder, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """Maps, personas and segments whose review date is past, and tasks of reviews that are; the most overdue first."""
    if not documents.there_may_be(folder, settings):
        return {"maps": [], "personas": [], "segments": [], "tasks": []}
    today = settings.today()
    found = None if documents.database(settings) else due(folder.model, today)
    every = sorted(_asked_of_the_store(folder, settings, today) if found is None else found, key=lambda item: (item.on, item.id))
    rows = {kind: [_told(item, today) for item in every if item.what == kind] for kind in ("map", "persona", "segment", "task")}
    return {f"{kind}s": told for kind, told in rows.items()}


def _told(item: Due, today: dt.date) -> dict[str, Any]:
    on, days = item.on.isoformat(), (today - item.on).days
    if item.what != "task":
        return {item.what: item.id, "title": item.title, "owner": item.owner, "due": on, "days": days}
    task = {"task": item.id, "text": item.title, "owner": item.owner, "due": on, "map": item.map, "review": item.review, "card": item.card}
    return {"task": task, "days": days}


def _asked_of_the_store(folder: Folder, settings: Settings, today: dt.date) -> list[Due]:
    """What is due where the documents lie in a database elsewhere, or in a file that has to be brought up to date."""
    from etappe.workspace.atlas import Atlas
    from etappe.workspace.reviews import Reviews

    atlas = Atlas(folder, settings)
    try:
        rows = [(kind, row) for kind in ("map", "persona", "segment") for row in atlas.listed(kind)]
        found = [Due(kind, row.id, row.title, row.owner, row.review_by) for kind, row in rows if row.review_by and row.review_by < today]
        late = [task for task in Reviews(atlas).tasks() if task["overdue"]]
        return found + [Due("task", task["task"], task["text"], task["owner"], task["due"], task["map"], task["review"], task["card"]) for task in late]
    finally:
        atlas.close()


def _due_hints(late: dict[str, list[dict[str, Any]]]) -> list[str]:
    hints: list[str] = [
        said("the review of the map {map} was due on {due}, {days} days ago: `etappe review start {map}`",
            "das Review der Map {map} war am {due} fällig, vor {days} Tagen: `etappe review start {map}`",
            map=row["map"], due=dt.date.fromisoformat(row["due"]), days=row["days"])
        for row in late["maps"]
    ]  # fmt: skip
    if late["tasks"]:
        hints.append(said("{n} tasks of reviews are overdue: `etappe review tasks`", "{n} Aufgaben aus Reviews sind überfällig: `etappe review tasks`", n=len(late["tasks"])))
    return hints


def _day(iso: str | None, zone: str) -> str:
    """The day of a moment in a zone, as ISO text; empty where there is none."""
    return dt.datetime.fromisoformat(iso).astimezone(zoneinfo.ZoneInfo(zone)).date().isoformat() if iso else ""


def _sources(imports: list[Import], about: dict[str, Any] | None, now: dt.datetime, zone: str) -> list[dict[str, Any]]:
    by_source: dict[str, dict[str, Any]] = {}
    for item in imports:
        row = by_source.setdefault(item.source, {"source": item.source, "files": 0, "records": 0, "quarantined": 0, "imported": item.learned_at})
        row["files"] += 1
        row["records"] += item.report.get("new", 0)
        row["quarantined"] += item.report.get("quarantined", 0)
        row["imported"] = max(row["imported"], item.learned_at)
    built = (about or {}).get("sources", {})
    for source, row in by_source.items():
        known = built.get(source, {})
        last = dt.datetime.fromisoformat(known["last"]) if known.get("last") else None
        row |= {"events": known.get("events", 0), "first": _day(known.get("first"), zone), "last": _day(known.get("last"), zone)}
        row["days_old"] = max((now - last).days, 0) if last else None
        row["matched"] = Figure(**known["matched"]) if known.get("matched") else None
        row["imported"] = plain(row["imported"])[:10]
    return [by_source[source] for source in sorted(by_source)]


_OWN = {
    "owner of events": "als Betreuer von Ereignissen", "owner of people": "als Betreuer von Personen", "owner of accounts": "als Betreuer von Unternehmen",
    "owner of deals": "als Betreuer von Deals", "owner of deal stages": "als Betreuer von Dealphasen", "colleague in a source": "als Kollege in einer Quelle",
}  # fmt: skip


def _seen(domain: dict[str, Any]) -> str:
    """Where addresses of a domain that looks like the own one stand, and how often."""
    if "of" not in domain:  # a build of an earlier version
        return str(domain["why"])
    one = domain["addresses"] == 1
    return said("{n} address, {seen} times: {of}" if one else "{n} addresses, {seen} times: {of}", "{n} Adresse, {seen}-mal: {of}" if one else "{n} Adressen, {seen}-mal: {of}",
        n=domain["addresses"], seen=domain["seen"], of=[said(name, _OWN[name]) for name in domain["of"]])  # fmt: skip


def _hints(folder: Folder, settings: Settings, imports: list[Import], build: Build | None, about: dict[str, Any] | None) -> list[str]:
    """What to do next, in both languages."""
    if not imports:
        return [said("import exports: `etappe import FOLDER`", "Exporte importieren: `etappe import ORDNER`")]
    if build is None or about is None:
        return [said("build the journeys: `etappe build`", "die Journeys bauen: `etappe build`")]
    hints: list[str] = []
    newest = max(item.report.get("imported_at", "") for item in imports)
    if newest > about["built_at"]:
        hints.append(said("there are imports that are not built yet: `etappe build`", "es gibt Importe, die noch nicht gebaut sind: `etappe build`"))
    if changed := changed_rules(folder, settings, about):
        hints.append(said("changed since the last build, and not yet followed: {files}: `etappe build`", "seit dem letzten Build geändert und noch nicht berücksichtigt: {files}: `etappe build`", files=", ".join(changed)))
    if quarantined := sum(item.report.get("quarantined", 0) for item in imports):
        one = quarantined == 1
        hints.append(said("{n} record waits in {place}" if one else "{n} records wait in {place}", "{n} Datensatz wartet in {place}" if one else "{n} Datensätze warten in {place}", n=quarantined, place=str(folder.quarantine)))
    for domain in about.get("suggested_domains", []):
        hints.append(said("'{domain}' looks like your own domain ({why}): name it in rules/identity.yaml under own_domains",
            "„{domain}“ sieht nach Ihrer eigenen Domain aus ({why}): nennen Sie sie in rules/identity.yaml unter own_domains", domain=domain["domain"], why=_seen(domain)))  # fmt: skip
    hints += missing(about, imports)
    if shared := about.get("ambiguous"):
        named = about.get("ambiguous_domains", [])
        shown = f" ({', '.join(named)}{', …' if shared > len(named) else ''})" if named else ""
        plain = not about.get("ambiguous_names")  # else names of companies are among them
        one, many, eine, mehrere = ("domain", "domains", "Domain", "Domains") if plain else ("domain or name", "domains or names", "Domain oder Name", "Domains oder Namen")
        hints.append(said(
            f"{{n}} {f'{one} belongs' if shared == 1 else f'{many} belong'} to several companies{{shown}}: `etappe why --account DOMAIN` shows the candidates, `etappe identity assign` decides",
            f"{{n}} {f'{eine} gehört' if shared == 1 else f'{mehrere} gehören'} zu mehreren Unternehmen{{shown}}: `etappe why --account DOMAIN` zeigt, welche infrage kommen, `etappe identity assign` entscheidet",
            n=shared, shown=shown))  # fmt: skip
    return hints


def missing(about: dict[str, Any], imports: list[Import]) -> list[str]:
    """What keeps records out of the journeys of a build, and which export would bring them in, in both languages."""
    hints: list[str] = []
    built = dt.datetime.fromisoformat(about["as_of"])
    if not imports or min(item.learned_at for item in imports) > built:
        hints.append(said(
            "nothing was known yet on the day of this build ({day}), all imports are of later: take a later day (`--as-of`, or `as_of` in etappe.toml), or import old exports with `--learned-at DAY`",
            "am Tag dieses Builds ({day}) war noch nichts bekannt, alle Importe sind von später: nehmen Sie einen späteren Tag (`--as-of`, oder `as_of` in etappe.toml), oder importieren Sie alte Exporte mit `--learned-at TAG`",
            day=built.date()))  # fmt: skip
    elif not about["events"]:
        hints.append(said("nothing that was imported says when something happened, so there is no journey: import activities, visits, mails or tickets too",
            "nichts Importiertes sagt, wann etwas geschah, also gibt es keine Journey: importieren Sie auch Aktivitäten, Besuche, E-Mails oder Tickets"))  # fmt: skip
    if lone := about.get("deals_without_company"):
        hints.append(said("{n} of {all} deals belong to no known company and are in no journey: import the companies, and which deal belongs to which",
            "{n} von {all} Deals gehören zu keinem bekannten Unternehmen und sind in keiner Journey: importieren Sie die Unternehmen, und welcher Deal zu welchem gehört", n=lone, all=about["deals"]))  # fmt: skip
    unknown = sum(row["n"] for row in about.get("unresolved_reasons", []) if row["reason"] == "no company known")
    if 2 * unknown > about["events"]:
        hints.append(said("most events are of people whose company nobody knows: import the contacts (e-mail address or company) that the CRM or the mailing tool has of them",
            "die meisten Ereignisse sind von Personen, deren Unternehmen niemand kennt: importieren Sie die Kontakte (E-Mail-Adresse oder Unternehmen), die das CRM oder das Mailing-Werkzeug von ihnen hat"))  # fmt: skip
    return hints
