"""Words that are no name of one KPI: those of several, sayings, kinds of what a KPI counts, big customers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from analytics.semantic import Model

_FILE = Path(__file__).with_name("unsettled.yaml")


def unsettled_words(model: Model) -> dict[str, tuple[str, ...]]:
    """Phrases and their concepts, as far as the model has what they mean.

    unsettled:<kpi>|<kpi> (with performance, where the company's settings may tell), counted_leads:<kpi>|<kpi>,
    kpi:<id>, narrowed:<kpi>|<dimension>|<value>, not_offered:<kind>, and value:<dimension>:<value> with vague.
    """
    listed = _read()
    found: dict[str, tuple[str, ...]] = {}
    for entry in listed["kpis"]:
        meant = [kpi for kpi in entry["mean"] if kpi in model.kpis]
        concept = f"unsettled:{'|'.join(meant)}" if len(meant) > 1 else f"kpi:{''.join(meant)}"
        concepts = (concept, "performance") if entry.get("settled_by_company") else (concept,)
        found.update(dict.fromkeys(_phrases(entry), concepts) if meant else {})
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
    for kind, entry in listed["not_offered"].items():
        for phrase in _phrases(entry):
            found[phrase] = (*found.get(phrase, ()), f"not_offered:{kind}")
    return found


@dataclass(frozen=True)
class InParts:
    """A KPI said in parts that may stand apart: in each slot one of its words, or one piece of its concepts.

    `whole`: the words make the KPI even where another one is named among them ("what does a new customer cost us").
    """

    kpi: str
    slots: tuple[tuple[str, ...], ...]
    whole: bool = False


def said_in_parts(model: Model) -> tuple[InParts, ...]:
    """The KPIs said in parts, with the concepts that fill each slot."""
    return tuple(
        InParts(
            entry["mean"],
            tuple((f"part:{number}|{place}", *slot.get("concepts", ())) for place, slot in enumerate(entry["parts"])),
            entry.get("whole", False),
        )
        for number, entry in enumerate(_read()["in_parts"])
        if entry["mean"] in model.kpis
    )


def words_beside(model: Model) -> dict[str, tuple[str, ...]]:
    """Phrases that keep what else they mean: loosely:<kpi> (a saying that adds nothing beside that KPI),
    part:<number>|<slot> (of a KPI said in parts), and ignore where they mean nothing without a KPI."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in _read()["loosely"]:
        concepts = (f"loosely:{entry['mean']}", *(("ignore",) if entry.get("filler") else ()))
        found.update(dict.fromkeys(_phrases(entry), concepts) if entry["mean"] in model.kpis else {})
    for number, entry in enumerate(_read()["in_parts"]):
        for place, slot in enumerate(entry["parts"] if entry["mean"] in model.kpis else ()):
            concepts = (f"part:{number}|{place}", *(("ignore",) if slot.get("filler") else ()))
            for phrase in _phrases(slot):
                found[phrase] = tuple(dict.fromkeys((*found.get(phrase, ()), *concepts)))
    return found


def offered_instead(kind: str, model: Model) -> tuple[str, ...]:
    """The KPIs nearest to a figure that is not offered."""
    return tuple(kpi for kpi in _read()["not_offered"][kind]["instead"] if kpi in model.kpis)


def unnamed(model: Model) -> tuple[str, ...]:
    """The KPIs offered where none is named."""
    return tuple(kpi for kpi in _read()["unnamed"] if kpi in model.kpis) or tuple(model.kpis)[:3]


def performance_kpi(reading: str | None, model: Model) -> str | None:
    """The KPI that a company reads "performance" as; None where its settings leave that open."""
    kpi = _read()["performance"].get(reading, reading)
    return kpi if kpi in model.kpis else None


def in_taiwan(word: str) -> str:
    """A word in Simplified characters as Taiwan says it."""
    for mainland, island in _read()["taiwan"].items():
        word = word.replace(mainland, island)
    return word


def _phrases(entry: dict[str, Any]) -> list[str]:
    return [*entry.get("en", ()), *entry.get("zh", ())]


@cache
def _read() -> dict[str, Any]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(_FILE.read_text("utf-8"), Loader=loader)
    return found
