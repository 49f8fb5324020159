"""How good the lead score is, on real leads and on the demo company: prints tables, stores nothing.

    python tests/benchmarks/bench_lead_score.py [--data ../shared/data] [--no-demo]

X Education: features known at capture (no Tags, Lead Quality, Lead Profile, Asymmetrique*, Last Activity, Last Notable
Activity; "Select" is missing), 70/30. Published notebooks reach an AUC of .88 with later features too; .875 is the bar.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupShuffleSplit, train_test_split

from analytics import demo, models
from analytics.models import lead_score
from analytics.models.leads.baseline import SegmentRates
from analytics.models.leads.features import LeadFrame, lead_frame
from analytics.models.leads.read import read_leads
from analytics.models.lifecycle import metrics
from analytics.models.lifecycle.registry import model_versions
from analytics.sources.find import find_mapping
from analytics.sources.intake import import_source
from analytics.warehouse import Warehouse

SHARED = Path(__file__).parents[2] / "../shared/data"
NOT_AT_CAPTURE = ("Tags", "Lead Quality", "Lead Profile", "Last Activity", "Last Notable Activity")
NUMBERS = ("TotalVisits", "Total Time Spent on Website", "Page Views Per Visit")
HEADINGS = ("split", "AUC", "log loss", "history", "ECE", "95% limit", "lift 10%", "seconds")


def main() -> None:
    """Print all tables that the data at hand allows."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=SHARED)
    options.add_argument("--no-demo", action="store_true")
    chosen = options.parse_args()
    for name, bench in (("x_education", bench_x_education), ("crm_sales", bench_crm_sales)):
        if (chosen.data / name).exists():
            bench(chosen.data)
        else:
            print(f"\n{name}: {chosen.data / name} is absent")
    if not chosen.no_demo:
        bench_demo()


def bench_x_education(data: Path) -> None:
    """Random, forward and grouped splits of X Education."""
    export = pd.read_csv(data / "x_education/Leads.csv", dtype=str, na_values=["Select"]).dropna(axis=1, how="all")
    later = [name for name in export if name in NOT_AT_CAPTURE or str(name).startswith("Asymmetrique")]
    features = export.drop(columns=["Prospect ID", "Lead Number", "Converted", *later]).astype(object)
    features = features.assign(**{name: features[name].astype(float) for name in NUMBERS})
    features = features.rename(columns={"Lead Source": "lead_source"})
    converted = export["Converted"].to_numpy(dtype=np.float64)
    every = np.arange(len(converted))
    by_number = np.argsort(export["Lead Number"].to_numpy(dtype=np.int64), kind="stable")
    print(f"\nX Education, {len(every):,} leads, {features.shape[1]} features known at capture")
    print(_row(HEADINGS))
    for seed in (100, 0, 1, 2, 3, 4):
        train, test = train_test_split(every, train_size=0.7, random_state=seed)
        print(_row(_measured(f"random, seed {seed}", features, converted, train, test)))
    older, newer = np.split(by_number, [round(0.7 * len(every))])
    print(_row(_measured("by lead number", features, converted, older, newer)))
    twins = pd.util.hash_pandas_object(features, index=False).to_numpy()
    for seed in (100, 0, 1):
        train, test = next(GroupShuffleSplit(1, train_size=0.7, random_state=seed).split(every, groups=twins))
        print(_row(_measured(f"grouped, seed {seed}", features, converted, train, test)))
    print(f"identical feature rows: {1 - len(np.unique(twins)) / len(twins):.1%} beyond the first of each")


def bench_crm_sales(data: Path) -> None:
    """The verdict of an import of crm_sales."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        warehouse = Warehouse.open(f"duckdb:///{home}/company.duckdb")
        import_source(warehouse, find_mapping("crm_sales"), data / "crm_sales", models_dir=home / "models", home=home)
        with warehouse.reader() as reader:
            versions = {version.model_id: version for version in model_versions(reader)}
        warehouse.close()
    print("\ncrm_sales")
    for model_id, version in versions.items():
        print(f"  {model_id}: {'used' if version.used else 'not used'}, {version.verdict['why']}")
    verdict = versions["lead_score"].verdict
    print(f"  AUC {verdict['auc']}, log loss {verdict['log_loss']}, {verdict['tested']} deals tested")


def bench_demo() -> None:
    """The demo company: the verdict, the planted chances, and past days' lists against what became of them."""
    company = demo.build(date(2026, 11, 23))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        warehouse = Warehouse.open(f"duckdb:///{home}/company.duckdb")
        with warehouse.load(source="demo", as_of=company.as_of) as load:
            for name, frame in company.tables.items():
                load.put(name, frame)
        with warehouse.reader() as reader:
            seconds, refresh = _timed(lambda: models.refresh(reader, as_of=company.as_of, models_dir=home / "models"))
            verdict = refresh.models.set_index("model_id")["verdict"]["lead_score"]
            print(f"\nDemo company: all models refreshed in {seconds:.1f} s")
            print(f"  verdict: {verdict['why']}, AUC {verdict['auc']}, ECE {verdict['calibration_error']}")
            _against_truth(refresh.predictions, company.truth["lead_conversion"]["chance_of_open_leads"])
            statuses = company.tables["leads"].set_index("lead_id")["status"]
            for day in (date(2025, 3, 3), date(2025, 9, 1), date(2026, 3, 2), date(2026, 6, 1)):
                _against_outcomes(reader, datetime(day.year, day.month, day.day, 4, tzinfo=UTC), statuses)
        warehouse.close()


def _against_truth(predictions: pd.DataFrame, planted: dict[str, float]) -> None:
    scores = predictions[predictions["model_id"] == "lead_score"].set_index("subject_id")["value"]
    truth = scores.index.map(planted).to_numpy(dtype=np.float64)
    known = np.isfinite(truth)
    chances, truth = scores.to_numpy()[known], truth[known]
    drawn = (np.random.default_rng(0).random((50, len(truth))) < truth).astype(np.float64)
    ones = np.ones(len(truth))
    ours, best = (np.mean([metrics.auc(by, labels, ones) for labels in drawn]) for by in (chances, truth))
    together = np.corrcoef(chances, truth)[0, 1]
    print(
        f"  {len(truth)} open leads against their planted chance: correlation {together:.3f}; "
        f"AUC {ours:.4f} of labels drawn from it, {best:.4f} for the planted chance itself"
    )


def _against_outcomes(reader: Any, moment: datetime, statuses: pd.Series[Any]) -> None:
    """Train on what was known at `moment`, score the leads then open, compare with what became of them since."""
    then: LeadFrame = lead_frame(read_leads(reader, "demo", moment), moment)
    decided = then.moments.decided
    order = np.argsort(then.moments.order[decided], kind="stable")
    learned = then.features[decided].iloc[order]
    outcomes, weights = then.converted[decided][order], then.moments.weight[decided][order]
    listed = then.features[~decided]
    since = statuses.loc[listed.index]
    over = (since != "open").to_numpy()
    chances = lead_score.fit(learned, outcomes, weights).chances(listed)[over]
    happened = np.asarray((since == "converted").to_numpy()[over], dtype=np.float64)
    ones = np.ones(len(happened))
    limit = metrics.calibration_limit(chances, ones, np.random.default_rng(0))
    print(
        f"  list of {moment:%Y-%m-%d}: {over.sum()} leads, AUC {metrics.auc(chances, happened, ones):.4f}, "
        f"mean chance {chances.mean():.3f}, converted {happened.mean():.3f}, "
        f"ECE {metrics.calibration_error(chances, happened, ones):.4f} (limit {limit:.4f})"
    )


def _measured(
    name: str, features: pd.DataFrame, converted: np.ndarray, train: np.ndarray, test: np.ndarray
) -> tuple[str, ...]:
    seconds, model = _timed(lambda: lead_score.fit(features.iloc[train], converted[train]))
    chances, happened, ones = model.chances(features.iloc[test]), converted[test], np.ones(len(test))
    history = SegmentRates.of(features.iloc[train], converted[train], np.ones(len(train))).chances(features.iloc[test])
    figures = (
        metrics.auc(chances, happened, ones),
        metrics.log_losses(chances, happened).mean(),
        metrics.log_losses(history, happened).mean(),
        metrics.calibration_error(chances, happened, ones),
        metrics.calibration_limit(chances, ones, np.random.default_rng(0), draws=500),
        metrics.lift_in_top_tenth(chances, happened, ones),
    )
    return (name, *(f"{figure:.4f}" for figure in figures), f"{seconds:.2f}")


def _row(cells: tuple[str, ...]) -> str:
    return f"{cells[0]:<18}" + "".join(f"{cell:>11}" for cell in cells[1:])


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
