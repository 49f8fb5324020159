"""What the company wants and compares itself with: targets, budgets, baselines, benchmarks, experiments."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analytics.demo.days import Setting, local_dates, moment_of, month_index, month_start, utc
from analytics.demo.deals import Deals
from analytics.demo.frames import as_texts, kept, money
from analytics.demo.orders import Orders
from analytics.demo.people import ACTIVE_SELLERS, REP_IDS, SELLING_TEAMS, Staff
from analytics.demo.plants import CONTROL_TEAMS, PILOT_TEAMS, Plants

COMPANY = "company"  # the scope_id of company-wide rows
REFERENCE = date(2023, 1, 1)
# The plan's own targets: KPI, rhythm, value, basis.
PLAN_TARGETS = (
    ("sales_cost_total", "year", -0.18, "change"), ("marketing_cost_share", "year", 0.25, "absolute"),
    ("sales_cycle_days", "year", -0.20, "change"), ("lead_conversion_rate", "year", 0.75, "absolute"),
    ("revenue_per_customer", "year", 0.12, "change"), ("clv_mean", "year", 0.22, "change"),
    ("marketing_roi", "month", 4.5, "absolute"), ("funnel_dropoff", "week", 0.08, "absolute"),
    ("high_value_customer_share", "quarter", 0.43, "absolute"), ("data_accuracy", "year", 0.95, "absolute"),
)  # fmt: skip
GROWTH_WANTED = 1.12
BUDGETS = (
    ("project", "Sales data programme 销售数据项目", None, 10_000_000),
    ("department", "Sales", "Sales data programme 销售数据项目", 3_200_000),
    ("department", "Marketing", "Sales data programme 销售数据项目", 2_600_000),
    ("department", "IT", "Sales data programme 销售数据项目", 4_200_000),
    ("activity", "Rep training 销售培训", "Sales", 1_100_000), ("activity", "CRM upgrade CRM升级", "Sales", 2_100_000),
    ("activity", "Campaign data 营销数据", "Marketing", 1_500_000),
    ("activity", "Customer value labels 客户价值标签", "Marketing", 1_100_000),
    ("activity", "Warehouse 数据仓库", "IT", 1_900_000), ("activity", "Models 模型开发", "IT", 2_300_000),
)  # fmt: skip
BENCHMARKS = (("marketing_roi", 3.6), ("win_rate", 0.36), ("csat", 4.0), ("churn_rate", 0.013))
CAC_ABOVE_BENCHMARK = 1.4


def targets_table(setting: Setting, orders: Orders, deals: Deals, staff: Staff) -> pd.DataFrame:
    """The plan's targets for the year of the last day, and monthly revenue and won amounts for company and teams."""
    year = setting.until.year
    rows: list[tuple[str, str, str, str, date, float, str, date | None]] = []
    for kpi, rhythm, value, basis in PLAN_TARGETS:
        reference = REFERENCE if basis == "change" else None
        rows += [(kpi, "company", COMPANY, rhythm, start, value, basis, reference) for start in _starts(year, rhythm)]
    won = deals.won
    for kpi, rep, moment, amount in (
        ("revenue", orders.rep, orders.moment, orders.amount),
        ("won_amount", deals.owner[won], deals.closed[won], deals.amount[won]),
    ):
        month = setting.month_at(moment)
        by_team = np.zeros((len(SELLING_TEAMS), setting.this_month + 1))
        np.add.at(by_team, (staff.team_by_month[rep, month], month), amount)
        for start in _starts(year, "month"):
            last_year = by_team[:, month_index(start) - 12]
            wanted = [("company", COMPANY, float(last_year.sum()))]
            wanted += [("team", team, float(last_year[code])) for code, team in enumerate(SELLING_TEAMS)]
            rows += [
                (kpi, kind, scope, "month", start, _rounded(value * GROWTH_WANTED), "absolute", None)
                for kind, scope, value in wanted
            ]
    columns = ("kpi", "scope_kind", "scope_id", "period_kind", "period_start", "value", "basis", "reference_start")
    return kept("targets", **{name: _column([row[n] for row in rows]) for n, name in enumerate(columns)})


def _rounded(value: float) -> float:
    """Two significant digits fewer than a bookkeeper would give."""
    return float(round(value, -3)) if value >= 50_000 else float(round(value, 0))


def _starts(year: int, rhythm: str) -> list[date]:
    first = month_index(date(year, 1, 1))
    if rhythm == "week":
        mondays = pd.date_range(f"{year}-01-01", f"{year}-12-31", freq="W-MON")
        return [monday.date() for monday in mondays]
    step = {"month": 1, "quarter": 3, "year": 12}[rhythm]
    return [month_start(first + index) for index in range(0, 12, step)]


def _column(values: list[object]) -> object:
    if any(isinstance(value, date) for value in values):
        return pd.to_datetime(pd.Series(values)).astype("datetime64[us]")
    if isinstance(values[0], float):
        return values
    return as_texts([value if value is None else str(value) for value in values])


def budgets_table(setting: Setting) -> pd.DataFrame:
    """Three levels of the programme, each year; the approvers are executives."""
    years = range(setting.until.year - 1, setting.until.year + 1)
    rows = [(*budget, year) for year in years for budget in BUDGETS]
    factor = {year: 0.85 if year < setting.until.year else 1.0 for year in years}
    return kept(
        "budgets", level=as_texts([row[0] for row in rows]), name=as_texts([row[1] for row in rows]),
        parent_name=as_texts([row[2] for row in rows]),
        period_start=local_dates(np.array([moment_of(date(row[4], 1, 1)) for row in rows])),
        planned=money(np.array([row[3] * factor[row[4]] for row in rows]) * setting.scale),
        approved_by=as_texts([("P053", "P054", "P055")[n % 3] for n in range(len(rows))]),
    )  # fmt: skip


def baselines_table(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What the KPIs were in 2023, counted once in early 2024."""
    values = baseline_values(tables)
    count = len(values)
    return kept(
        "baselines", kpi=as_texts(list(values)), scope_kind=as_texts(["company"] * count),
        scope_id=as_texts([COMPANY] * count), period_kind=as_texts(["year"] * count),
        period_start=local_dates(np.zeros(count)), value=np.array(list(values.values())),
        recorded_at=utc(np.full(count, moment_of(date(2024, 1, 15)) + 10 / 24)),
        note=as_texts(["Level of 2023 before the programme 项目前2023年水平"] * count),
        recorded_by=as_texts(["P053"] * count),
    )  # fmt: skip


def baseline_values(tables: dict[str, pd.DataFrame]) -> dict[str, float]:
    """The KPIs of 2023 by the vocabulary's definitions."""
    orders = tables["orders"][_in_2023(tables["orders"]["ordered_at"])]
    leads, deals = tables["leads"], tables["opportunities"]
    ledger = tables["cost_ledger"][tables["cost_ledger"]["month"].dt.year == REFERENCE.year]
    spend = tables["marketing_spend"]["amount"][tables["marketing_spend"]["day"].dt.year == REFERENCE.year].sum()
    revenue, buyers = orders["amount"].sum(), orders["customer_id"].nunique()
    earning = tables["channels"].set_index("channel_id")["kind"].isin(["paid", "partner", "event"])
    closed = deals[_in_2023(deals["closed_at"])]
    won = closed[closed["outcome"] == "won"]
    created = leads.set_index("lead_id")["created_at"].reindex(won["lead_id"]).to_numpy()
    converted, lost = _in_2023(leads["converted_at"]).sum(), _in_2023(leads["lost_at"]).sum()
    pools = ledger.groupby("cost_pool")["amount"].sum()
    new_customers = (tables["customers"]["first_order_on"].dt.year == REFERENCE.year).sum()
    tickets = tables["tickets"]
    return {
        "sales_cost_total": round(float(pools.sum()), 2),
        "marketing_cost_share": float(pools["marketing"] / pools.sum()),
        "revenue": round(float(revenue), 2),
        "revenue_per_customer": round(float(revenue / buyers), 2),
        "aov": round(float(revenue / orders["order_id"].nunique()), 2),
        "marketing_roi": float(orders["amount"][orders["channel_id"].map(earning)].sum() / spend),
        "lead_conversion_rate": float(converted / (converted + lost)),
        "win_rate": float(len(won) / closed["outcome"].isin(["won", "lost"]).sum()),
        "sales_cycle_days": float((won["closed_at"].to_numpy() - created).mean() / np.timedelta64(1, "D")),
        "cac": float((pools["marketing"] + 0.5 * (pools["salaries"] + pools["travel"])) / max(1, new_customers)),
        "csat": float(tickets["csat"][_in_2023(tickets["closed_at"])].mean()),
    }


def _in_2023(moments: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    return moments.dt.tz_convert("Asia/Shanghai").dt.year == REFERENCE.year


def benchmarks_table(baselines: pd.DataFrame) -> pd.DataFrame:
    """Yardsticks of the industry; the company's CAC of 2023 lies 40% above its own."""
    cac = float(baselines.set_index("kpi")["value"]["cac"])
    rows = [*BENCHMARKS, ("cac", round(cac / CAC_ABOVE_BENCHMARK, 2))]
    return kept(
        "benchmarks", kpi=as_texts([kpi for kpi, _ in rows]), industry=as_texts(["all"] * len(rows)),
        value=np.array([value for _, value in rows]), valid_from=local_dates(np.zeros(len(rows))),
    )  # fmt: skip


def experiments_tables(setting: Setting, plants: Plants) -> dict[str, pd.DataFrame]:
    """EX1: the pilot, by team. EX2: a new call script tried by half of the reps a year before, to no effect."""
    scripted = [plants.pilot_from - 365.0, plants.pilot_from - 270.0]
    experiments = kept(
        "experiments", experiment_id=as_texts(["EX1", "EX2"]), kpi=as_texts(["lead_conversion_rate", "win_rate"]),
        started_on=local_dates(np.array([plants.pilot_from, scripted[0]])),
        ended_on=local_dates(np.array([plants.pilot_to - 1, scripted[1]])), minimum_effect=np.array([0.03, 0.05]),
    )  # fmt: skip
    units = [("EX1", "team", team, "treated") for team in PILOT_TEAMS]
    units += [("EX1", "team", team, "control") for team in CONTROL_TEAMS]
    order = setting.rng("experiment_units").permutation(ACTIVE_SELLERS)
    units += [
        ("EX2", "rep", str(REP_IDS[rep]), "treated" if place < ACTIVE_SELLERS // 2 else "control")
        for place, rep in enumerate(order)
    ]
    columns = ("experiment_id", "unit_kind", "unit_id", "arm")
    rows = {name: as_texts([unit[n] for unit in units]) for n, name in enumerate(columns)}
    return {"experiments": experiments, "experiment_units": kept("experiment_units", **rows)}
