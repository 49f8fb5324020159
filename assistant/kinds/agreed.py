"""What was agreed in a review: kept, shown, done or dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from analytics.insights.books.tasks import AgreedTask, agree, all_tasks, drop, in_order, mark_done
from analytics.organisation import topmost
from analytics.semantic.yardsticks import Holder
from analytics.vocabulary import Figure, Unit
from assistant.agreed_access import may_drop, may_see
from assistant.kinds import clarify
from assistant.kinds.described_parts import rep_called
from assistant.plans import Agreed, Clarify
from assistant.question import Asker
from assistant.result import Button, Buttons, Result, Room, Worded, quoted
from assistant.understanding.normalise import normalise

MOST_SHOWN = 12
"""Tasks on one screen."""
_MOST_BUTTONS = 3
_MOST_CHOICES = 4
_ALIKE = 0.6  # share of the words that have to stand in a task
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_SAYS_NOTHING = frozenset({"the", "a", "an", "that", "those", "of", "to", "with", "by", "is", "are", "的", "了"})


def run(plan: Agreed, room: Room) -> Result:
    """Do it, and show what came of it."""
    if plan.action == "add":
        return _added(plan, room)
    return _listed(plan, room) if plan.action == "list" else _settled(plan, room)


# --- keeping


def _added(plan: Agreed, room: Room) -> Result:
    asker, today = _asker(room), room.clock.today
    who, name = _doer(plan, room)
    task, fresh = agree(
        room.kept, text=plan.text or "", who=who, who_name=name, holder=_holder(who, room),
        due_on=date.fromisoformat(plan.due_on) if plan.due_on else None,
        agreed_by=asker.person_id, now=room.clock.now, today=today,
    )  # fmt: skip
    outcome = "kept" if fresh else "done_before" if task.done_at is not None else "known"
    return _result(plan, room, [task], outcome=outcome, whose_own="who" in plan.assumed)


def _doer(plan: Agreed, room: Room) -> tuple[str, str]:
    """Who does it, by id and name: whoever is named, else the asker."""
    asker, (kind, _, rep_id) = _asker(room), (plan.who or "me").partition(":")
    if kind == "rep":
        return rep_id, room.rep_name(rep_id) or rep_id
    return asker.rep_id or asker.person_id, asker.name


def _holder(who: str, room: Room) -> Holder:
    """Whose review it belongs to: the team of whoever does it, else the asker's topmost team, else the company."""
    rep, scope = room.reps.get(who), room.permitted.scope
    if rep is not None and rep.team_id:
        return Holder("team", rep.team_id)
    if scope.reps is None:
        return Holder("company")
    tops = topmost(room.data, scope.teams)
    return Holder("team", tops[0]) if len(tops) == 1 else Holder("rep", who)


# --- done, dropped


def _settled(plan: Agreed, room: Room) -> Result:
    asker = _asker(room)
    seen = _visible(room)
    found = [task for task in seen if task.task_id == plan.task] if plan.task else _meant(plan.text or "", seen, room)
    waiting = [task for task in found if task.state(room.clock.today) in ("open", "overdue")]
    if len(waiting) > 1:
        choices = tuple(Agreed(action=plan.action, task=task.task_id) for task in waiting[:_MOST_CHOICES])
        words = (plan.text,) if plan.text else ()
        return clarify.run(Clarify(reason="which_task", words=words, choices=choices), room)
    if not waiting:
        outcome = f"already_{found[0].state(room.clock.today)}" if len(found) == 1 else "not_found"
        shown = found if len(found) == 1 else [task for task in seen if _is_open(task, room)]
        return _result(plan, room, shown, outcome=outcome)
    task = waiting[0]
    if plan.action == "drop" and not may_drop(task, asker):
        return _result(plan, room, [task], outcome="not_yours_to_drop")
    change = mark_done if plan.action == "done" else drop
    change(room.kept, task.task_id, asker.person_id, room.clock.now)
    now = next((one for one in _visible(room) if one.task_id == task.task_id), task)
    return _result(plan, room, [now], outcome="done" if plan.action == "done" else "dropped")


def _meant(words: str, tasks: Sequence[AgreedTask], room: Room) -> list[AgreedTask]:
    """The tasks that the words tell: those that hold them as they stand, else those that hold most of them.

    What waits goes before what is settled.
    """
    said = "".join(normalise(words).split())
    whole = [task for task in tasks if said and said in "".join(normalise(task.text).split())]
    found = whole or _most_alike(_words(words), tasks)
    return [task for task in found if _is_open(task, room)] or found


def _most_alike(said: frozenset[str], tasks: Sequence[AgreedTask]) -> list[AgreedTask]:
    alike = {task.task_id: len(said & _words(task.text)) / max(1, len(said)) for task in tasks}
    best = max(alike.values(), default=0.0)
    return [task for task in tasks if best >= _ALIKE and alike[task.task_id] == best]


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(normalise(text))) - _SAYS_NOTHING


# --- showing


def _listed(plan: Agreed, room: Room) -> Result:
    tasks = _visible(room)
    if plan.who:
        who, _ = _doer(plan, room)
        tasks = [task for task in tasks if task.who == who]
    if plan.agreed_in is not None:
        days = plan.agreed_in.period
        tasks = [task for task in tasks if days.start <= room.local_day(task.agreed_at) < days.end]
    states = (plan.state,) if plan.state != "open" else ("open", "overdue")
    if plan.state is not None:
        tasks = [task for task in tasks if task.state(room.clock.today) in states]
    tasks = [task for task in tasks if task.dropped_at is None]
    return _result(plan, room, tasks, outcome="listed" if tasks else "nothing")


def _visible(room: Room) -> list[AgreedTask]:
    asker, scope = _asker(room), room.permitted.scope
    return [task for task in in_order(all_tasks(room.data), room.clock.today) if may_see(task, asker, scope)]


def _is_open(task: AgreedTask, room: Room) -> bool:
    return task.state(room.clock.today) in ("open", "overdue")


def _result(plan: Agreed, room: Room, tasks: Sequence[AgreedTask], *, outcome: str, whose_own: bool = False) -> Result:
    """The answer; people's words and names are for those who may see them only."""
    today = room.clock.today
    states = Counter(task.state(today) for task in tasks)
    shown = tasks[:MOST_SHOWN]
    facts = {
        "action": plan.action,
        "outcome": outcome,
        "tasks": [task_facts(task, room) for task in shown],
        "task": task_facts(shown[0], room) if shown else None,
        "count": Figure("tasks", len(tasks), Unit.COUNT),
        "more": Figure("more", len(tasks) - len(shown), Unit.COUNT) if len(tasks) > len(shown) else None,
        **{state: Figure(state, states[state], Unit.COUNT) for state in ("overdue", "open", "done")},
        "said": quoted(plan.text),
        "who": quoted(_doer(plan, room)[1]) if plan.who else None,
        "mine": plan.who == "me",
        "state": plan.state or "",
        "agreed_in": plan.agreed_in.period if plan.agreed_in else None,
        "whose_own": whose_own,
    }
    items = tuple(_item(task, room) for task in shown)
    off = bool(states["overdue"]) if plan.action == "list" else None
    return Result("agreed", facts, items=items, private=True, off=off, buttons=_buttons(plan, shown, room))


def task_facts(task: AgreedTask, room: Room) -> dict[str, Any]:
    """A task for templates; `mine` where the asker is to do it."""
    asker = _asker(room)
    return {
        "text": quoted(task.text),
        "who": quoted(rep_called(task.who, room) if task.who and task.who in room.reps else task.who_name),
        "mine": task.who in (asker.rep_id, asker.person_id),
        "due_on": task.due_on,
        "state": task.state(room.clock.today),
        "agreed_on": room.local_day(task.agreed_at),
        "done_on": room.local_day(task.done_at) if task.done_at else None,
    }


def _item(task: AgreedTask, room: Room) -> dict[str, Any]:
    return {
        "task_id": task.task_id,
        "text": quoted(task.text),
        "who": task.who,
        "who_name": quoted(task.who_name),
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "state": task.state(room.clock.today),
        "agreed_on": room.local_day(task.agreed_at).isoformat(),
        "done_on": room.local_day(task.done_at).isoformat() if task.done_at else None,
        "holder": {"kind": task.holder_kind, "id": task.holder_id},
    }


def _buttons(plan: Agreed, tasks: Sequence[AgreedTask], room: Room) -> tuple[Buttons, ...]:
    """One for each task that waits, to say that it is done."""
    waiting = [task for task in tasks if _is_open(task, room)] if plan.action in ("list", "add") else []
    made = [
        Button(Worded("agreed_button", {"text": quoted(task.text)}), Agreed(action="done", task=task.task_id))
        for task in waiting[:_MOST_BUTTONS]
    ]
    return (Buttons(tuple(made)),) if made else ()


def _asker(room: Room) -> Asker:
    assert room.asker is not None  # strangers are refused before
    return room.asker
