"""Who stands on the call list, in which order, and who never does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, text

from analytics.calling.call_list import CallList, call_list
from analytics.calling.order import Ranking
from analytics.vocabulary import Clock, Scope
from analytics.warehouse import Warehouse
from analytics.warehouse.tables import models, predictions, reported_activities

TODAY = Clock.end_of(date(2026, 11, 23), "Asia/Shanghai")
ANNA = frozenset({"R1"})


def listed(warehouse: Warehouse, scope: Scope | None = None, clock: Clock = TODAY, holds: int = 12) -> CallList:
    with warehouse.reader() as reader:
        return call_list(reader, scope or Scope(ANNA), ANNA, clock, holds)


def ids(found: CallList) -> list[str]:
    return [call.lead.lead_id for call in found.calls]


@pytest.fixture
def filled(open_warehouse: Callable[[], Warehouse], fill_company: Callable[[Warehouse], None]) -> Warehouse:
    warehouse = open_warehouse()
    fill_company(warehouse)
    return warehouse


def test_best_value_per_hour_comes_first_and_unscored_leads_last(filled: Warehouse) -> None:
    found = listed(filled)
    assert ids(found) == ["L1", "L2", "L7"]
    assert found.ranking is Ranking.VALUE_PER_HOUR
    assert found.calls[0].value_per_hour == pytest.approx(400.0)
    assert found.unscored == 1


def test_barred_called_lost_and_future_leads_never_show_and_are_counted(filled: Warehouse) -> None:
    found = listed(filled)
    assert not {"L3", "L4", "L5", "L6", "L8"} & set(ids(found))
    assert (found.open_leads, found.do_not_contact, found.called_today) == (6, 2, 1)


def test_an_event_today_is_no_call_and_a_call_last_night_is_not_today(filled: Warehouse) -> None:
    assert {"L1", "L2"} <= set(ids(listed(filled)))


def test_a_call_told_to_the_assistant_counts_like_a_loaded_one(filled: Warehouse) -> None:
    told = {
        "activity_id": "T1",
        "rep_id": "R1",
        "lead_id": "L1",
        "kind": "call",
        "happened_at": TODAY.now - timedelta(hours=5),
    }
    with filled.kept() as connection:
        connection.execute(insert(reported_activities).values(**told))
    found = listed(filled)
    assert ids(found) == ["L2", "L7"]
    assert found.called_today == 2


def test_a_scope_without_the_owner_sees_nothing(filled: Warehouse) -> None:
    assert listed(filled, Scope.of("R2")).open_leads == 0
    assert listed(filled, Scope()).open_leads == 0


def test_everybody_s_list_holds_ownerless_leads_too(filled: Warehouse) -> None:
    with filled.reader() as reader:
        found = call_list(reader, Scope.everything(), None, TODAY, 12)
    assert ids(found)[0] == "U1"
    assert {"B1", "C1", "L1"} <= set(ids(found))


def test_without_worth_for_one_scored_lead_the_list_goes_by_chance(filled: Warehouse) -> None:
    with filled.kept() as connection:
        connection.execute(
            delete(predictions).where(predictions.c.model_id == "lead_minutes", predictions.c.subject_id == "L1")
        )
    found = listed(filled)
    assert found.ranking is Ranking.CHANCE
    assert ids(found) == ["L2", "L1", "L7"]


def test_without_a_score_the_declared_rule_orders_by_worth_then_wait(filled: Warehouse) -> None:
    with filled.kept() as connection:
        connection.execute(delete(predictions).where(predictions.c.model_id == "lead_score"))
    found = listed(filled)
    assert found.ranking is Ranking.WORTH
    assert ids(found) == ["L1", "L2", "L7"]
    with filled.kept() as connection:
        connection.execute(delete(predictions))
    assert listed(filled).ranking is Ranking.WAITING


def test_the_newest_score_no_later_than_the_clock_counts(filled: Warehouse) -> None:
    row = {
        "source": "crm",
        "model_id": "lead_score",
        "version": "crm-1",
        "subject_kind": "lead",
        "subject_id": "L2",
        "value": 0.99,
    }
    with filled.kept() as connection:
        connection.execute(insert(predictions).values(**row, as_of=datetime(2026, 11, 22, tzinfo=UTC), reasons=[]))
        connection.execute(
            insert(predictions).values(**(row | {"value": 0.01}), as_of=datetime(2026, 11, 24, tzinfo=UTC), reasons=[])
        )
    found = listed(filled)
    assert [call.lead.chance for call in found.calls[:2]] == [0.99, 0.4]


def test_what_an_older_version_said_no_longer_counts_once_its_successor_is_not_used(filled: Warehouse) -> None:
    successor = {
        "model_id": "lead_score",
        "version": "crm-2",
        "source": "crm",
        "used": False,
        "verdict": {"used": False},
    }
    with filled.kept() as connection:
        connection.execute(insert(models).values(**successor, trained_at=datetime(2026, 11, 22, tzinfo=UTC)))
    assert listed(filled).ranking is Ranking.WORTH
    assert listed(filled, clock=Clock.end_of(date(2026, 11, 21), "Asia/Shanghai")).ranking is Ranking.VALUE_PER_HOUR


def test_a_lead_lost_after_the_clock_was_still_open_then(filled: Warehouse) -> None:
    earlier = Clock.end_of(date(2026, 11, 8), "Asia/Shanghai")
    assert "L6" in ids(listed(filled, clock=earlier))


def test_a_decision_dated_after_the_data_s_own_end_is_no_open_lead(filled: Warehouse) -> None:
    import pandas as pd

    won = {
        "lead_id": "W1",
        "owner_rep_id": "R1",
        "status": "converted",
        "converted_at": datetime(2099, 1, 1, tzinfo=UTC),
    }
    with filled.load("odd", datetime(2026, 11, 20, tzinfo=UTC)) as load:
        load.put("leads", pd.DataFrame([won]))
    for day in (date(2026, 11, 23), date(2026, 11, 10)):
        assert "W1" not in ids(listed(filled, clock=Clock.end_of(day, "Asia/Shanghai"), holds=50))


def test_with_a_clock_in_the_past_a_lead_belongs_to_whom_it_belonged(filled: Warehouse) -> None:
    import pandas as pd

    was_bo_s = {
        "lead_id": "L1",
        "rep_id": "R2",
        "from_at": datetime(2026, 11, 1, tzinfo=UTC),
        "to_at": datetime(2026, 11, 9, tzinfo=UTC),
    }
    is_anna_s = {"lead_id": "L1", "rep_id": "R1", "from_at": datetime(2026, 11, 9, tzinfo=UTC), "to_at": None}
    with filled.load("history", datetime(2026, 11, 20, tzinfo=UTC)) as load:
        load.put("ownership_changes", pd.DataFrame([was_bo_s, is_anna_s]))
    then = Clock.end_of(date(2026, 11, 8), "Asia/Shanghai")
    assert "L1" not in ids(listed(filled, clock=then))
    assert "L1" in ids(listed(filled))
    with filled.reader() as reader:
        bo_s = call_list(reader, Scope.of("R2"), frozenset({"R2"}), then, 12)
    assert "L1" in ids(bo_s)


def test_the_sql_that_is_shown_gives_the_same_rows_when_it_is_run(filled: Warehouse) -> None:
    found = listed(filled)
    with filled.reader() as reader:
        shown = reader.sql(found.search.statement, found.search.values)
        with reader._held.engine.connect() as connection:
            rows = connection.execute(text(shown.replace(":", "\\:"))).all()
    assert "[SCHEMA" not in shown
    assert len(rows) == found.open_leads
    assert {row[0] for row in rows} >= set(ids(found))


def test_a_list_holds_no_more_than_asked(filled: Warehouse) -> None:
    found = listed(filled, holds=1)
    assert ids(found) == ["L1"]
    assert found.callable_leads == 3


def test_reasons_and_the_verdict_come_with_the_list(filled: Warehouse) -> None:
    found = listed(filled)
    assert [(part.feature, part.contribution) for part in found.calls[0].reasons][1] == ("asked_for_quote", 0.8)
    assert [verdict.version for verdict in found.verdicts] == ["crm-1"]
    with filled.kept() as connection:
        connection.execute(delete(models))
    assert listed(filled).verdicts == ()
    assert listed(filled).ranking is Ranking.WAITING


def test_the_day_is_counted_where_the_company_is(filled: Warehouse) -> None:
    in_new_york = Clock(TODAY.now, "America/New_York")
    assert in_new_york.today == date(2026, 11, 23)
    assert listed(filled, clock=in_new_york).called_today == 0
