"""Words that are no name of one KPI: those of several, sayings, kinds of what a KPI counts, big customers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from analytics.semantic import Model

_FILE = Path(__file__).with_name("unsettled.yaml")


def unsettled_words(model: Model) -> dict[str, tuple[str, ...]]:
    """Phrases and their concepts, as far as the model has what they mean.

    unsettled:<kpi>|<kpi>, counted_leads:<kpi>|<kpi>, kpi:<id>, narrowed:<kpi>|<dimension>|<value>, and
    value:<dimension>:<value> with vague.
    """
    listed = _read()
    found: dict[str, tuple[str, ...]] = {}
    for entry in listed["kpis"]:
        meant = [kpi for kpi in entry["mean"] if kpi in model.kpis]
        concept = f"unsettled:{'|'.join(meant)}" if len(meant) > 1 else f"kpi:{''.join(meant)}"
        found.update(dict.fromkeys(_phrases(entry), (concept,)) if meant else {})
    leads = listed["counted_leads"]
    counted = f"counted_leads:{'|'.join(kpi for kpi in leads['mean'] if kpi in model.kpis)}"
    found.update(dict.fromkeys(_phrases(leads), (counted,)) if not counted.endswith(":") else {})
    for entry in listed["said"]:
        if entry["mean"] in model.kpis:
            found.update(dict.fromkeys(_phrases(entry), (f"kpi:{entry['mean']}",)))
    for entry in listed["narrowed"]:
        if entry["mean"][0] in model.kpis:
            found.update(dict.fromkeys(_phrases(entry), (f"narrowed:{'|'.join(entry['mean'])}",)))
    for entry in listed["values"]:
        values = [f"value:{name}:{value}" for name, value in entry["mean"] if name in model.dimensions]
        found.update(dict.fromkeys(_phrases(entry), (*values, "vague")) if values else {})
    return found


def unnamed(model: Model) -> tuple[str, ...]:
    """The KPIs offered where none is named."""
    return tuple(kpi for kpi in _read()["unnamed"] if kpi in model.kpis) or tuple(model.kpis)[:3]


def taiwan_words() -> dict[str, str]:
    """Parts of names as Taiwan says them."""
    return dict(_read()["taiwan"])


def _phrases(entry: dict[str, Any]) -> list[str]:
    return [*entry.get("en", ()), *entry.get("zh", ())]


@cache
def _read() -> dict[str, Any]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(_FILE.read_text("utf-8"), Loader=loader)
    return found
