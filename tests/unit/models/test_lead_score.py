"""The lead score: used where it beats history, with reasons that add up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import models
from analytics.models import lead_score
from analytics.models.leads.features import lead_frame
from analytics.models.leads.read import read_leads
from analytics.models.lifecycle import Refresh
from analytics.warehouse import Warehouse

Tables = dict[str, pd.DataFrame]


@pytest.fixture
def refreshed(
    load_company: Callable[[Tables], Warehouse], clock: datetime, tmp_path: Path
) -> Callable[[Tables], Refresh]:
    """Every model refreshed on these tables."""

    def run(tables: Tables) -> Refresh:
        with load_company(tables).reader() as reader:
            return models.refresh(reader, as_of=clock, models_dir=tmp_path / "models")

    return run


def _of(rows: pd.DataFrame, model_id: str) -> pd.DataFrame:
    return rows[rows["model_id"] == model_id].reset_index(drop=True)


def test_every_model_file_in_the_folder_is_found() -> None:
    assert models.model_ids() == ["lead_minutes", "lead_score", "lead_worth"]


def test_a_signal_that_history_by_channel_misses_is_used(
    company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh]
) -> None:
    registry = _of(refreshed(company()).models, "lead_score").iloc[0]
    verdict = registry["verdict"]
    assert registry["used"]
    assert verdict["why"]["code"] == "beats_baseline"
    assert verdict["auc"]["low"] > 0.5
    assert verdict["log_loss"]["model"] < verdict["log_loss"]["baseline"]
    assert verdict["source"] == registry["source"] == "invented"
    assert registry["version"] == f"invented-20260630-{registry['digest'][:8]}"
    assert {driver["feature"] for driver in verdict["drivers"][:3]} >= {"asked_for_quote", "channel"}


def test_leads_without_a_signal_are_not_scored(
    company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh]
) -> None:
    refresh = refreshed(company(signal=0.0))
    registry = _of(refresh.models, "lead_score").iloc[0]
    assert not registry["used"]
    assert registry["verdict"]["why"]["code"] in {"no_signal", "no_better_than_baseline"}
    assert registry["file"] is None
    assert _of(refresh.predictions, "lead_score").empty


def test_reasons_add_up_to_the_chance_and_name_what_people_know(
    company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh]
) -> None:
    rows = _of(refreshed(company()).predictions, "lead_score")
    told = set()
    for chance, reasons in zip(rows["value"], rows["reasons"], strict=True):
        total = sum(reason["contribution"] for reason in reasons)
        assert total == pytest.approx(np.log(chance / (1 - chance)), abs=1e-6)
        sizes = [abs(reason["contribution"]) for reason in reasons[:-2]]
        assert sizes == sorted(sizes, reverse=True)
        assert len(sizes) <= 6
        assert [reason["feature"] for reason in reasons[-2:]] == ["other", "base"]
        told |= {(reason["feature"], reason["value"]) for reason in reasons}
    assert {("channel", "Partner"), ("asked_for_quote", 1)} <= told
    assert not {feature for feature, _ in told} & {"channel_kind", "survey_score"}


def test_only_open_leads_are_scored_each_once(
    company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh]
) -> None:
    tables = company()
    rows = _of(refreshed(tables).predictions, "lead_score")
    open_leads = tables["leads"].query("status == 'open'")["lead_id"]
    assert sorted(rows["subject_id"]) == sorted(open_leads)


def test_a_leaky_feature_changes_no_chance(
    company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh]
) -> None:
    tables = company()
    details = tables["lead_features"]
    without = {**tables, "lead_features": details[~details["leaky"]].reset_index(drop=True)}
    with_leak, honest = (_of(refreshed(case).predictions, "lead_score") for case in (tables, without))
    assert with_leak["value"].tolist() == honest["value"].tolist()


def test_the_same_leads_give_the_same_version_and_chances(
    company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh]
) -> None:
    first, second = refreshed(company()), refreshed(company())
    pd.testing.assert_frame_equal(first.models, second.models)
    pd.testing.assert_frame_equal(first.predictions, second.predictions)


def test_a_stored_model_scores_as_it_did(
    company: Callable[..., Tables], load_company: Callable[[Tables], Warehouse], clock: datetime, tmp_path: Path
) -> None:
    with load_company(company()).reader() as reader:
        leads = lead_frame(read_leads(reader, "invented", clock), clock)
    trained, model = lead_score.train(leads, "invented", clock, tmp_path)
    assert model is not None
    assert trained.file is not None
    assert trained.digest is not None
    stored = lead_score.load(tmp_path, trained.file, trained.digest)
    assert lead_score.score(stored, trained, leads) == lead_score.score(model, trained, leads)


def test_too_few_decided_leads_are_said_to_be_too_few() -> None:
    features = pd.DataFrame({"visits": np.arange(150.0)})
    verdict = lead_score.check(features, np.tile([0.0, 1.0], 75), order=np.arange(150.0))
    assert verdict == {"used": False, "why": {"code": "too_few", "decided": 150, "needed": 200}}


def test_leads_that_all_end_alike_teach_nothing() -> None:
    features = pd.DataFrame({"visits": np.arange(500.0)})
    verdict = lead_score.check(features, np.ones(500), order=np.arange(500.0))
    assert verdict["why"] == {"code": "one_outcome", "decided": 500, "rarer": 0}


def test_a_model_that_only_knows_the_channel_does_not_beat_history_by_channel() -> None:
    rng = np.random.default_rng(5)
    channel = rng.choice(np.array(["Partner", "Search"], dtype=object), 3000)
    converted = (rng.random(3000) < np.where(channel == "Partner", 0.6, 0.2)).astype(float)
    noise = {f"noise_{number}": rng.normal(size=3000) for number in range(6)}
    verdict = lead_score.check(pd.DataFrame({"channel": channel, **noise}), converted, order=np.arange(3000.0))
    assert verdict["auc"]["low"] > 0.5
    assert verdict["why"]["code"] == "no_better_than_baseline"
    assert not verdict["used"]


def test_a_source_without_any_leads_decided_says_too_few(
    company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh]
) -> None:
    tables = company(60)
    leads = tables["leads"].assign(status="open", converted_at=None, lost_at=None)
    refresh = refreshed({"leads": leads})
    assert set(refresh.models["model_id"]) == {"lead_score", "lead_worth", "lead_minutes"}
    assert not refresh.models["used"].any()
    assert refresh.predictions.empty


def test_leads_without_dates_are_ordered_by_the_source_s_own_number(
    company: Callable[..., Tables], refreshed: Callable[[Tables], Refresh]
) -> None:
    tables = company(1500, signal=2.0)
    undated = tables["leads"].assign(created_at=None, converted_at=None, lost_at=None, source_order=range(1500))
    details = tables["lead_features"][~tables["lead_features"]["leaky"]].assign(known_at=None)
    refresh = refreshed({"leads": undated, "lead_features": details, "channels": tables["channels"]})
    verdict = _of(refresh.models, "lead_score").iloc[0]["verdict"]
    assert verdict["order"] == "source_order"
    assert verdict["trained"] + verdict["tested"] == verdict["decided"]
    assert verdict["used"]


def test_chances_of_a_day_s_open_leads_are_calibrated(
    company: Callable[..., Tables], load_company: Callable[[Tables], Warehouse], clock: datetime
) -> None:
    tables, earlier = company(6000, seed=8), clock - timedelta(days=120)
    with load_company(tables).reader() as reader:
        then = lead_frame(read_leads(reader, "invented", earlier), earlier)
    decided = then.moments.decided
    model = lead_score.fit(then.features[decided], then.converted[decided], then.moments.weight[decided])
    listed = then.features[~decided]
    happened = (tables["leads"].set_index("lead_id").loc[listed.index, "status"] == "converted").to_numpy(dtype=float)
    assert len(listed) > 200
    assert model.chances(listed).mean() == pytest.approx(happened.mean(), abs=0.08)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_database_gives_the_same_chances(
    database: str,
    company: Callable[..., Tables],
    refreshed: Callable[[Tables], Refresh],
    clock: datetime,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    tables, url, prefix = company(1500, signal=2.0), f"sqlite:///{tmp_path}/company.db", "leadline"
    if database == "postgresql":
        prefix = request.getfixturevalue("postgresql_prefix")
        url = "postgresql+psycopg://postgres@127.0.0.1:5432/test"
    warehouse = Warehouse.open(url, schema_prefix=prefix)
    with warehouse.load(source="invented", as_of=clock) as load:
        for name, frame in tables.items():
            load.put(name, frame)
    with warehouse.reader() as reader:
        there = models.refresh(reader, as_of=clock, models_dir=tmp_path / "there")
    warehouse.close()
    pd.testing.assert_frame_equal(there.predictions, refreshed(tables).predictions)
