"""An invented company whose leads convert for known reasons, as frames and as a warehouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.warehouse import Warehouse

CLOCK = datetime(2026, 6, 30, 12, tzinfo=UTC)
Tables = dict[str, pd.DataFrame]


@pytest.fixture
def clock() -> datetime:
    """The moment of the invented company's questions."""
    return CLOCK


@pytest.fixture
def company() -> Callable[..., Tables]:
    """Make the company's tables: partners, quotes and reached calls raise conversion; nothing does without `signal`."""

    def make(leads: int = 2500, seed: int = 1, signal: float = 1.0) -> Tables:
        rng = np.random.default_rng(seed)
        frame = _leads(rng, leads)
        quoted = (rng.random(leads) < 0.3).astype(float)
        work = _work(rng, frame)
        reached = work[work["outcome"] == "reached"].groupby("lead_id").size().reindex(frame["lead_id"]).fillna(0)
        odds = -0.6 + signal * (
            1.3 * (frame["channel_id"] == "partner") + 1.5 * quoted + 0.5 * np.minimum(reached.to_numpy(), 3) - 0.9
        )
        won = rng.random(leads) < 1 / (1 + np.exp(-odds))
        frame["status"] = np.where(frame["decided_at"] > CLOCK, "open", np.where(won, "converted", "lost"))
        frame["converted_at"] = frame["decided_at"].where(frame["status"] == "converted")
        frame["lost_at"] = frame["decided_at"].where(frame["status"] == "lost")
        tables = {
            "leads": frame.drop(columns="decided_at"),
            "lead_features": _details(frame, quoted, won),
            "activities": work[work["happened_at"] <= CLOCK].reset_index(drop=True),
            "stage_changes": _stages(frame),
            "channels": pd.DataFrame(
                {
                    "channel_id": ["partner", "search", "fair"],
                    "name": ["Partner", "Search", "Trade show"],
                    "kind": ["partner", "paid", "event"],
                }
            ),
        }
        return {**tables, **_deals(rng, frame)}

    return make


@pytest.fixture
def load_company(tmp_path: Path) -> Callable[[Tables], Warehouse]:
    """Load tables into a new warehouse as source `invented`."""

    def load(tables: Tables) -> Warehouse:
        warehouse = Warehouse.open(f"duckdb:///{tmp_path}/{len(list(tmp_path.iterdir()))}/company.duckdb")
        with warehouse.load(source="invented", as_of=CLOCK) as rows:
            for name, frame in tables.items():
                rows.put(name, frame)
        return warehouse

    return load


def _leads(rng: np.random.Generator, count: int) -> pd.DataFrame:
    created = [CLOCK - timedelta(days=float(days)) for days in np.sort(rng.uniform(0, 500, count))[::-1]]
    open_for = rng.exponential(25, count)
    decided = [start + timedelta(days=float(days)) for start, days in zip(created, open_for, strict=True)]
    return pd.DataFrame(
        {
            "lead_id": [f"L{number:05d}" for number in range(count)],
            "created_at": pd.to_datetime(created, utc=True),
            "decided_at": pd.to_datetime(decided, utc=True),
            "title": rng.choice(np.array(["Head of purchasing", None], dtype=object), count),
            "channel_id": rng.choice(["partner", "search", "fair"], count),
            "industry": rng.choice(["Automotive", "Food", "Textiles"], count),
            "size_band": rng.choice(["S", "M", "L"], count),
            "region": rng.choice(["East", "West"], count),
        }
    )


def _work(rng: np.random.Generator, leads: pd.DataFrame) -> pd.DataFrame:
    calls = leads.loc[np.repeat(leads.index, rng.poisson(3, len(leads)))]
    share = rng.random(len(calls))
    happened = calls["created_at"] + (calls["decided_at"] - calls["created_at"]) * share
    return pd.DataFrame(
        {
            "activity_id": [f"A{number}" for number in range(len(calls))],
            "lead_id": calls["lead_id"].to_numpy(),
            "kind": rng.choice(["call", "email", "meeting"], len(calls)),
            "happened_at": happened.to_numpy(),
            "minutes": rng.integers(5, 60, len(calls)).astype(float),
            "outcome": rng.choice(["reached", "no_answer"], len(calls)),
        }
    ).assign(happened_at=lambda rows: pd.to_datetime(rows["happened_at"], utc=True))


def _details(leads: pd.DataFrame, quoted: Any, won: Any) -> pd.DataFrame:
    """A quote asked for at the start; a survey that tells the outcome, answered who knows when."""
    quote = pd.DataFrame(
        {
            "lead_id": leads["lead_id"],
            "name": "asked_for_quote",
            "number": quoted,
            "text": None,
            "known_at": leads["created_at"],
            "leaky": False,
        }
    )
    survey = quote.assign(name="survey_score", number=np.where(won, 9.0, 1.0), known_at=None, leaky=True)
    return pd.concat([quote, survey[leads["status"] != "open"]], ignore_index=True)


def _stages(leads: pd.DataFrame) -> pd.DataFrame:
    half = leads["created_at"] + (leads["decided_at"] - leads["created_at"]) / 2
    entered = pd.DataFrame({"lead_id": leads["lead_id"], "stage": "contacted", "entered_at": half})
    return entered[entered["entered_at"] <= CLOCK].reset_index(drop=True)


def _deals(rng: np.random.Generator, leads: pd.DataFrame) -> Tables:
    """A deal per converted lead, won: large companies pay three times as much."""
    converted = leads[leads["status"] == "converted"]
    amounts = np.where(converted["size_band"] == "L", 30_000, 10_000) * rng.uniform(0.8, 1.2, len(converted))
    deals = pd.DataFrame(
        {
            "opportunity_id": "O" + converted["lead_id"],
            "lead_id": converted["lead_id"],
            "outcome": "won",
            "amount": amounts.round(2),
            "created_at": converted["converted_at"],
            "closed_at": converted["converted_at"],
            "product_id": "pump",
        }
    )
    products = pd.DataFrame({"product_id": ["pump"], "name": ["Pump"], "category": ["Machines"], "list_price": [9_000]})
    return {"opportunities": deals.reset_index(drop=True), "products": products}
