"""Prints the docs page of each analysis from its docstring: ``python -m etappe.analyses.print_docs
docs/methods``.
"""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

from etappe.analyses import analysis
from etappe.words.said import spoken


def pages() -> dict[str, str]:
    """File name → text of each page, and of the index."""
    found = [analysis.find(name) for name in analysis.names()]
    shown = {f"{one.name}.md": page(one) for one in found}
    lines = [
        "# Methods",
        "",
        "One page an analysis, printed from its docstring. Recipes change their version with their method.",
    ]
    lines += ["", "| `etappe show` | Deutsch | answers |", "| --- | --- | --- |"]
    for one in found:
        lines.append(f"| [`{one.name}`]({one.name}.md) | {one.title_de} | {_first(one.doc)} |")
    lines += ["", "## Filters in common", "", *_options(analysis.Params, set())]
    return {"README.md": "\n".join(lines) + "\n", **shown}


def page(one: analysis.Analysis) -> str:
    """The page of one analysis: docstring, recipe, parameters."""
    body = one.doc.strip().split("\n", 1)
    common = {part.name for part in fields(analysis.Params)}
    recipe = one.recipe
    lines = [
        f"# {one.title}",
        "",
        f"*{body[0].strip()}*",
        "",
        f"*{one.question_de}*",
        *([body[1].rstrip()] if len(body) > 1 else []),
        "",
        "## Recipe",
        "",
    ]
    lines.append(f"`{recipe.name}` version {recipe.version}: {recipe.words}.")
    lines.append(f"Auf Deutsch: {spoken(recipe.words, 'de')}.")
    if recipe.minimum_n:
        lines.append(f'Under {recipe.minimum_n} cases a figure is "too few".')
    options = _options(one.params, common)
    if options:
        lines += ["", "## Parameters beside the common filters", "", *options]
    return "\n".join(lines) + "\n"


def _options(params: type[analysis.Params], skip: set[str]) -> list[str]:
    lines = []
    for part in fields(params):
        if part.name in skip:
            continue
        choices = part.metadata.get("choices", ())
        words = str(part.metadata.get("words", "")) + (f" ({', '.join(choices)})" if choices else "")
        default = part.default
        shown = "" if default in (None, (), False) else f"; default `{default}`"
        lines.append(f"- `--{part.name.replace('_', '-')}`: {words}{shown}")
    return lines


def _first(doc: str) -> str:
    return doc.strip().split("\n")[0].strip()


def main(folder: str) -> None:
    """Writes the pages and removes those of analyses that are no more."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in target.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (target / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "docs/methods")
