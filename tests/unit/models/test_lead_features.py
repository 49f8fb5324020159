"""A decided lead is seen as it looked while it was open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.models.leads.features import LeadFrame, lead_frame
from analytics.models.leads.landmark import moments_of
from analytics.models.leads.read import read_leads
from analytics.warehouse import Warehouse

Tables = dict[str, pd.DataFrame]


@pytest.fixture
def seen(load_company: Callable[[Tables], Warehouse], clock: datetime) -> Callable[[Tables], LeadFrame]:
    """The leads of these tables as the models see them."""

    def look(tables: Tables, as_of: datetime = clock) -> LeadFrame:
        with load_company(tables).reader() as reader:
            return lead_frame(read_leads(reader, "invented", as_of), as_of)

    return look


def test_decided_leads_are_seen_before_their_decision_and_open_ones_now(
    company: Callable[..., Tables], seen: Callable[..., LeadFrame], clock: datetime
) -> None:
    moments = seen(company(400)).moments
    decided = moments.decided
    assert (moments.landmark[decided] >= moments.started[decided]).all()
    assert (moments.landmark[decided] <= moments.decided_at[decided]).all()
    assert np.allclose(moments.landmark[~decided], clock.timestamp() / 86_400)


def test_what_happens_after_the_landmark_changes_nothing(
    company: Callable[..., Tables], seen: Callable[..., LeadFrame]
) -> None:
    tables = company(300)
    before = seen(tables)
    later = tables["leads"].dropna(subset=["converted_at"]).head(50)
    calls = pd.DataFrame(
        {
            "activity_id": [f"late{number}" for number in range(50)],
            "lead_id": later["lead_id"].to_numpy(),
            "kind": "call",
            "happened_at": later["converted_at"].to_numpy(),
            "minutes": 30.0,
            "outcome": "reached",
        }
    ).assign(happened_at=lambda rows: pd.to_datetime(rows["happened_at"], utc=True))
    won = pd.DataFrame({"lead_id": later["lead_id"], "stage": "won", "entered_at": later["converted_at"]})
    after = seen(
        {
            **tables,
            "activities": pd.concat([tables["activities"], calls], ignore_index=True),
            "stage_changes": pd.concat([tables["stage_changes"], won], ignore_index=True),
        }
    )
    pd.testing.assert_frame_equal(before.features, after.features)


def test_a_contact_before_the_landmark_is_counted(
    company: Callable[..., Tables], seen: Callable[..., LeadFrame]
) -> None:
    tables = company(300)
    before = seen(tables)
    first = tables["leads"].iloc[0]
    call = pd.DataFrame(
        {
            "activity_id": ["early"],
            "lead_id": [first["lead_id"]],
            "kind": ["call"],
            "minutes": [5.0],
            "outcome": ["reached"],
            "happened_at": [first["created_at"]],
        }
    )
    after = seen({**tables, "activities": pd.concat([tables["activities"], call], ignore_index=True)})
    row = first["lead_id"]
    assert after.features.loc[row, "calls"] == before.features.loc[row, "calls"] + 1
    assert after.features.loc[row, "hours_to_first_contact"] == pytest.approx(0.0, abs=1e-6)


def test_leaky_features_never_become_columns(company: Callable[..., Tables], seen: Callable[..., LeadFrame]) -> None:
    columns = set(seen(company(300)).features.columns)
    assert "asked_for_quote" in columns
    assert not columns & {"survey_score", "status", "converted_at", "lost_at", "lost_reason", "owner_rep_id"}


def test_what_was_known_only_at_the_decision_is_missing(
    company: Callable[..., Tables], seen: Callable[..., LeadFrame]
) -> None:
    tables = company(300)
    decided_at = (
        tables["leads"].set_index("lead_id")["converted_at"].fillna(tables["leads"].set_index("lead_id")["lost_at"])
    )
    details = tables["lead_features"].assign(leaky=False)
    details["known_at"] = details["known_at"].fillna(details["lead_id"].map(decided_at))
    leads = seen({**tables, "lead_features": details})
    assert "survey_score" not in leads.features.columns
    assert leads.features["asked_for_quote"].notna().all()


def test_a_leak_that_nobody_declared_would_be_seen(
    company: Callable[..., Tables], seen: Callable[..., LeadFrame]
) -> None:
    tables = company(300)
    details = tables["lead_features"].assign(leaky=False)
    assert "survey_score" in seen({**tables, "lead_features": details}).features.columns


def test_a_lead_decided_after_the_clock_is_still_open(
    company: Callable[..., Tables], seen: Callable[..., LeadFrame], clock: datetime
) -> None:
    tables, earlier = company(300), clock - timedelta(days=100)
    leads = seen(tables, earlier)
    created = tables["leads"]["created_at"] <= earlier
    decided = tables["leads"]["converted_at"].fillna(tables["leads"]["lost_at"]) <= earlier
    assert len(leads.features) == created.sum()
    assert leads.moments.decided.sum() == decided.sum()


def test_a_lead_counts_by_the_days_it_was_open(clock: datetime) -> None:
    leads = pd.DataFrame(
        {
            "lead_id": ["quick", "slow"],
            "started_at": [clock - timedelta(days=50)] * 2,
            "decided_at": [clock - timedelta(days=49), clock - timedelta(days=40)],
            "status": ["lost", "converted"],
            "source_order": [None, None],
        }
    ).loc[[0, 1, 1, 1, 1]]
    weight = moments_of(leads, clock).weight
    assert weight[1] / weight[0] == pytest.approx(10)


def test_only_the_most_recently_decided_leads_are_read(
    company: Callable[..., Tables], load_company: Callable[[Tables], Warehouse], clock: datetime
) -> None:
    tables = company(300)
    with load_company(tables).reader() as reader:
        leads = read_leads(reader, "invented", clock, most_decided=50).leads
    ended = leads[leads["status"] != "open"]
    assert len(ended) == 50
    assert len(leads) - 50 == (tables["leads"]["status"] == "open").sum()
    decided_at = tables["leads"]["converted_at"].fillna(tables["leads"]["lost_at"])
    assert ended["decided_at"].min() >= decided_at.nlargest(50).min()
