"""Whose mistake it is: where one's own file no longer fits built-in ones, one's own file is told, and once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from analytics.semantic.found import Found, Layers, Place
from analytics.semantic.model import Model

_NAMED = 3


def blamed(model: Model, found: list[Found], layers: Layers) -> list[Found]:
    """The mistakes to tell: those in one's own files; without any, what one's own files took from built-in ones."""
    last = max(layers.values(), default=0)
    own = [mistake for mistake in found if layers[mistake.what] == last]
    if own or not last:
        return list(_together(own))
    return list(_moved(model, found, layers))


def _together(found: list[Found]) -> Iterator[Found]:
    """What a table lacks for one KPI is one mistake."""
    lacking: dict[tuple[str, str], list[str]] = defaultdict(list)
    for mistake in found:
        if mistake.lacks is not None:
            lacking[mistake.what, mistake.lacks[0]].append(mistake.lacks[1])
    for mistake in found:
        if mistake.lacks is None:
            yield mistake
        elif names := lacking.pop((mistake.what, mistake.lacks[0]), None):
            says = f"{_lacks(mistake.lacks[0], names)}; a KPI allows only what all its parts have"
            yield replace(mistake, says=says, lacks=None)


def _moved(model: Model, found: list[Found], layers: Layers) -> Iterator[Found]:
    """Each mistake told of the file of one's own that the built-in one reads, with the built-in ones it concerns."""
    concerned: dict[tuple[str, Place, str], list[str]] = defaultdict(list)
    lacking: dict[tuple[str, Place, str], list[str]] = defaultdict(list)
    for mistake in found:
        culprit = _own_file(model, mistake.what, layers) or mistake.what
        if mistake.lacks is None:
            concerned[culprit, (), mistake.says].append(mistake.what)
            continue
        table, dimension = mistake.lacks
        culprit = f"table {table}" if layers.get(f"table {table}") else culprit
        concerned[culprit, ("dimensions",), table].append(mistake.what)
        lacking[culprit, ("dimensions",), table].append(dimension)
    for key, whose in concerned.items():
        culprit, place, says = key
        told = _lacks(says, lacking[key]) if place else says
        yield Found(culprit, place, f"with this file built-in ones no longer fit ({_some(whose)}): {told}")


def _own_file(model: Model, what: str, layers: Layers) -> str | None:
    """The first file of one's own that a built-in one reads, over however many others."""
    seen, waiting = {what}, [what]
    while waiting:
        for other in _reads(model, waiting.pop(0)):
            if layers.get(other):
                return other
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return None


def _reads(model: Model, what: str) -> Iterator[str]:
    kind, _, name = what.partition(" ")
    if kind == "kpi" and name in model.kpis:
        kpi = model.kpis[name]
        for measure in kpi.measures.values():
            yield f"table {measure.table}"
            if measure.exists is not None:
                yield f"table {measure.exists.table}"
        yield from (f"kpi {other}" for other in kpi.formula.names)
        yield from (f"dimension {dimension}" for dimension in kpi.dimensions)
    elif kind == "table" and name in model.tables:
        file = model.tables[name]
        yield from (f"table {join.to}" for join in file.joins.values())
        yield from (f"table {latest.of}" for latest in [file.latest] if latest is not None)
        yield from (f"dimension {dimension}" for dimension in file.dimensions)
    elif kind == "dimension" and name in model.dimensions:
        labels = model.dimensions[name].labels
        yield from (f"table {labels.table}" for labels in [labels] if labels is not None)


def _lacks(table: str, dimensions: list[str]) -> str:
    names = list(dict.fromkeys(dimensions))
    return f"{table} has no dimension{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _some(whose: list[str]) -> str:
    names = list(dict.fromkeys(what.partition(" ")[2] for what in whose))
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
