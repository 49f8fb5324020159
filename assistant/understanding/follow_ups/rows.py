"""What follows a list of leads, deals or customers: other values, another owner, another length, other days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analytics.semantic.list_file import read_lists
from analytics.vocabulary import Period
from assistant.plans import Clarify, CustomerList, Days, DealList, Help, LeadList, Narrowed, Plan, RowFilter
from assistant.understanding.figures.asked import Asked
from assistant.understanding.follow_ups.carried import uncertain
from assistant.understanding.follow_ups.fragment import Fragment

RowsPlan = LeadList | DealList | CustomerList
Alone = Callable[[str], Plan]

_NOUNS = {"leads": ("leads", "线索"), "deals": ("deals", "商机"), "customers": ("customers", "客户")}
_SAME = {"lead_source": "channel"}
_SAME_BACK = {there: here for here, there in _SAME.items()}


def period_of(plan: RowsPlan) -> Period | None:
    """The one period that a list is narrowed to."""
    periods = [given.period.period for given in plan.filters if given.period is not None]
    return periods[0] if len(periods) == 1 else None


def rows_after(before: RowsPlan, said: Fragment, original: str, alone: Alone) -> Plan | None:
    """The list with what is named changed; None where something is named that no list has."""
    asked = said.asked
    if said.marks & {"chart", "table", "total"} or (said.marks & {"why", "forecast"} and not said.unread):
        return None
    if said.marks & {"removes", "any_of"}:
        return _less(before, said)
    others = (said.kpis, said.either, asked.dimensions, asked.grain, asked.share, asked.running, asked.trend)
    figures = (asked.comparison, asked.base, asked.changed, asked.edge)
    if not any((*others, *figures)) and not said.unread:
        return _with_slots(before, said, original)
    found = _completed(before, original, alone) if said.goes_on or not any(others) else None
    best = asked.edge in ("highest", "best") and asked.limit is not None
    if found is None and best and not any((*others, *figures[:3])) and not said.unread:
        return _with_slots(before, said, original)
    return found


# --- slots that a fragment names by itself


def _with_slots(before: RowsPlan, said: Fragment, original: str) -> Plan | None:
    asked = said.asked
    changes: dict[str, Any] = {}
    named, lacking = _columns(before, asked)
    if lacking:
        return Clarify(reason="not_in_list", words=said.words_of("value", original), choices=(before, Help()))
    filters = () if "unfiltered" in said.marks else before.filters
    if asked.periods:
        dated = _redated(filters, asked.periods)
        if dated is None:
            return None
        filters = dated
    state = _state(before, named)
    if state is not None:
        changes["state"], named = state, tuple(given for given in named if given.name != "stage")
    changes["filters"] = merged(filters, named)
    limit = asked.limit or said.number
    if limit is not None:
        changes["limit"] = limit
    owners = list(dict.fromkeys(owner for each in asked.whose for owner in each))
    whose = "owner" if isinstance(before, LeadList) else "whose"
    if len(owners) > 1:
        each = tuple(_copy(before, {**changes, whose: _owner(owner, before)}) for owner in owners[:4])
        return Clarify(reason="several_owners", words=said.words_of("rep", original), choices=each)
    if owners and isinstance(before, LeadList) and owners[0].startswith("team:"):
        return None
    if owners:
        changes[whose] = _owner(owners[0], before)
    return _copy(before, changes)


def _less(before: RowsPlan, said: Fragment) -> Plan | None:
    """ "Drop Search", "any region": without that filter; a value that is no filter yet is left out from now on."""
    asked = said.asked
    others = (
        said.kpis,
        said.either,
        asked.periods,
        asked.whose,
        asked.edge,
        asked.grain,
        asked.comparison,
        said.number,
    )
    named, lacking = _columns(before, asked)
    gone = {_SAME_BACK.get(name, name) for name in asked.dimensions} | set(asked.dimensions)
    if said.unread or any(others) or lacking or (not named and not any(held.name in gone for held in before.filters)):
        return None
    kept = {held: None for held in before.filters if held.name not in gone}
    if "removes" not in said.marks:
        return _copy(before, {"filters": merged(tuple(kept), named)})
    for given in named:
        held = next((one for one in kept if one.name == given.name and one.op == "in"), None)
        if held is None:
            kept[given.model_copy(update={"op": "not_in"})] = None
            continue
        del kept[held]
        if rest := tuple(value for value in held.values if value not in given.values):
            kept[held.model_copy(update={"values": rest})] = None
    return _copy(before, {"filters": tuple(kept)})


def _copy(before: RowsPlan, changes: dict[str, Any]) -> RowsPlan:
    return before.model_copy(update=changes)


def _owner(owner: str, before: RowsPlan) -> str:
    return "everyone" if isinstance(before, LeadList) and owner == "company" else owner


def _columns(before: RowsPlan, asked: Asked) -> tuple[tuple[RowFilter, ...], bool]:
    """The values named as filters on columns, and whether the list has no column for one of them."""
    columns = read_lists()[before.kind].columns
    pairs: list[Narrowed] = list(asked.filters)
    for naming in uncertain(asked):
        fitting = [(name, value) for name, value in naming.options if name in columns]
        if len(fitting) != 1:
            return (), True
        pairs.append(Narrowed(name=fitting[0][0], op="not_in" if naming.left_out else "in", values=(fitting[0][1],)))
    named = []
    for given in pairs:
        name = given.name if given.name in columns else _SAME.get(given.name, given.name)
        if name not in columns:
            return (), True
        named.append(RowFilter(name=name, op=given.op, values=given.values))
    return tuple(named), False


def _state(before: RowsPlan, named: tuple[RowFilter, ...]) -> str | None:
    """ "The won ones": a deal's last stages are what became of it."""
    stages = [given.values for given in named if given.name == "stage" and given.op == "in"]
    ends = stages[0][0] if len(stages) == 1 and len(stages[0]) == 1 else None
    return str(ends) if isinstance(before, DealList) and ends in ("won", "lost") else None


def _redated(filters: tuple[RowFilter, ...], periods: tuple[Period, ...]) -> tuple[RowFilter, ...] | None:
    dated = [given for given in filters if given.period is not None]
    if len(dated) != 1 or len(periods) != 1:
        return None
    moved = dated[0].model_copy(update={"period": Days.of(periods[0])})
    return tuple(moved if given is dated[0] else given for given in filters)


def merged(before: tuple[RowFilter, ...], named: tuple[RowFilter, ...]) -> tuple[RowFilter, ...]:
    """A filter on the same column takes the place of the one before."""
    taken = {given.name for given in named}
    return (*(given for given in before if given.name not in taken), *named)


# --- words that only a list of this kind reads: "over 50k", 14天没跟进的, "closing this week"


def _completed(before: RowsPlan, original: str, alone: Alone) -> Plan | None:
    """The fragment read as a whole question for such a list, its conditions laid over those before."""
    english, chinese = _NOUNS[before.kind]
    said = original.strip(" ?？!！。.,，")
    for text in (said, f"{english} {said}", f"{said} {english}", f"{said.removesuffix('呢')}{chinese}"):
        plan = alone(text)
        if isinstance(plan, LeadList | DealList | CustomerList) and plan.kind == before.kind:
            return laid_over_list(before, plan)
    return None


def laid_over_list(before: RowsPlan, named: RowsPlan) -> Plan | None:
    """What a question for the same kind of list names, over the list before."""
    changes: dict[str, Any] = {"filters": merged(before.filters, named.filters)}
    for slot in ("state", "order", "limit", "owner", "whose"):
        if slot in type(named).model_fields and getattr(named, slot) != type(named).model_fields[slot].default:
            changes[slot] = getattr(named, slot)
    if isinstance(before, LeadList) and (changes.get("state") or changes.get("order") or "owner" in changes):
        calls_on = before.purpose == "call" and not (changes.get("state") or changes.get("order"))
        changes["purpose"] = "call" if calls_on and changes.get("owner", before.owner) else "list"
    return before.model_copy(update=changes)
