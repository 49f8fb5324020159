"""Worth and minutes: means by segment, shrunk, in exact parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import models
from analytics.models.leads.segments import SegmentMeans
from analytics.models.lifecycle import Refresh
from analytics.warehouse import Warehouse

Tables = dict[str, pd.DataFrame]


@pytest.fixture
def refreshed(
    load_company: Callable[[Tables], Warehouse], clock: datetime, tmp_path: Path
) -> Callable[[Tables], Refresh]:
    def run(tables: Tables) -> Refresh:
        with load_company(tables).reader() as reader:
            return models.refresh(reader, as_of=clock, models_dir=tmp_path / "models")

    return run


def _of(rows: pd.DataFrame, model_id: str) -> pd.DataFrame:
    return rows[rows["model_id"] == model_id].reset_index(drop=True)


def test_large_companies_are_worth_what_large_companies_paid(
    company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh]
) -> None:
    tables = company(400)
    worth = _of(refreshed(tables).predictions, "lead_worth")
    sizes = worth["subject_id"].map(tables["leads"].set_index("lead_id")["size_band"])
    assert worth["value"][sizes == "L"].mean() == pytest.approx(30_000, rel=0.1)
    assert worth["value"][sizes == "S"].mean() == pytest.approx(10_000, rel=0.15)


@pytest.mark.parametrize("model_id", ["lead_worth", "lead_minutes"])
def test_the_parts_of_a_mean_add_up_to_it(
    model_id: str, company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh]
) -> None:
    tables = company(400)
    rows = _of(refreshed(tables).predictions, model_id)
    assert len(rows) == (tables["leads"]["status"] == "open").sum()
    for value, reasons in zip(rows["value"], rows["reasons"], strict=True):
        assert reasons[0]["feature"] == "company_mean"
        assert sum(reason["contribution"] for reason in reasons) == pytest.approx(value, abs=1e-9)
        assert value > 0


def test_without_won_amounts_or_work_nothing_is_said(
    company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh]
) -> None:
    tables = company(400)
    for name in ("opportunities", "activities"):
        del tables[name]
    refresh = refreshed(tables)
    assert set(refresh.predictions["model_id"]) <= {"lead_score"}
    for model_id in ("lead_worth", "lead_minutes"):
        registry = _of(refresh.models, model_id).iloc[0]
        assert not registry["used"]
        assert registry["verdict"]["why"]["code"] == "too_few"


def test_deals_won_after_the_clock_do_not_count(
    company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh], clock: datetime
) -> None:
    tables = company(400)
    before = _of(refreshed(tables).predictions, "lead_worth")
    deals = tables["opportunities"]
    future = deals.head(100).assign(
        opportunity_id=lambda rows: "future" + rows["opportunity_id"],
        amount=9_000_000,
        closed_at=clock + pd.Timedelta(days=3),
    )
    after = _of(refreshed({**tables, "opportunities": pd.concat([deals, future])}).predictions, "lead_worth")
    assert before["value"].tolist() == after["value"].tolist()


def test_segments_that_do_not_differ_are_worth_the_same() -> None:
    rng = np.random.default_rng(0)
    rows = pd.DataFrame({"product": rng.choice(["Pump", "Valve", "Filter"], 300)})
    amounts = np.tile([90.0, 110.0], 150)
    means = SegmentMeans.of(amounts, rows, (("product",),))
    assert np.abs(means.values_of(rows) - 100).max() < 2


def test_a_segment_of_few_deals_stays_close_to_the_mean_of_all() -> None:
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"product": ["Pump"] * 500 + ["Valve"] * 500 + ["Filter"] * 2})
    amounts = np.r_[rng.normal(80, 60, 500), rng.normal(120, 60, 500), [400.0, 420.0]]
    means = SegmentMeans.of(amounts, rows, (("product",),))
    pump, filters = means.values_of(rows)[[0, -1]]
    assert pump == pytest.approx(80, abs=8)
    assert means.mean < filters < 400
    assert SegmentMeans.from_plain(means.plain()) == means


def test_a_lead_of_an_unknown_product_falls_back_to_its_size() -> None:
    rows = pd.DataFrame({"product": ["Pump", None] * 100, "size_band": ["S", "L"] * 100})
    amounts = np.tile([10.0, 30.0], 100) + np.tile([0.0, 1.0, 2.0, 3.0], 50)
    means = SegmentMeans.of(amounts, rows, (("product",), ("size_band",)))
    unknown = pd.DataFrame({"product": [None, "Crane"], "size_band": ["L", "L"]})
    assert [by for by, _, _ in means.shifts_of(unknown)] == [("size_band",), ("size_band",)]
