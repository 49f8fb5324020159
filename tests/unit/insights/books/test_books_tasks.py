"""What was agreed: kept once, due, done, dropped; whoever holds it finds it again, on every database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from selling_company import PLAIN, fill
from sqlalchemy import insert

from analytics.insights.books import AgreedTask, Holder, agree, agreed_tasks, drop, mark_done
from analytics.warehouse import Warehouse
from analytics.warehouse.tables import agreed_tasks as kept_tasks

OpenWarehouse = Callable[[], Warehouse]
MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)
T1, T2 = Holder("team", "T1"), Holder("team", "T2")


def keep(
    warehouse: Warehouse,
    text: str = "Call the ten stuck deals",
    who: str = "R1",
    holder: Holder = T1,
    due_on: date | None = FRIDAY,
    day: int = 0,
) -> tuple[AgreedTask, bool]:
    return agree(
        warehouse, text=text, who=who, who_name="Anna Ash", due_on=due_on, holder=holder, agreed_by="P5",
        now=NOON + timedelta(days=day), today=MONDAY + timedelta(days=day),
    )  # fmt: skip


def texts(warehouse: Warehouse, kind: str, key: str, day: date = MONDAY) -> list[tuple[str, str]]:
    with warehouse.reader() as reader:
        return [(task.text, task.state(day)) for task in agreed_tasks(reader, kind, key, day)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    made = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('agreed')}/warehouse.duckdb")
    fill(made, PLAIN)
    yield made
    made.close()


@pytest.fixture
def warehouse(filled: Warehouse) -> Warehouse:
    """The company, nothing agreed yet."""
    with filled.kept() as connection:
        connection.execute(kept_tasks.delete())
    return filled


def test_a_task_is_open_up_to_its_day_and_overdue_after_it(warehouse: Warehouse) -> None:
    task, fresh = keep(warehouse)
    assert fresh
    assert [task.state(day) for day in (MONDAY, FRIDAY, FRIDAY + timedelta(days=1))] == ["open", "open", "overdue"]
    assert texts(warehouse, "team", "T1") == [("Call the ten stuck deals", "open")]
    assert texts(warehouse, "team", "T1", date(2026, 12, 1)) == [("Call the ten stuck deals", "overdue")]


def test_a_task_without_a_day_is_never_overdue(warehouse: Warehouse) -> None:
    task, _ = keep(warehouse, due_on=None)
    assert task.state(date(2027, 11, 1)) == "open"


def test_what_arrives_twice_is_one_task_whose_day_may_move(warehouse: Warehouse) -> None:
    first, _ = keep(warehouse)
    again, fresh = keep(warehouse, text="call  the ten stuck deals.")
    assert (again.task_id, fresh) == (first.task_id, False)
    moved, fresh = keep(warehouse, due_on=date(2026, 11, 30), day=2)
    assert (moved.task_id, moved.due_on, fresh) == (first.task_id, date(2026, 11, 30), False)
    assert len(texts(warehouse, "company", "")) == 1
    assert keep(warehouse, who="R2")[1], "somebody else's task of the same words is another one"


def test_a_task_lives_the_same_on_every_database(open_warehouse: OpenWarehouse) -> None:
    warehouse = open_warehouse()
    fill(warehouse, PLAIN)
    first, fresh = keep(warehouse)
    other, _ = keep(warehouse, "试点复盘 🎉", due_on=None)
    assert (fresh, keep(warehouse)[1]) == (True, False)
    assert mark_done(warehouse, first.task_id, "P1", NOON)
    assert texts(warehouse, "team", "T1") == [("试点复盘 🎉", "open"), ("Call the ten stuck deals", "done")]
    assert drop(warehouse, other.task_id, "P5", NOON)
    assert texts(warehouse, "region", "East") == [("Call the ten stuck deals", "done")]


def test_the_same_task_told_at_once_by_many_is_kept_once(open_warehouse: OpenWarehouse) -> None:
    fill(open_warehouse(), PLAIN)
    several = [open_warehouse() for _ in range(4)]
    fresh: list[bool] = []
    threads = [threading.Thread(target=lambda one=one: fresh.append(keep(one)[1])) for one in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fresh) == [False, False, False, True]
    assert len(texts(several[0], "team", "T1")) == 1


def test_what_is_done_comes_back_for_two_weeks_and_keeps_its_first_day(warehouse: Warehouse) -> None:
    task, _ = keep(warehouse)
    assert mark_done(warehouse, task.task_id, "P1", NOON)
    assert not mark_done(warehouse, task.task_id, "P1", NOON + timedelta(days=9))
    assert texts(warehouse, "team", "T1", date(2026, 12, 7)) == [("Call the ten stuck deals", "done")]
    assert texts(warehouse, "team", "T1", date(2026, 12, 8)) == []


def test_a_dropped_task_comes_back_no_more_until_it_is_agreed_anew(warehouse: Warehouse) -> None:
    task, _ = keep(warehouse)
    assert drop(warehouse, task.task_id, "P5", NOON)
    assert texts(warehouse, "team", "T1") == []
    assert not mark_done(warehouse, task.task_id, "P1", NOON), "what was dropped cannot be done"
    again, _ = keep(warehouse)
    assert again.state(MONDAY) == "open"
    assert len(texts(warehouse, "team", "T1")) == 1


def test_overdue_comes_first_then_the_earliest_day_then_what_is_done(warehouse: Warehouse) -> None:
    keep(warehouse, "no day", due_on=None)
    keep(warehouse, "late", due_on=date(2026, 11, 20))
    keep(warehouse, "friday")
    keep(warehouse, "tomorrow", due_on=date(2026, 11, 24))
    mark_done(warehouse, keep(warehouse, "settled")[0].task_id, "P5", NOON)
    assert [text for text, _ in texts(warehouse, "team", "T1")] == ["late", "tomorrow", "friday", "no day", "settled"]


def test_a_team_a_region_and_the_company_find_what_is_theirs(warehouse: Warehouse) -> None:
    keep(warehouse, "of T1")
    keep(warehouse, "of T2", who="R3", holder=T2)
    keep(warehouse, "of the company", who="P8", holder=Holder("company"))
    keep(warehouse, "of the company, for Anna", holder=Holder("company"))
    found = {key: {text for text, _ in texts(warehouse, kind, key)} for kind, key in
             (("team", "T1"), ("team", "T9"), ("region", "East"), ("region", "West"), ("rep", "R3"), ("company", ""))}  # fmt: skip
    assert found == {
        "T1": {"of T1", "of the company, for Anna"},
        "T9": {"of T1", "of T2", "of the company, for Anna"},
        "East": {"of T1", "of T2", "of the company, for Anna"},
        "West": set(),
        "R3": {"of T2"},
        "": {"of T1", "of T2", "of the company", "of the company, for Anna"},
    }


def test_a_review_may_agree_on_hundreds_of_things(warehouse: Warehouse) -> None:
    rows = [
        {"task_id": f"T{n}", "text": f"task {n}", "who": "R1", "holder_kind": "team", "holder_id": "T1",
         "agreed_by": "P5", "agreed_at": NOON, "source": "agreed"} for n in range(800)
    ]  # fmt: skip
    with warehouse.kept() as connection:
        connection.execute(insert(kept_tasks), rows)
    assert len(texts(warehouse, "team", "T1")) == 800


def test_a_task_is_as_long_as_a_note_and_no_longer(warehouse: Warehouse) -> None:
    task, _ = keep(warehouse, "x" * 5_000 + "\n\n y")
    assert len(task.text) == 300
