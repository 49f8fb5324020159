"""Who is told to have moved other than the rest, and how rarely chance alone is."""

from __future__ import annotations

import random

import pytest

from analytics.insights.drivers.chance import beyond, spread_of
from analytics.insights.drivers.split import Split, Terms, split_by, whole_of, widened
from analytics.insights.drivers.story import Move, story_of
from analytics.semantic.values import Aggregated

WON = Terms({"won": 1.0}, {"won": 1.0, "lost": 1.0}, is_quotient=True, counts=True)
CREATED = Terms({"created": 1.0}, None, is_quotient=False, counts=True)
Deals = list[tuple[int, int]]


def by_team(before: Deals, after: Deals) -> Split:
    """Deals won and lost by team."""

    def groups(deals: Deals) -> dict[tuple[str | None, ...], dict[str, Aggregated]]:
        return {
            (f"T{n}",): {"won": Aggregated(w, w), "lost": Aggregated(lost, lost)} for n, (w, lost) in enumerate(deals)
        }

    def total(deals: Deals) -> dict[str, Aggregated]:
        w, lost = sum(deal[0] for deal in deals), sum(deal[1] for deal in deals)
        return {"won": Aggregated(w, w), "lost": Aggregated(lost, lost)}

    split = split_by("team", WON, whole_of(WON, total(before), total(after)), groups(before), groups(after))
    assert split is not None
    return widened([split])[0]


def test_the_one_team_that_stopped_winning_is_told() -> None:
    split = by_team([(20, 25)] * 6, [(2, 43), *[(20, 25)] * 5])
    assert split.story(-0.07).named == (0,)


def test_teams_that_all_fell_alike_tell_no_story() -> None:
    split = by_team([(200, 250)] * 6, [(150, 300)] * 6)
    assert split.story(-0.11).named == ()
    assert split.beyond_chance() == set(range(6))


def test_a_team_that_moved_against_the_change_does_not_explain_it() -> None:
    split = by_team([(200, 250)] * 6, [(320, 130), *[(150, 300)] * 5])
    assert 0 not in split.story(-0.05).named


def test_two_teams_may_be_told_together() -> None:
    split = by_team([(40, 50)] * 6, [(4, 86), (5, 85), *[(40, 50)] * 4])
    assert set(split.story(-0.14).named) == {0, 1}


def test_chance_alone_is_rarely_taken_for_a_story() -> None:
    """A thousand pairs of months in which every team wins 40 in 100 as before: five in 100 at most tell a story."""
    dice = random.Random(5)

    def month() -> Deals:
        sizes = [dice.randint(30, 60) for _ in range(6)]
        wins = [sum(dice.random() < 0.4 for _ in range(size)) for size in sizes]
        return [(w, size - w) for w, size in zip(wins, sizes, strict=True)]

    told = 0
    for _ in range(1000):
        split = by_team(month(), month())
        whole = split.whole
        told += bool(split.story((whole.after.rate or 0) - (whole.before.rate or 0)).named)
    assert told <= 50


def test_more_members_need_to_stand_out_further() -> None:
    bounds = [beyond(count) for count in (1, 6, 50)]
    assert bounds == sorted(bounds)
    assert bounds[0] == pytest.approx(1.96, abs=0.005)
    assert bounds[1] == pytest.approx(2.638, abs=0.005)  # the normal quantile at 1 - 0.05 / 12


def test_campaigns_that_come_and_go_widen_their_own_noise() -> None:
    quiet = [Move(contribution, 100.0, 10.0) for contribution in (1, -2, 3, -1, 2, -3)]
    stirring = [Move(contribution, 100.0, 10.0) for contribution in (90, -80, 95, -100, 70, -85)]
    assert spread_of([move.contribution / move.noise for move in quiet]) == 1.0
    assert spread_of([move.contribution / move.noise for move in stirring]) > 20


def test_a_member_that_was_not_there_before_is_no_surprise_when_small() -> None:
    moves = [Move(2.0, 1.0, 1.4), *[Move(0.0, 100.0, 14.0)] * 5]
    assert story_of(moves, 2.0, beyond(6) ** 2).named == ()
