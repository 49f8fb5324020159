"""Each planted truth shows in the tables by plain counting."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.demo import DemoCompany

CONTACTS = ("call", "email", "meeting", "demo", "visit")


def _local(moments: pd.Series[Any]) -> Any:
    return moments.dt.tz_convert("Asia/Shanghai").dt.tz_localize(None)


def _month(moments: pd.Series[Any]) -> Any:
    return _local(moments).dt.strftime("%Y-%m")


def _log_odds(share: Any) -> Any:
    return np.log(share / (1 - share))


@pytest.fixture(scope="module")
def decided(company: DemoCompany) -> pd.DataFrame:
    """Decided leads with what was known of them and what was done on them."""
    leads = company.tables["leads"]
    leads = leads[leads["status"] != "open"].set_index("lead_id")
    features = company.tables["lead_features"]
    numbers = features[features["number"].notna()].pivot(index="lead_id", columns="name", values="number")
    texts = features[features["text"].notna()].pivot(index="lead_id", columns="name", values="text")
    channels = company.tables["channels"].set_index("channel_id")
    work = company.tables["activities"]
    contacts = work[work["kind"].isin(CONTACTS) & work["lead_id"].notna()]
    reached = contacts[~contacts["outcome"].isin(["no_answer", "declined"])].groupby("lead_id").size()
    first = contacts.groupby("lead_id")["happened_at"].min()
    return leads.join(numbers).join(texts).assign(
        won=leads["status"] == "converted", channel_kind=leads["channel_id"].map(channels["kind"]),
        reached=reached.reindex(leads.index).fillna(0), first=first.reindex(leads.index),
        ended=leads["converted_at"].fillna(leads["lost_at"]),
    )  # fmt: skip


@pytest.mark.parametrize("driver", ["channel_kind", "industry", "size_band", "job_level"])
def test_drivers_move_conversion_as_the_truth_says(company: DemoCompany, decided: pd.DataFrame, driver: str) -> None:
    effects = pd.Series(company.truth["lead_conversion"][driver])
    seen = _log_odds(decided.groupby(driver)["won"].mean()).loc[effects.index]
    assert np.corrcoef(seen, effects)[0, 1] > 0.95
    slope = np.polyfit(effects, seen, 1)[0]
    assert 0.6 < slope < 1.15  # other drivers average out, which flattens odds a little


def test_a_wish_for_a_quote_and_fast_contact_raise_conversion(company: DemoCompany, decided: pd.DataFrame) -> None:
    truth = company.truth["lead_conversion"]
    by_quote = _log_odds(decided.groupby("asked_for_quote")["won"].mean())
    assert by_quote[1] - by_quote[0] == pytest.approx(truth["asked_for_quote"], rel=0.25)
    fast = decided["first"] - decided["created_at"] <= pd.Timedelta("24h")
    by_speed = _log_odds(decided["won"].groupby(fast).mean())
    assert by_speed[True] - by_speed[False] > 0.6 * truth["first_contact_within_24h"]
    by_reached = _log_odds(decided.groupby(decided["reached"].clip(upper=6))["won"].mean())
    assert by_reached.loc[[0, 2, 4, 6]].is_monotonic_increasing


def test_what_has_no_effect_has_none(decided: pd.DataFrame) -> None:
    overall = decided["won"].mean()
    for name in ("device", "newsletter"):
        assert (decided.groupby(name)["won"].mean() - overall).abs().max() < 0.025, name
    visits = decided.groupby(["pages_viewed", decided["website_visits"] > 2])["won"].agg(["mean", "size"]).unstack()
    enough = visits[(visits["size"][True] > 150) & (visits["size"][False] > 150)]["mean"]
    assert len(enough) >= 3
    assert (enough[True] - enough[False]).abs().mean() < 0.04


def test_the_true_chance_is_worth_learning(company: DemoCompany) -> None:
    assert 0.77 < company.truth["lead_conversion"]["best_possible_auc"] < 0.83


def test_leaky_features_would_give_themselves_away(company: DemoCompany, decided: pd.DataFrame) -> None:
    assert set(company.truth["lead_conversion"]["leaky_features"]) == {"contract_sent", "lost_survey_score"}
    assert decided.groupby("contract_sent")["won"].mean()[1] > 0.85
    answered = decided.dropna(subset="lost_survey_score")
    assert ((answered["lost_survey_score"] > 6) == answered["won"]).mean() > 0.9


def test_leads_follow_spend_with_carry_over_and_saturation(company: DemoCompany) -> None:
    spend, leads = company.tables["marketing_spend"], company.tables["leads"]
    days = pd.date_range("2023-01-01", company.truth["until"], freq="D", inclusive="left")
    season = _demand(company.truth["seasonality"], days)
    created = _local(leads["created_at"]).dt.normalize()
    for name, channel in company.truth["channel_saturation"]["channels"].items():
        of_channel = spend[spend["channel_id"] == channel["channel_id"]]
        daily = of_channel.groupby("day")["amount"].sum().reindex(days).fillna(0)
        carried, before = [], float(daily.iloc[0])
        for amount in daily:
            before = channel["carry_over"] * before + (1 - channel["carry_over"]) * amount
            carried.append(before)
        risen = np.array(carried) ** channel["shape"]
        response = risen / (channel["half_spend"] ** channel["shape"] + risen)
        expected = pd.Series(channel["full_response_leads_per_day"] * response * season, index=days)
        came = created[leads["channel_id"] == channel["channel_id"]].value_counts().reindex(days).fillna(0)
        assert came.sum() == pytest.approx(expected.sum(), rel=0.07), name
        fortnights = np.arange(len(days)) // 14
        match = np.corrcoef(came.groupby(fortnights).sum(), expected.groupby(fortnights).sum())[0, 1]
        assert match > 0.55, name


def _demand(season: dict[str, Any], days: pd.DatetimeIndex) -> Any:
    holidays = np.ones(len(days))
    gaps = [np.asarray((days - pd.Timestamp(day)).days) for day in season["new_year"].values()]
    since = np.min([np.where(gap >= -8, gap, 999) for gap in gaps], axis=0)
    factors = season["holiday_factors"]
    holidays[(since >= -1) & (since <= 6)] = factors["new_year -1 to +6 days"]
    holidays[(since >= -8) & (since <= -2)] = factors["new_year -8 to -2 days"]
    holidays[(since >= 7) & (since <= 13)] = factors["new_year +7 to +13 days"]
    holidays[(days.month == 10) & (days.day <= 7)] = factors["1-7 October"]
    holidays[(days.month == 5) & (days.day <= 3)] = factors["1-3 May"]
    years = (days - pd.Timestamp(2023, 1, 1)).days / 365.25
    usual = np.array(season["weekday_of_leads"])[days.day_of_week] * np.array(season["month"])[days.month - 1]
    return usual * (0.1 + 0.9 * holidays) * (1 + season["lead_growth_per_year"]) ** years


def test_display_is_saturated_and_partner_has_room(company: DemoCompany) -> None:
    channels = company.truth["channel_saturation"]["channels"]
    assert channels["Display"]["half_spend"] < 0.3 * channels["Display"]["mean_spend_per_day"]
    assert channels["Partner"]["half_spend"] > 1.3 * channels["Partner"]["mean_spend_per_day"]


def test_one_region_leaks_between_proposal_and_negotiation(company: DemoCompany) -> None:
    leak, steps = company.truth["leaking_stage"], company.tables["stage_changes"]
    entered = steps.dropna(subset="opportunity_id").pivot(index="opportunity_id", columns="stage", values="entered_at")
    deals = company.tables["opportunities"].set_index("opportunity_id")
    region = deals["owner_rep_id"].map(company.tables["reps"].set_index("rep_id")["region"])
    cohort = entered[entered["proposal"].notna() & (entered["proposal"] < company.as_of - pd.Timedelta("60D"))]
    lost = cohort["negotiation"].isna()
    leaking = region.loc[cohort.index] == leak["region"]
    late = _local(cohort["proposal"]) >= pd.Timestamp(leak["since"])
    assert lost[leaking & late].mean() == pytest.approx(leak["leaking_dropoff"], abs=0.06)
    assert lost[leaking & ~late].mean() == pytest.approx(leak["usual_dropoff"], abs=0.02)
    assert lost[~leaking & late].mean() == pytest.approx(leak["usual_dropoff"], abs=0.04)


def test_visits_to_trade_show_contacts_return_a_third_of_their_cost(company: DemoCompany) -> None:
    truth, tables = company.truth["ineffective_activity"], company.tables
    work, ledger, deals = tables["activities"], tables["cost_ledger"], tables["opportunities"]
    work = work[_local(work["happened_at"]) < ledger["month"].max() + pd.offsets.MonthBegin(1)]
    pools = ledger.loc[ledger["cost_pool"].isin(["salaries", "commission", "travel"]), "amount"].sum()
    sold = tables["orders"].dropna(subset="opportunity_id")
    margin = (sold["amount"] - sold["cost_of_goods"]).groupby(sold["opportunity_id"]).sum()
    lead_of = dict(zip(deals["opportunity_id"], deals["lead_id"], strict=True))
    lead = work["lead_id"].fillna(work["opportunity_id"].map(lead_of))
    earned = margin.groupby(margin.index.map(lead_of)).sum()
    share = work["minutes"] / work["minutes"].groupby(lead).transform("sum")
    channel = lead.map(tables["leads"].set_index("lead_id")["channel_id"])
    cells = pd.DataFrame({
        "kind": work["kind"], "channel": channel, "cost": work["minutes"] * pools / work["minutes"].sum(),
        "returned": lead.map(earned).fillna(0) * share,
    }).groupby(["kind", "channel"]).sum()  # fmt: skip
    returns = cells["returned"] / cells["cost"]
    assert returns[truth["activity_kind"], truth["channel_id"]] == pytest.approx(0.3, abs=0.005)
    assert (returns < 1).sum() == 1


def test_customers_about_to_leave_buy_later_and_complain_more(company: DemoCompany) -> None:
    truth, orders, tickets = company.truth["churning_customers"], company.tables["orders"], company.tables["tickets"]
    since = pd.Timestamp(truth["since"])
    leaving = truth["customer_ids"]
    assert len(leaving) > 80
    bought = orders[orders["customer_id"].isin(leaving)].drop_duplicates("order_id")
    late = _local(bought["ordered_at"]) >= since
    days_before = (since - pd.Timestamp(2023, 1, 1)).days
    days_after = (pd.Timestamp(company.truth["until"]) - since).days
    before, after = (~late).sum() / days_before, late.sum() / days_after
    assert before / after == pytest.approx(truth["gap_stretch"], rel=0.25)
    complaints = tickets[(tickets["kind"] == "complaint") & tickets["customer_id"].isin(leaving)]
    lately = _local(complaints["opened_at"]) >= since
    assert lately.sum() / days_after > 5 * (~lately).sum() / days_before


def _case(company: DemoCompany, kpi: str) -> dict[str, Any]:
    found: dict[str, Any] = next(case for case in company.truth["kpi_changes"] if case["kpi"] == kpi)
    return found


def _stands_out(by_month: pd.Series[Any], month: str, direction: str) -> bool:
    """Whether a month is the most extreme of the year before it, and far outside what the others scatter."""
    year = by_month.loc[:month].tail(13)
    others = year.iloc[:-1]
    distance = (year.iloc[-1] - others.mean()) / others.std()
    return bool(distance < -3 if direction == "down" else distance > 3)


def test_the_win_rate_fell_because_of_one_team(company: DemoCompany) -> None:
    case, deals = _case(company, "win_rate"), company.tables["opportunities"]
    closed = deals[deals["outcome"].isin(["won", "lost"])]
    won, month = closed["outcome"] == "won", _month(closed["closed_at"])
    reps = company.tables["reps"].set_index("rep_id")
    in_region = closed["owner_rep_id"].map(reps["region"]) == case["region"]
    assert _stands_out(won[in_region].groupby(month[in_region]).mean(), case["month"], "down")
    team = closed["owner_rep_id"].map(reps["team_id"])
    then = month == case["month"]
    by_team = won[then].groupby(team[then]).mean()
    assert by_team.idxmin() == case["member_id"]
    assert by_team.min() < 0.12
    assert by_team.drop([case["member_id"], "T3", "T4"]).min() > 0.3  # T3 and T4 leak at another stage by then


def test_order_value_fell_because_of_one_product_s_discount(company: DemoCompany) -> None:
    case, orders = _case(company, "aov"), company.tables["orders"]
    month = _month(orders["ordered_at"])
    monthly = orders.groupby(month)
    discount = 1 - monthly["amount"].sum() / monthly["list_amount"].sum()
    assert _stands_out(discount, case["month"], "up")
    aov = monthly["amount"].sum() / monthly["order_id"].nunique()
    assert aov[case["month"]] == pytest.approx(case["aov"], abs=0.01)
    assert aov[case["month"]] < 0.9 * aov.loc[: case["month"]].iloc[-13:-1].mean()
    assert case["aov_without"] > 0.93 * aov.loc[: case["month"]].iloc[-13:-1].mean()
    then = orders[(month == case["month"])]
    by_product = 1 - then.groupby("product_id")["amount"].sum() / then.groupby("product_id")["list_amount"].sum()
    assert by_product.idxmax() == case["member_id"]
    assert by_product.max() > 0.5
    assert by_product.drop(case["member_id"]).max() < 0.25


def test_leads_fell_because_a_campaign_stopped(company: DemoCompany) -> None:
    case, leads, spend = _case(company, "new_leads"), company.tables["leads"], company.tables["marketing_spend"]
    month = _month(leads["created_at"])
    came = leads.groupby(month).size()
    assert came[case["month"]] == pytest.approx(case["expected_leads"], rel=0.08)
    assert case["expected_leads"] < 0.85 * case["expected_without"]
    year_before = f"{int(case['month'][:4]) - 1}{case['month'][4:]}"
    of_campaign = spend[spend["campaign_id"] == case["member_id"]]
    assert not (of_campaign["day"].dt.strftime("%Y-%m") == case["month"]).any()
    assert len(of_campaign) > 200
    channels = company.tables["channels"].set_index("channel_id")["name"]
    by_channel = leads.groupby([leads["channel_id"].map(channels), month]).size().unstack()
    change = by_channel[case["month"]] - by_channel[year_before]
    assert change.idxmin() == case["channel"]
    assert by_channel.loc[case["channel"], case["month"]] < 0.25 * by_channel.loc[case["channel"], year_before]


def test_complaints_rose_because_of_one_region(company: DemoCompany) -> None:
    case, tickets = _case(company, "complaints"), company.tables["tickets"]
    complaints = tickets[tickets["kind"] == "complaint"]
    month = _month(complaints["opened_at"])
    assert _stands_out(complaints.groupby(month).size(), case["month"], "up")
    region = complaints["customer_id"].map(company.tables["customers"].set_index("customer_id")["region"])
    then = region[month == case["month"]].value_counts()
    usual = region.groupby(month).value_counts().unstack().loc[: case["month"]].iloc[-13:-1].mean()
    assert then[case["member"]] / usual[case["member"]] == pytest.approx(case["times"], rel=0.35)
    assert (then / usual).drop(case["member"]).max() < 2


def test_planted_changes_lie_in_quiet_months_apart_from_each_other(company: DemoCompany) -> None:
    months = [pd.Period(case["month"]) for case in company.truth["kpi_changes"]]
    assert len(months) >= 4
    assert all(late.ordinal - early.ordinal >= 2 for late, early in pairwise(months))
    assert not {month.month for month in months} & {1, 2, 3, 10, 11}


def test_the_pilot_raised_conversion_of_its_teams(company: DemoCompany, decided: pd.DataFrame) -> None:
    pilot = company.truth["pilot"]
    units = company.kept["experiment_units"]
    arms = units[units["experiment_id"] == pilot["experiment_id"]].set_index("unit_id")["arm"]
    assert sorted(arms.index[arms == "treated"]) == sorted(pilot["treated"])
    rows = company.kept["experiments"].set_index("experiment_id").loc[pilot["experiment_id"]]
    assert rows["started_on"] == pd.Timestamp(pilot["since"])
    team = decided["owner_rep_id"].map(company.tables["reps"].set_index("rep_id")["team_id"])
    treated = team.isin(pilot["treated"])
    ended = _local(decided["ended"])
    during = (ended >= rows["started_on"]) & (ended < rows["ended_on"] + pd.Timedelta("1D"))
    before = ended < rows["started_on"]
    share = decided["won"].groupby([treated, before]).mean()
    effect = (decided["won"][during & treated].mean() - decided["won"][during & ~treated].mean()) - (
        share[True, True] - share[False, True]
    )
    assert effect == pytest.approx(pilot["effect"], abs=0.03)


def test_the_call_script_changed_nothing(company: DemoCompany) -> None:
    units, deals = company.kept["experiment_units"], company.tables["opportunities"]
    arms = units[units["experiment_id"] == "EX2"].set_index("unit_id")["arm"]
    rows = company.kept["experiments"].set_index("experiment_id").loc["EX2"]
    closed = deals[deals["outcome"].isin(["won", "lost"])]
    ended = _local(closed["closed_at"])
    during = closed[(ended >= rows["started_on"]) & (ended < rows["ended_on"] + pd.Timedelta("1D"))]
    won = (during["outcome"] == "won").groupby(during["owner_rep_id"].map(arms)).mean()
    assert abs(won["treated"] - won["control"]) < 0.08


def test_weekdays_and_new_year_show_in_the_work(company: DemoCompany) -> None:
    work = _local(company.tables["activities"]["happened_at"])
    per_weekday = work.dt.day_of_week.value_counts()
    assert per_weekday[[5, 6]].sum() < 0.08 * len(work)
    assert work.dt.hour.between(8, 18).mean() > 0.97
    per_day = work.dt.normalize().value_counts()
    for year in (2023, 2024, 2025):
        new_year = pd.Timestamp(company.truth["seasonality"]["new_year"][str(year)])
        holiday = per_day.reindex(pd.date_range(new_year, periods=6)).fillna(0).mean()
        march = per_day.reindex(pd.date_range(f"{year}-03-10", periods=14)).fillna(0).mean()
        assert holiday < 0.15 * march


def test_moods_can_be_read_from_ratings(company: DemoCompany) -> None:
    feedback = company.tables["feedback"].set_index("feedback_id")
    moods = pd.Series(company.truth["sentiment"]["sample"])
    rated = feedback.loc[moods.index].dropna(subset="rating")
    means = rated["rating"].astype(float).groupby(moods.loc[rated.index]).mean()
    assert means[-1] < 2.2 < means[0] < 3.8 < means[1]
    assert feedback["rating"].isna().mean() == pytest.approx(0.3, abs=0.03)
    assert feedback["text"].nunique() > 1_500
