"""Templates from files only, data passed as values; every output is marked with where it comes from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from prompts.marks import mark

ANSWERS = Path(__file__).parent / "answers"


class MissingTemplate(LookupError):
    """No template for this answer kind and language."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(ANSWERS),
        undefined=StrictUndefined,
        finalize=mark,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )


@cache
def _template(folder: str, name: str) -> Template:
    if not (ANSWERS / folder / f"{name}.md.j2").is_file():
        raise MissingTemplate(f"there is no template answers/{folder}/{name}.md.j2")
    return _environment().get_template(f"{folder}/{name}.md.j2")


def render(folder: str, name: str, facts: dict[str, Any]) -> dict[str, str]:
    """Each block of the template `answers/<folder>/<name>.md.j2`, rendered with `facts`; marks still in it."""
    template = _template(folder, name)
    return {block: "".join(draw(template.new_context(facts))).strip("\n") for block, draw in template.blocks.items()}
