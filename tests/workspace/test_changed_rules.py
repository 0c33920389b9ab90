"""`status` says which settings and rules the last build does not follow yet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from etappe.settings import Settings
from etappe.workspace.folder import Folder, written_rules
from etappe.workspace.state import changed_rules
from etappe.workspace.workspace import Workspace


def test_rules_that_differ_from_those_of_the_build_are_named_and_those_that_need_none_are_not(tmp_path: Path) -> None:
    folder, settings = Folder(tmp_path), Settings()
    folder.rules.mkdir()
    files = [folder.rules / f"{name}.yaml" for name in ("stages", "touchpoints", "playbook", "currencies")]
    for path in files:
        path.write_text("a: 1\n", encoding="utf-8")
    about = {"rules": written_rules(folder, settings.as_of)}
    assert changed_rules(folder, settings, about) == []
    for path in (files[0], files[2], files[3]):
        path.write_text("a: 2\n", encoding="utf-8")
    assert changed_rules(folder, settings, about) == ["rules/stages.yaml"]
    files[1].unlink()
    (folder.rules / "roles.yaml").write_text("a: 1\n", encoding="utf-8")
    assert changed_rules(folder, settings, about) == ["rules/roles.yaml", "rules/stages.yaml", "rules/touchpoints.yaml"]
    assert changed_rules(folder, settings, None) == changed_rules(folder, settings, {}) == [], "nothing is known of an older build"


def test_of_the_settings_a_build_follows_the_day_of_knowledge_alone(tmp_path: Path) -> None:
    folder, then = Folder(tmp_path), dt.datetime(2026, 6, 30, tzinfo=dt.UTC)
    folder.rules.mkdir()
    about = {"rules": written_rules(folder, then)}
    assert changed_rules(folder, Settings(as_of=then, language="en", name="Other", currency="CHF", engine="local[2]"), about) == []
    assert changed_rules(folder, Settings(), about) == ["etappe.toml"]


def test_a_build_writes_down_its_rules_and_status_says_what_was_changed_since(own: Workspace) -> None:
    assert own.status()["changed_rules"] == []
    stages = own.folder.rules / "stages.yaml"
    stages.write_text(stages.read_text(encoding="utf-8") + "# another word\n", encoding="utf-8")
    found = own.status()
    assert found["changed_rules"] == ["rules/stages.yaml"]
    assert any("rules/stages.yaml" in hint and "`etappe build`" in hint for hint in found["hints"])
