"""What was agreed in a review: who does what until when; kept, and coming back as done or overdue."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from analytics.organisation import reps_of_teams, with_teams_below
from analytics.semantic.yardsticks import Holder
from analytics.warehouse import Reader, Warehouse
from analytics.warehouse.tables import agreed_tasks as kept_tasks
from analytics.warehouse.tables import teams

LONGEST_TEXT = 300
"""Characters of what was agreed that are kept."""
SHOWN_WHEN_DONE = timedelta(days=14)
"""How long a task that was done still comes back."""

State = Literal["open", "overdue", "done", "dropped"]


@dataclass(frozen=True)
class AgreedTask:
    """One thing agreed. `who` is a rep's id, else a person's; `due_on` None where no day was named.

    `text` are people's own words: data, never to be taken for ours.
    """

    task_id: str
    text: str
    who: str | None
    who_name: str | None
    due_on: date | None
    agreed_at: datetime
    done_at: datetime | None
    holder_kind: str
    holder_id: str
    agreed_by: str | None = None
    dropped_at: datetime | None = None

    def state(self, today: date) -> State:
        """Due today is not overdue yet."""
        if self.dropped_at is not None:
            return "dropped"
        if self.done_at is not None:
            return "done"
        return "overdue" if self.due_on is not None and self.due_on < today else "open"


_FIELDS = (
    kept_tasks.c.task_id, kept_tasks.c.text, kept_tasks.c.who, kept_tasks.c.who_name, kept_tasks.c.due_on,
    kept_tasks.c.agreed_at, kept_tasks.c.done_at, kept_tasks.c.holder_kind, kept_tasks.c.holder_id,
    kept_tasks.c.agreed_by, kept_tasks.c.dropped_at,
)  # fmt: skip


def agreed_tasks(reader: Reader, holder_kind: str, holder_id: str, today: date) -> tuple[AgreedTask, ...]:
    """What comes back in a summary of this holder: overdue first, then open by day, then done within two weeks.

    The company has all of them; a region also those of its teams, a team those of the teams below it and of its reps,
    a rep the own ones.
    """
    since = datetime.combine(today - SHOWN_WHEN_DONE, time.min, UTC)
    alive = and_(kept_tasks.c.dropped_at.is_(None), or_(kept_tasks.c.done_at.is_(None), kept_tasks.c.done_at >= since))
    return in_order(_found(reader, alive, _of_holder(reader, holder_kind, holder_id)), today)


def all_tasks(reader: Reader) -> tuple[AgreedTask, ...]:
    """Everything ever agreed, what was dropped too, the newest first."""
    return tuple(sorted(_found(reader), key=lambda task: (task.agreed_at, task.task_id), reverse=True))


def in_order(tasks: Iterable[AgreedTask], today: date) -> tuple[AgreedTask, ...]:
    """Overdue, open, done, dropped; within each the earliest day first, those without one last."""
    states = ("overdue", "open", "done", "dropped")

    def place(task: AgreedTask) -> tuple[Any, ...]:
        return states.index(task.state(today)), task.due_on or date.max, task.agreed_at, task.task_id

    return tuple(sorted(tasks, key=place))


def _found(reader: Reader, *conditions: Any) -> list[AgreedTask]:
    return [AgreedTask(*tuple(row)) for row in reader.rows(select(*_FIELDS).where(*conditions))]


def _of_holder(reader: Reader, kind: str, key: str) -> Any:
    """The condition for what belongs to a holder."""
    held, who = kept_tasks.c.holder_kind, kept_tasks.c.who
    if kind == "company":
        return kept_tasks.c.task_id.is_not(None)
    if kind == "rep":
        return who == key
    if kind == "region":
        found = reader.rows(select(teams.c.team_id).where(teams.c.region == key))
        own: Any = and_(held == "region", kept_tasks.c.holder_id == key)
        below = frozenset(str(row.team_id) for row in found)
    else:
        own, below = False, with_teams_below(reader, frozenset({key}))
    of_teams = and_(held == "team", kept_tasks.c.holder_id.in_(sorted(below)))
    return or_(own, of_teams, who.in_(sorted(reps_of_teams(reader, below))))


# --- writing


def agree(
    warehouse: Warehouse,
    *,
    text: str,
    who: str | None,
    who_name: str | None,
    due_on: date | None,
    holder: Holder,
    agreed_by: str,
    now: datetime,
    today: date,
) -> tuple[AgreedTask, bool]:
    """Keep what was agreed. The same thing agreed again while it is open is one task, whose day may have moved.

    Returns the task, and whether it is new. A task that was dropped on the same day is taken up again; one that was
    done on it stays done.
    """
    words = " ".join(text.split())[:LONGEST_TEXT]
    task_id = _id_of(words, who, holder, today)
    task = AgreedTask(task_id, words, who, who_name, due_on, now, None, holder.kind, holder.key, agreed_by)
    same = and_(
        kept_tasks.c.holder_kind == holder.kind, kept_tasks.c.holder_id == holder.key,
        kept_tasks.c.who == who if who is not None else kept_tasks.c.who.is_(None),
        kept_tasks.c.done_at.is_(None), kept_tasks.c.dropped_at.is_(None),
    )  # fmt: skip
    values = {
        "task_id": task_id, "text": words, "who": who, "who_name": who_name, "due_on": due_on, "agreed_at": now,
        "holder_kind": holder.kind, "holder_id": holder.key, "agreed_by": agreed_by, "source": "agreed",
    }  # fmt: skip
    try:
        with warehouse.kept() as connection:
            for row in connection.execute(select(*_FIELDS).where(same)):
                if _plainly(row.text) == _plainly(words):
                    until = due_on or row.due_on
                    one = kept_tasks.c.task_id == row.task_id
                    connection.execute(update(kept_tasks).where(one).values(due_on=until))
                    return replace(AgreedTask(*tuple(row)), due_on=until), False
            known = connection.execute(select(*_FIELDS).where(kept_tasks.c.task_id == task_id)).first()
            if known is None:
                connection.execute(insert(kept_tasks).values(**values))
                return task, True
            again = {"dropped_at": None, "dropped_by": None, "due_on": due_on}
            connection.execute(update(kept_tasks).where(kept_tasks.c.task_id == task_id).values(**again))
            return replace(AgreedTask(*tuple(known)), dropped_at=None, due_on=due_on), False
    except IntegrityError:  # another process kept the very same task a moment ago
        return task, False


def mark_done(warehouse: Warehouse, task_id: str, by: str, now: datetime) -> bool:
    """Whether it became done by this; what is done already keeps its day."""
    return _set(warehouse, task_id, done_at=now, done_by=by)


def drop(warehouse: Warehouse, task_id: str, by: str, now: datetime) -> bool:
    """Whether it was dropped by this: it comes back no more, the row stays."""
    return _set(warehouse, task_id, dropped_at=now, dropped_by=by)


def _set(warehouse: Warehouse, task_id: str, **values: Any) -> bool:
    """Only what is neither done nor dropped changes."""
    still = and_(kept_tasks.c.task_id == task_id, kept_tasks.c.done_at.is_(None), kept_tasks.c.dropped_at.is_(None))
    with warehouse.kept() as connection:
        return bool(connection.execute(update(kept_tasks).where(still).values(**values)).rowcount)


def _plainly(text: str) -> str:
    """Without what does not change the meaning: case, width, spaces, the full stop."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(".。!！")


def _id_of(text: str, who: str | None, holder: Holder, today: date) -> str:
    """The same for the same thing agreed on the same day, so that a message that arrives twice is one task."""
    said = "\x1f".join((holder.kind, holder.key, who or "", today.isoformat(), _plainly(text)))
    return f"A{hashlib.sha256(said.encode()).hexdigest()[:10]}"
