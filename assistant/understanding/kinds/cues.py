"""The words of each kind of plan: `<kind>.yaml` beside this file, concept -> language -> phrases.

`asks` are the words by which a question shows its kind; without one of them the kind is not tried. The other concepts
are the kind's own. A phrase may also mean something to other kinds and to figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.understanding.figures.unsettled import in_taiwan
from assistant.understanding.normalise import normalise

_HERE = Path(__file__).parent


@cache
def cue_words() -> dict[str, tuple[str, ...]]:
    """Every phrase with what it means to which kind: ("why:asks", "playbook:steps")."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(_HERE.glob("*.yaml")):
        for phrase, concept in _phrases(path):
            for form in dict.fromkeys((phrase, in_taiwan(phrase))):
                if concept not in found.get(form, ()):
                    found[form] = (*found.get(form, ()), concept)
    return found


def _phrases(path: Path) -> Iterator[tuple[str, str]]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for concept, languages in yaml.load(path.read_text("utf-8"), Loader=loader).items():
        for phrases in languages.values():
            yield from ((normalise(str(phrase)), f"{path.stem}:{concept}") for phrase in phrases)
