"""What one person is told stands in front of several only where each of them might see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter
from selling_company import OCTOBER, TOLD_APART, fill, only

from analytics.semantic import read_model
from analytics.vocabulary import Scope
from analytics.warehouse import Reader, Warehouse
from assistant.access import askers_named, permit
from assistant.plans import Plan, Refuse
from assistant.question import Asker
from assistant.shared_access import may_all_see

MODEL = read_model()
PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
EVERYBODY = ("rep:R1", "rep:R3", "manager:M1", "manager:M2", "manager:M3", "exec:P8", "admin:P9")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('shared')}/warehouse.duckdb")
    fill(warehouse, TOLD_APART)
    with warehouse.reader() as found:
        yield found
    warehouse.close()


def asker(reader: Reader, as_: str) -> Asker:
    return askers_named(reader, as_)[0]


def figures(kpi: str = "revenue", **more: Any) -> Plan:
    return PLAN.validate_python({"kind": "kpi", "kpis": [kpi], "period": OCTOBER, **more})


def shared(reader: Reader, plan: Plan, by: str, with_: tuple[str, ...], shown: tuple[str, ...] = ()) -> bool:
    others = [asker(reader, as_) for as_ in with_]
    return may_all_see(plan, shown, asker(reader, by), others, reader, MODEL)


def test_the_company_s_open_total_may_stand_before_everybody(reader: Reader) -> None:
    assert shared(reader, figures(), "exec:P8", EVERYBODY)
    assert shared(reader, figures(dimensions=["industry"]), "exec:P8", EVERYBODY)


def test_what_is_broken_down_by_rep_stands_before_those_who_see_every_rep(reader: Reader) -> None:
    by_rep = figures(dimensions=["rep"])
    assert shared(reader, by_rep, "exec:P8", ("exec:P8", "admin:P9"))
    for as_ in ("rep:R1", "manager:M1"):
        assert not shared(reader, by_rep, "exec:P8", ("exec:P8", as_))
    assert not shared(reader, figures(filters=[only("rep", "R2")]), "exec:P8", ("rep:R1",))


def test_a_kpi_that_reps_do_not_see_does_not_stand_before_reps(reader: Reader) -> None:
    roi = figures("marketing_roi")
    assert shared(reader, roi, "exec:P8", ("manager:M1", "exec:P8"))
    assert not shared(reader, roi, "exec:P8", ("manager:M1", "rep:R1"))


def test_a_team_s_total_may_stand_before_its_members_and_those_above_it_alone(reader: Reader) -> None:
    fitting = [as_ for as_ in EVERYBODY if shared(reader, figures(), "manager:M1", (as_,))]
    assert fitting == ["rep:R1", "manager:M1", "manager:M3", "exec:P8", "admin:P9"]


def test_one_s_own_figures_stand_before_those_who_lead_one_and_nobody_else(reader: Reader) -> None:
    own = figures(whose="me")
    assert shared(reader, own, "rep:R1", ("exec:P8",))
    assert not shared(reader, own, "rep:R1", ("rep:R3",))


def test_lists_of_rows_stand_before_nobody_else(reader: Reader) -> None:
    deals = PLAN.validate_python({"kind": "deals"})
    assert not shared(reader, deals, "exec:P8", ("admin:P9",))


def test_a_summary_is_judged_by_what_it_showed(reader: Reader) -> None:
    week = {"kind": "summary", "rhythm": "month", "period": OCTOBER}
    bulletin = PLAN.validate_python({**week, "form": "bulletin"})
    assert shared(reader, bulletin, "exec:P8", EVERYBODY, ("revenue", "win_rate"))
    assert not shared(reader, bulletin, "exec:P8", EVERYBODY, ("revenue", "marketing_roi"))
    assert not shared(reader, PLAN.validate_python(week), "exec:P8", EVERYBODY, ("revenue",))


@pytest.mark.parametrize("by", EVERYBODY)
def test_nobody_is_shown_rows_that_no_question_of_theirs_would_get(reader: Reader, by: str) -> None:
    for kpi in ("revenue", "marketing_roi"):
        for more in (
            {"whose": None},
            {"whose": "my_team"},
            {"whose": "team:T1", "dimensions": ["rep"]},
            {"whose": "rep:R1"},
        ):
            plan = figures(kpi, **more)
            told = permit(plan, asker(reader, by), reader, MODEL)
            for other in EVERYBODY:
                seen = shared(reader, plan, by, (other,))
                assert not (seen and isinstance(told.plan, Refuse))
                if seen:
                    assert _may_ask(reader, plan, told.sights[kpi].scope, other)


def _may_ask(reader: Reader, plan: Plan, told: Scope, other: str) -> bool:
    """Whether a question of theirs reads all these rows, broken down alike."""
    for whose in (None, "my_team", "company", "team:T1"):
        own = permit(plan.model_copy(update={"whose": whose}), asker(reader, other), reader, MODEL)
        if not isinstance(own.plan, Refuse):
            (sight,) = own.sights.values()
            if sight.scope.reps is None or (
                told.reps is not None and told.reps <= sight.scope.reps | {"M1", "M2", "M3"}
            ):
                return True
    return False
