"""Whatever the numbers are, what members add is the change: sums, quotients, means, overlaps and parts."""

from __future__ import annotations

from itertools import permutations
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.insights.drivers.parts import made_of, parts_worth_telling, shares_of
from analytics.insights.drivers.quotient import Quotient, quotient_of
from analytics.insights.drivers.split import Split, Terms, split_by, whole_of
from analytics.semantic import read_model
from analytics.semantic.values import Aggregated
from analytics.vocabulary import Unit

MODEL = read_model()
SPLIT = {kpi: found for kpi in MODEL.kpis if (found := quotient_of(MODEL, MODEL.kpi(kpi))) is not None}
MEMBERS = ("East", "South", "West", None)
Cells = dict[str, Aggregated]
Groups = dict[tuple[str | None, ...], Cells]

amounts = st.one_of(st.integers(-5, 500), st.floats(-1e3, 1e6, allow_nan=False).map(lambda value: round(value, 2)))


def names_of(quotient: Quotient) -> list[str]:
    return sorted({name.partition("#")[0] for name in (*quotient.numerator, *(quotient.denominator or {}))})


def whole(groups: Groups) -> Cells:
    """All members together, no row in two of them."""
    total: Cells = {}
    for cells in groups.values():
        for name, found in cells.items():
            so_far = total.get(name, Aggregated(0, 0))
            total[name] = Aggregated((so_far.value or 0) + (found.value or 0), so_far.rows + found.rows)
    return total


@st.composite
def periods(draw: st.DrawFn, quotient: Quotient) -> tuple[Groups, Groups]:
    """Two periods in which members may be missing, empty, or below zero."""

    def one() -> Groups:
        present = draw(st.lists(st.sampled_from(MEMBERS), min_size=1, unique=True))
        return {
            (member,): {
                name: Aggregated(draw(amounts), draw(st.integers(1, 50)))
                for name in names_of(quotient)
                if draw(st.booleans())
            }
            for member in present
        }

    return one(), one()


def terms_of(kpi: str) -> Terms:
    unit = MODEL.kpi(kpi).unit
    return Terms.of(SPLIT[kpi], counted=unit is Unit.COUNT, share=unit is Unit.SHARE)


def change_of(terms: Terms, before: Cells, after: Cells) -> float | None:
    both = whole_of(terms, before, after)
    if not terms.is_quotient:
        return both.after.amount - both.before.amount
    if both.before.rate is None or both.after.rate is None:
        return None
    return both.after.rate - both.before.rate


def contributions(split: Split) -> list[float]:
    return [sum(effects.values()) for effects in split.effects]


def scale_of(split: Split) -> float:
    """How large the numbers are that cancel in the sums: the precision there is."""
    told = [abs(value) for effects in split.effects for value in effects.values()]
    rates = [abs(rate) for member in split.members for at in (member.before, member.after) if (rate := at.rate)]
    return max([1.0, *told, *(rates if split.is_quotient else [])])


@settings(max_examples=15, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("kpi", sorted(SPLIT))
def test_what_members_add_is_the_change_of_every_kpi(kpi: str, data: st.DataObject) -> None:
    before, after = data.draw(periods(SPLIT[kpi]))
    terms, totals = terms_of(kpi), (whole(before), whole(after))
    change = change_of(terms, *totals)
    split = split_by("region", terms, whole_of(terms, *totals), before, after)
    if change is None or split is None:
        return
    assert isclose(sum(contributions(split)), change, rel_tol=1e-9, abs_tol=1e-9 * scale_of(split))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_order_of_members_does_not_matter(data: st.DataObject) -> None:
    terms = terms_of("win_rate")
    before, after = data.draw(periods(SPLIT["win_rate"]))
    members = whole_of(terms, whole(before), whole(after))
    found = []
    for order in list(permutations(MEMBERS))[:4]:
        sorted_groups = [{(m,): groups[m,] for m in order if (m,) in groups} for groups in (before, after)]
        split = split_by("region", terms, members, *sorted_groups)
        found.append(
            None
            if split is None
            else {m.key: round(c, 12) for m, c in zip(split.members, contributions(split), strict=True)}
        )
    assert all(one == found[0] for one in found)


def won(won: int, lost: int) -> Cells:
    return {"win_rate.won": Aggregated(won, won), "win_rate.lost": Aggregated(lost, lost)}


def win_rates(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> dict[str, dict[str, float]]:
    """Each team's effects, of deals won and lost before and after."""
    terms = terms_of("win_rate")
    groups: list[Groups] = [{(team,): won(*deals) for team, deals in period.items()} for period in (before, after)]
    split = split_by("team", terms, whole_of(terms, whole(groups[0]), whole(groups[1])), *groups)
    assert split is not None
    return {str(member.key): dict(effects) for member, effects in zip(split.members, split.effects, strict=True)}


def test_a_team_that_wins_less_with_as_many_deals_is_a_rate_effect_alone() -> None:
    effects = win_rates({"A": (30, 70), "B": (60, 40)}, {"A": (10, 90), "B": (60, 40)})
    assert effects["A"]["rate"] == pytest.approx(-0.10)  # half of all deals, twenty points less
    assert effects["A"]["volume"] == effects["A"]["mix"] == pytest.approx(0.0)
    assert sum(effects["B"].values()) == pytest.approx(0.0)


def test_more_deals_of_a_strong_team_are_its_volume_and_the_others_mix() -> None:
    """No rate moves; B, far above the whole, grows from half to three quarters of the deals."""
    effects = win_rates({"A": (10, 90), "B": (60, 40)}, {"A": (10, 90), "B": (180, 120)})
    assert all(each["rate"] == pytest.approx(0.0) for each in effects.values())
    assert effects["B"]["volume"] == pytest.approx((0.6 - (0.35 + 0.475) / 2) * 0.25)
    assert effects["B"]["mix"] == pytest.approx(0.0)
    assert effects["A"]["mix"] == pytest.approx((0.1 - (0.35 + 0.475) / 2) * -0.25)
    assert effects["A"]["volume"] == pytest.approx(0.0)


def test_a_team_that_joined_adds_by_its_size_and_not_by_a_rate_it_never_had() -> None:
    effects = win_rates({"A": (50, 50)}, {"A": (50, 50), "New": (5, 95)})
    assert effects["New"]["rate"] == 0.0
    assert sum(effects["New"].values()) < 0
    assert sum(sum(each.values()) for each in effects.values()) == pytest.approx(55 / 200 - 0.5)


def test_costs_of_a_team_that_gained_nobody_are_told_in_one() -> None:
    """Cost per new customer: the team has no rate, and still its cost is in the whole."""
    cost = {name: Aggregated(value, 1) for name, value in (("cac.marketing", 90), ("cac.selling", 20))}
    gained = {"cac.gained": Aggregated(10, 10)}
    before: Groups = {("A",): cost | gained, ("B",): cost | gained}
    after: Groups = {("A",): cost | gained, ("B",): dict(cost)}
    terms = terms_of("cac")
    split = split_by("team", terms, whole_of(terms, whole(before), whole(after)), before, after)
    assert split is not None
    assert set(split.effects[1]) == {"member"}
    assert sum(contributions(split)) == pytest.approx(20 - 10)


def test_orders_that_hold_two_products_are_split_without_being_counted_twice() -> None:
    """Ten orders before and after, each product in eight of them; only the price of one falls."""

    def held(price: float) -> Groups:
        orders = {"orders.placed": Aggregated(8, 8)}
        return {
            ("X",): {"revenue.ordered": Aggregated(8 * price, 8), **orders},
            ("Y",): {"revenue.ordered": Aggregated(800, 8), **orders},
        }

    def total(price: float) -> Cells:
        return {"revenue.ordered": Aggregated(8 * price + 800, 16), "orders.placed": Aggregated(10, 10)}

    terms = terms_of("aov")
    split = split_by("product", terms, whole_of(terms, total(500), total(200)), held(500), held(200))
    assert split is not None
    assert split.disjoint is False
    assert split.effects[0] == pytest.approx({"rate": -240.0, "volume": 0.0})
    assert sum(contributions(split)) == pytest.approx(change_of(terms, total(500), total(200)))


def test_members_that_do_not_add_up_are_not_split() -> None:
    """Customers who bought in two categories are active in both: the groups hold more than the whole."""
    groups: Groups = {(name,): {"active_customers.active": Aggregated(70, 70)} for name in ("Drives", "Sensors")}
    total: Cells = {"active_customers.active": Aggregated(100, 100)}
    terms = terms_of("active_customers")
    assert split_by("product_category", terms, whole_of(terms, total, total), groups, groups) is None


@pytest.mark.parametrize("kpi", [kpi for kpi in MODEL.kpis if parts_worth_telling(MODEL, MODEL.kpi(kpi))])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_parts_add_up_whatever_they_are(kpi: str, data: st.DataObject) -> None:
    parts = parts_worth_telling(MODEL, MODEL.kpi(kpi))
    made = made_of(MODEL.kpi(kpi), parts)
    values = st.fixed_dictionaries({part: st.floats(-1e4, 1e6, allow_nan=False) for part in parts})
    before, after = data.draw(values), data.draw(values)
    first, last = made(before), made(after)
    if first is None or last is None or abs(last - first) < 1e-6 * max(1.0, abs(first), abs(last)):
        return
    shares = shares_of(made, before, after, last - first)
    assert shares is None or isclose(sum(shares.values()), last - first, rel_tol=1e-9, abs_tol=1e-12)


def test_fewer_orders_and_larger_ones_share_the_change_of_revenue() -> None:
    made = made_of(MODEL.kpi("revenue"), ("orders", "aov"))
    shares = shares_of(made, {"orders": 100, "aov": 50}, {"orders": 80, "aov": 60}, 80 * 60 - 100 * 50)
    assert shares == pytest.approx({"orders": -20 * 55, "aov": 10 * 90})


def test_formulas_that_are_no_quotient_of_sums_are_known_as_such() -> None:
    assert set(MODEL.kpis) - set(SPLIT) == {"forecast_accuracy"}
    assert SPLIT["retention_rate"].numerator == {"churn_rate.active_at_start": 1.0, "churn_rate.gone": -1.0}
    assert SPLIT["csat"].denominator == {"csat.satisfaction#rows": 1.0}
