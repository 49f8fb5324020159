"""Whom to call today: the asker's open, callable leads, best value per hour of work first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from analytics.calling.call_list import Call, CallList, Reason, call_list
from analytics.calling.order import Ranking, waiting_since
from analytics.models.lifecycle.registry import ModelVersion
from analytics.vocabulary import Figure, Period, Unit
from assistant.access import permit
from assistant.kinds import clarify, leads_list, refuse
from assistant.kinds.subscribe_buttons import each_workday
from assistant.plans import Clarify, Help, LeadList, Refuse, RowFilter
from assistant.question import Role
from assistant.result import Result, Room, Worded, quoted

DETAILED = 3  # leads shown with all their reasons; the others take one line
REASONS = 3


def run(plan: LeadList, room: Room) -> Result:
    """Read the list and word it; somebody who owns no leads is asked whose they mean."""
    if plan.purpose == "list":
        return leads_list.run(plan, room)
    if plan.filters:
        return _narrowed(plan, room)
    listed = call_list(
        room.data, room.permitted.scope, room.permitted.owners, room.clock, plan.limit or room.calls_per_day
    )
    if plan.owner == "me" and not listed.open_leads and (others := _others(plan, room)):
        return clarify.run(Clarify(reason="no_leads_of_own", choices=others), room)
    today = Period.of_day(room.clock.today, "today")
    figures = _figures(listed, today)
    rows = [_row(call, rank, plan, room) for rank, call in enumerate(listed.calls, start=1)]
    until = listed.data_until
    return Result(
        route="leads",
        facts={
            **{figure.name: figure for figure in figures},
            "count": figures[0],
            "day": room.clock.today,
            "moment": room.clock.now,
            "whose": _whose(plan, room),
            "role": str(room.asker.role) if room.asker else "",
            "mine": plan.owner == "me",
            "ranking": str(listed.ranking),
            "limited": plan.limit is not None,
            "limit": Figure("limit", plan.limit or room.calls_per_day, Unit.COUNT),
            "detailed": [_shown(row) for row in rows[:DETAILED]],
            "brief": [_shown(row) for row in rows[DETAILED:]],
            "waiting": Figure("waiting", listed.callable_leads - len(listed.calls), Unit.COUNT),
            "scores": [_score(verdict, several=len(listed.verdicts) > 1) for verdict in listed.verdicts],
            "scored": listed.ranking in (Ranking.VALUE_PER_HOUR, Ranking.CHANCE),
            "phones_known": listed.phones_known,
            "contacts_known": listed.contacts_known,
            "data_until": until,
            "stale": _days_old(until.date() if until else None, room),
        },
        figures=figures,
        items=tuple(_item(row, call) for row, call in zip(rows, listed.calls, strict=True)),
        evidence={
            "sql": [room.data.sql(listed.search.statement, listed.search.values)] if not room.in_slack else [],
            "as_of": until.isoformat().replace("+00:00", "Z") if until else None,
            "model": _evidence_of(listed.verdicts),
            "ranking": str(listed.ranking),
            "warehouse_version": room.data.version,
            "rows": listed.open_leads,
        },
        private=True,
        currency=listed.currency,
        buttons=each_workday(plan, room) if rows else (),
    )


def _narrowed(plan: LeadList, room: Room) -> Result:
    """The leads to call that filters let through, as a list: the calling order is of all leads of an owner only."""
    callable_only = RowFilter(name="do_not_contact", values=(False,))
    listed = plan.model_copy(update={"purpose": "list", "filters": (*plan.filters, callable_only)})
    permitted = permit(listed, room.asker, room.data, room.model)
    if isinstance(permitted.plan, Refuse):
        return refuse.run(permitted.plan, room)
    return replace(leads_list.run(listed, replace(room, permitted=permitted)), plan=plan)


def _others(plan: LeadList, room: Room) -> tuple[LeadList | Help, ...]:
    """Whose lists somebody without leads of their own may see instead."""
    asker, scope = room.asker, room.permitted.scope
    if asker is None or asker.role is Role.REP:
        return ()
    wide = () if scope.reps is not None else (plan.model_copy(update={"owner": "everyone"}),)
    if asker.role is not Role.MANAGER or not scope.reps:
        return (*wide, Help())
    named = sorted(
        (rep for rep in room.reps.values() if rep.active and rep.rep_id in scope.reps), key=lambda rep: rep.name
    )
    one_each = (
        plan.model_copy(update={"owner": f"rep:{rep.rep_id}"}) for rep in named[:2] if rep.rep_id != asker.rep_id
    )
    return (plan.model_copy(update={"owner": "my_team"}), *one_each)


def _figures(listed: CallList, today: Period) -> tuple[Figure, ...]:
    counted = {
        "leads_to_call": len(listed.calls),
        "open_leads": listed.open_leads,
        "callable_leads": listed.callable_leads,
        "do_not_contact": listed.do_not_contact,
        "called_today": listed.called_today,
        "unscored": listed.unscored,
    }
    return tuple(
        Figure(name, value, Unit.COUNT, period=today, rows=listed.open_leads) for name, value in counted.items()
    )


def _whose(plan: LeadList, room: Room) -> Worded | None:
    kind, _, rep_id = (plan.owner or "me").partition(":")
    name = room.rep_name(rep_id) if kind == "rep" else None
    return Worded("owner", {"owner": kind, "name": quoted(name or rep_id)})


def _row(call: Call, rank: int, plan: LeadList, room: Room) -> dict[str, Any]:
    lead = call.lead
    scored = lead.chance is not None
    parts = [
        part for part in call.reasons if part.feature not in ("base", "other", "company_mean") and part.contribution
    ]
    return {
        "rank": Figure("rank", rank, Unit.COUNT),
        "company": quoted(lead.company),
        "contact": quoted(lead.contact),
        "title": quoted(lead.title),
        "phone": quoted(lead.phone),
        "lead_id": quoted(lead.lead_id),
        "owner": quoted(room.rep_name(lead.owner_rep_id or "")) if plan.owner != "me" else None,
        "chance": _figure("chance", lead.chance, Unit.SHARE),
        "worth": _figure("worth", lead.worth, Unit.MONEY),
        "days_since_contact": _figure("days_since_contact", _days_since_contact(call, room), Unit.DAYS),
        "contact_unknown": not scored and lead.last_contact_at is None,
        "reasons": [
            (part, Worded("reason", _reason_facts(part)))
            for part in (parts if scored else [*parts, *_waiting(call, room)])[:REASONS]
        ],
        "next_step": Worded("next_step", {"step": _next_step(call)}),
    }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    words = [worded for _, worded in row["reasons"]]
    best = next((worded for part, worded in row["reasons"] if part.contribution > 0), None)
    return {**row, "reasons": words, "top_reason": best or (words[0] if words else None)}


def _item(row: dict[str, Any], call: Call) -> dict[str, Any]:
    lead = call.lead
    days = row["days_since_contact"]
    return {
        "lead_id": lead.lead_id,
        "company": row["company"],
        "contact": row["contact"],
        "title": row["title"],
        "owner": lead.owner_rep_id,
        "chance": lead.chance,
        "worth": lead.worth,
        "minutes": lead.minutes,
        "value_per_hour": call.value_per_hour,
        "reasons": [
            {"text": worded, "contribution": part.contribution, "feature": part.feature}
            for part, worded in row["reasons"]
        ],
        "days_since_contact": days.value if days else None,
        "phone": row["phone"],
        "crm_url": lead.crm_url if (lead.crm_url or "").startswith(("https://", "http://")) else None,
        "next_step": row["next_step"],
        "card": None,
    }


def _reason_facts(part: Reason) -> dict[str, Any]:
    value = part.value
    unit = Unit.MONEY if part.feature == "list_price" else Unit.COUNT
    return {
        "feature": part.feature,
        "label": quoted(part.feature.replace("_", " ")),
        "code": value if isinstance(value, str) else "",
        "value": Figure(part.feature, _rounded(value), unit) if isinstance(value, int | float) else quoted(value),
        "given": value == 1,
        "absent": value == 0,
        "direction": "up" if part.contribution > 0 else "down",
        "amount": Figure("contribution", abs(part.contribution), Unit.MONEY),
    }


def _rounded(value: float) -> float:
    return round(value) if abs(value) >= 1 else value


def _waiting(call: Call, room: Room) -> list[Reason]:
    """How long the lead has waited: what breaks ties where a rule orders the list."""
    since = waiting_since(call.lead)
    if since is None:
        return []
    days = (room.clock.today - room.local_day(since)).days
    return [Reason("waiting" if call.lead.last_contact_at else "engaged", float(days), float(days))] if days > 0 else []


def _days_since_contact(call: Call, room: Room) -> int | None:
    contacted = call.lead.last_contact_at
    return None if contacted is None else (room.clock.today - room.local_day(contacted)).days


def _next_step(call: Call) -> str:
    if call.asked_for_quote:
        return "send_quote"
    by_outcome = {
        "no_answer": "other_hour",
        "replied": "answer_reply",
        "booked": "keep_appointment",
        "declined": "ask_objection",
        "reached": "agree_next",
    }
    if call.lead.last_contact_at is None and call.lead.chance is not None:
        return "first_call"
    return by_outcome.get(call.last_outcome or "", "ask_status")


def _score(verdict: ModelVersion, *, several: bool) -> dict[str, Any]:
    found = verdict.verdict
    auc = found.get("auc") or {}
    return {
        "used": verdict.used,
        "why": str(found.get("why", {}).get("code", "")),
        "version": quoted(verdict.version),
        "auc": _figure("auc", auc.get("value"), Unit.SCORE),
        "leads_of": quoted(verdict.source) if several else None,
        "low": _figure("auc_low", auc.get("low"), Unit.SCORE) if auc.get("low") != auc.get("high") else None,
        "high": _figure("auc_high", auc.get("high"), Unit.SCORE),
        "coin": Figure("coin", 0.5, Unit.SCORE),
        "baseline": _figure("baseline_auc", found.get("baseline_auc"), Unit.SCORE),
        "tested": _figure("tested", found.get("tested"), Unit.COUNT),
    }


def _evidence_of(verdicts: tuple[ModelVersion, ...]) -> dict[str, Any] | None:
    if not verdicts:
        return None
    newest = verdicts[-1]
    return {"id": "lead_score", "version": newest.version, "used": newest.used, "verdict": newest.verdict}


def _figure(name: str, value: float | int | None, unit: Unit) -> Figure | None:
    return None if value is None else Figure(name, value, unit)


def _days_old(until: date | None, room: Room) -> Figure | None:
    days = (room.clock.today - until).days if until else 0
    return Figure("data_age", days, Unit.DAYS) if days > 1 else None
