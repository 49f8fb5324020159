"""The KPI summary: worst first, why the main figure changed, what is unusual, where it heads, what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analytics.insights.summary import Standing
from analytics.semantic import QueryError
from analytics.vocabulary import Figure
from assistant.kinds import refuse
from assistant.kinds.described import described
from assistant.kinds.summary_diagnosis import Diagnosis, diagnosed
from assistant.kinds.summary_insights import benchmarks_for, explained, members_of, outlook_of, restated_in, tasks_of
from assistant.kinds.summary_items import items_of
from assistant.kinds.summary_small import small_print
from assistant.kinds.summary_table import chart_of, table_of
from assistant.kinds.summary_told import Told, told
from assistant.kinds.summary_ways_on import following
from assistant.kinds.summary_words import (
    change_words_of,
    count,
    line,
    member_line,
    pace_words,
    restated_words,
    seen,
    task_words,
    unusual_line,
)
from assistant.plans import Refuse, Summary
from assistant.question import Role
from assistant.result import Result, Room, Worded

if TYPE_CHECKING:
    from analytics.insights.books import AgreedTask, Benchmark, Restatement
    from analytics.insights.drivers import Explained
    from analytics.insights.forecast import Outlook
    from analytics.insights.unusual import Unusual

_MISSED, _UNUSUAL, _MEMBERS, _TASKS = 5, 4, 3, 6
"""Lines of each part on the first screen; the table has the rest."""
_OF_AN_AREA = 4
_EXPLAINED_IN_REVIEW = 3
_AREAS = ("financial", "operational", "customer")


@dataclass(frozen=True)
class Story:
    """All that a summary says, computed."""

    told: Told
    explained: tuple[Explained, ...]
    members: tuple[Unusual, ...]
    outlook: Outlook | None
    tasks: tuple[AgreedTask, ...]
    restated: tuple[Restatement, ...]
    benchmarks: Mapping[str, Benchmark]
    diagnosis: Diagnosis | None


def run(plan: Summary, room: Room) -> Result:
    """Compute and show; without a KPI that has a value the answer says what is lacking."""
    try:
        kpis = told(plan, room)
    except QueryError as error:
        return refuse.run(Refuse(reason=error.code, kpis=error.about[:1], offers=error.offers), room, plan)
    if not kpis.measured and not kpis.without_data:
        lacking = tuple(dict.fromkeys(table for tables in kpis.missing.values() for table in tables))
        return refuse.run(Refuse(reason="needs_tables", kpis=tuple(kpis.missing)[:1], offers=lacking), room, plan)
    return _shown(_story(kpis))


def _story(kpis: Told) -> Story:
    """What the form needs, and nothing else."""
    diagnosis = kpis.plan.form == "diagnosis"
    found = () if diagnosis else (explained(kpis, one) for one in _to_explain(kpis))
    return Story(
        kpis,
        tuple(one for one in found if one is not None),
        members_of(kpis),
        None if diagnosis else outlook_of(kpis),
        tasks_of(kpis),
        restated_in(kpis),
        benchmarks_for(kpis),
        diagnosed(kpis) if diagnosis else None,
    )


def _to_explain(kpis: Told) -> list[Standing]:
    """The changes worth a reason: that of the headline; in a review those of what is off, the worst first."""
    off = [one for one in kpis.shown if not one.own and (one.missed or kpis.is_bad(one))]
    if kpis.plan.form == "review":
        return off[:_EXPLAINED_IN_REVIEW]
    lead = [kpis.lead] if kpis.lead is not None else []
    return lead


# --- showing


def _shown(story: Story) -> Result:
    kpis = story.told
    plan = kpis.plan
    title = _title(kpis)
    ways_on = following(kpis)
    diagnosis = story.diagnosis
    tables = table_of(kpis, kpis.shown, title)
    charts: tuple[Any, ...] = chart_of(kpis, story.outlook, title)
    if diagnosis is not None:
        tables, charts = (*diagnosis.tables, *tables), diagnosis.charts
    facts: dict[str, Any] = {
        **_counts(kpis),
        "title": title,
        "form": plan.form,
        "rhythm": plan.rhythm,
        "value_review": plan.rhythm == "quarter" and plan.form in ("summary", "review"),
        "lead": kpis.lead is not None,
        "empty": not kpis.shown,
        "areas": _areas(story),
        "parts": diagnosis.parts if diagnosis else [],
        "leak": diagnosis.leak if diagnosis else None,
        "lead_line": _lead_line(story),
        "changes": [words for one in story.explained if (words := change_words_of(one, kpis)) is not None],
        "to_agree": [seen(one, kpis) for one in kpis.missed[:_MISSED]],
        "pace": pace_words(story.outlook, kpis),
        "restated": [restated_words(one, kpis) for one in story.restated],
        "small": small_print(kpis),
        "follow": ways_on.facts,
        "reading": _reading(kpis),
        **_missed_and_unusual(story),
        **_tasks(story),
    }
    return Result(
        route="summary",
        template="summary" if plan.form == "summary" else f"summary_{plan.form}",
        facts=facts,
        figures=_figures(story),
        items=items_of(
            kpis, story.explained, story.members, story.outlook, story.tasks, story.restated, story.benchmarks
        ),
        tables=tables,
        charts=charts,
        evidence=_evidence(kpis),
        private=_private(kpis),
        off=kpis.off,
        buttons=ways_on.buttons,
    )


def _title(kpis: Told) -> Worded:
    """What it is a summary of; whose it is where that is not the usual: the company, or one's own for a rep."""
    plan, room = kpis.plan, kpis.room
    seen_by = {sight.whose for sight in room.permitted.sights.values()} - {"company"}
    usual = "me" if room.asker and room.asker.role is Role.REP else "company"
    whose = plan.whose or (next(iter(seen_by)) if len(seen_by) == 1 else None)
    return described(plan.model_copy(update={"whose": None if whose == usual else whose}), room)


def _lead_line(story: Story) -> Worded | None:
    lead, kpis = story.told.lead, story.told
    return Worded("summary_lead", {"lead": seen(lead, kpis, story.benchmarks.get(lead.kpi.id))}) if lead else None


def _counts(kpis: Told) -> dict[str, Any]:
    aimed = [one for one in kpis.shown if one.gap is not None]
    unusual = [one for one in kpis.shown if kpis.is_unusual(one)]
    return {
        "aimed": count("with_target", len(aimed)),
        "off_target": count("missed", len(kpis.missed)),
        "surprising": count("unusual", len(unusual)),
        "number": count("kpis", len(kpis.shown)),
    }


def _missed_and_unusual(story: Story) -> dict[str, Any]:
    kpis = story.told
    told_above = kpis.lead.kpi.id if kpis.lead and kpis.plan.form == "summary" else None
    missed = [one for one in kpis.missed if one.kpi.id != told_above]
    unusual = [one for one in kpis.shown if kpis.is_unusual(one) and one not in missed[:_MISSED]]
    return {
        "missed": [line(one, kpis, story.benchmarks.get(one.kpi.id)) for one in missed[:_MISSED]],
        "missed_more": count("more", len(missed) - _MISSED) if len(missed) > _MISSED else None,
        "unusual": [
            *(unusual_line(one, kpis) for one in unusual[:_UNUSUAL]),
            *(member_line(one, kpis) for one in story.members[:_MEMBERS]),
        ],
        "unusual_more": count("more", len(unusual) - _UNUSUAL) if len(unusual) > _UNUSUAL else None,
    }


def _areas(story: Story) -> list[dict[str, Any]]:
    """Financial, operational, customer: the KPIs of each, worst first; customers first in a value review."""
    kpis = story.told
    areas = _AREAS if kpis.plan.rhythm != "quarter" else ("customer", "financial", "operational")
    found = []
    for area in areas:
        held = [one for one in kpis.shown if one.kpi.area == area]
        if held:
            lines = [line(one, kpis, story.benchmarks.get(one.kpi.id)) for one in held[:_OF_AN_AREA]]
            off = [one for one in held if one.missed or kpis.is_bad(one)]
            found.append(
                {
                    "area": Worded("summary_area", {"area": area}),
                    "id": area,
                    "lines": lines,
                    "off": count("off", len(off)),
                    "of": count("of", len(held)),
                }
            )
    return found


def _tasks(story: Story) -> dict[str, Any]:
    today = story.told.room.clock.today
    states = [task.state(today) for task in story.tasks]
    return {
        "tasks": [task_words(task, story.told) for task in story.tasks[:_TASKS]],
        "tasks_more": count("more", len(states) - _TASKS) if len(states) > _TASKS else None,
        "task_counts": {state: count(state, states.count(state)) for state in ("overdue", "open", "done")},
    }


def _reading(kpis: Told) -> dict[str, Any]:
    plan = kpis.plan
    whose = {sight.whose for sight in kpis.room.permitted.sights.values()}
    return {
        "plan": _title(kpis),
        "assumed": list(plan.assumed),
        "mixed": len(whose) > 1 or bool(kpis.of_company),
        "chosen": count("chosen", len(kpis.shown)),
        "measured": count("measured", kpis.measured),
    }


# --- what goes with it


def _items(story: Story) -> tuple[Mapping[str, Any], ...]:
    return items_of(
        story.told, story.explained, story.members, story.outlook, story.tasks, story.restated, story.benchmarks
    )


def _figures(story: Story) -> tuple[Figure, ...]:
    """Every KPI shown, the one of the headline first."""
    kpis = story.told
    first = [kpis.lead] if kpis.lead is not None else []
    others = [one for one in kpis.shown if kpis.lead is None or one.kpi.id != kpis.lead.kpi.id]
    parts = story.diagnosis.figures if story.diagnosis else ()
    return (*(one.figure for one in (*first, *others)), *parts)


def _private(kpis: Told) -> bool:
    """Only totals of the whole company, of KPIs open to all, may be read by everybody in a channel."""
    sights = (kpis.room.permitted.sights[one.kpi.id] for one in kpis.shown)
    everybody = all(sight.whose == "company" for sight in sights) and not kpis.plan.filters
    return not (everybody and kpis.plan.form == "bulletin" and all(one.kpi.access.open for one in kpis.shown))


def _evidence(kpis: Told) -> dict[str, Any]:
    room = kpis.room
    until = room.data.as_of
    return {
        "sql": list(kpis.readable),
        "as_of": until.isoformat().replace("+00:00", "Z") if until else None,
        "kpis": {
            one.kpi.id: {"version": one.kpi.version, "whose": room.permitted.sights[one.kpi.id].whose}
            for one in kpis.shown
        },
        "missing": {kpi: list(tables) for kpi, tables in kpis.missing.items()},
        "warehouse_version": room.data.version,
        "rows": sum(one.figure.rows or 0 for one in kpis.shown),
    }
