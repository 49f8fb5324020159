"""What the checks of a model find: in which file, where in it, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

Place = tuple[Any, ...]
Trouble = tuple[Place, str]  # within one file: where, and what is wrong
Layers = Mapping[str, int]  # "kpi revenue", "table orders", "dimension region" -> 0 built in, 1 in one's own folder


@dataclass(frozen=True)
class Found:
    """A mistake in the file of `what` ("kpi revenue"). `lacks`: a table, and a dimension it would need."""

    what: str
    place: Place
    says: str
    lacks: tuple[str, str] | None = None


def near(name: str, known: Mapping[str, object] | set[str]) -> str:
    """`; did you mean revenue?` where something known is spelt much like it."""
    found = get_close_matches(name, sorted(known), n=1, cutoff=0.75)
    return f"; did you mean {found[0]}?" if found else ""
