"""The words of an explained change: Driver, Explained, CannotExplain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from analytics.vocabulary import Figure

Effect = Literal["member", "volume", "rate", "mix", "part", "unexplained"]
Method = Literal["members", "ratio", "parts"]
Reason = Literal["needs_tables", "no_data", "no_data_before", "no_change", "dimension", "not_split"]
UNEXPLAINED = "unexplained"


class CannotExplain(Exception):
    """There is no change to split, or none that can be split.

    `reason`: needs_tables, no_data in the period, no_data_before in the other one, no_change, a named dimension the
    KPI cannot be split by, or not_split by anything. `figure` is what is known, its comparison included; `about` names
    what lacks or does not fit.
    """

    def __init__(self, reason: Reason, figure: Figure | None = None, about: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason, self.figure, self.about = reason, figure, about


@dataclass(frozen=True)
class Driver:
    """One piece of a change; `contribution` in the KPI's unit (of a share: 0.01 is one percentage point).

    `name` is the dimension's id, the id of the KPI that is a part, or "unexplained". `effect`: what of a member moved;
    `member` where it is not told apart. `where` and `keys` tell the member by name and by id. `before` and `after` are
    its own values: the amount, or its rate; None where it has none. `rows` stand behind both, `noise` is the standard
    deviation that chance alone gives the member's whole contribution.
    """

    name: str
    effect: Effect
    where: Mapping[str, str | None]
    keys: Mapping[str, str | None]
    contribution: float
    before: float | None
    after: float | None
    rows: int
    noise: float | None


@dataclass(frozen=True)
class Explained:
    """A change and what it is made of; the contributions of `drivers` add up to `figure.compared.change`.

    `method`: sums by member, ratios by member (rate, volume, mix), or the KPI's parts. `drivers` come largest first;
    what lies within noise, summed, is the last one, "unexplained"; `rest` are its members. `searched` are the
    dimensions tried, `also` the leading members of others that tell a story of their own. `significant`: whether the
    change, or anything in it, is beyond chance. `stands_out`: whether a member moved other than the rest did; else all
    moved alike. `volume` is the KPI that a member's volume effect is about, where the file names one (orders under
    revenue). `parts` split the same change into the KPIs this one is made of, where its file names them.
    """

    figure: Figure
    method: Method
    dimension: str | None
    drivers: tuple[Driver, ...]
    searched: tuple[str, ...] = ()
    significant: bool = True
    stands_out: bool = False
    also: tuple[Driver, ...] = ()
    rest: tuple[Driver, ...] = ()
    parts: tuple[Driver, ...] = ()
    volume: str | None = None
    statements: tuple[str, ...] = field(default=(), repr=False)

    @property
    def change(self) -> float:
        """What the contributions add up to."""
        compared = self.figure.compared
        return float(compared.change or 0) if compared else 0.0

    @property
    def members(self) -> tuple[Driver, ...]:
        """One driver for each member or part, its effects added up, the largest first; "unexplained" stays last.

        Each has the effect that moved it most.
        """
        together: dict[tuple[object, ...], list[Driver]] = {}
        for driver in self.drivers:
            together.setdefault((driver.name, *driver.keys.values()), []).append(driver)
        whole = [
            replace(
                max(effects, key=lambda driver: abs(driver.contribution)),
                contribution=sum(driver.contribution for driver in effects),
            )
            for effects in together.values()
        ]
        return tuple(sorted(whole, key=_largest_first))

    def effect_of(self, member: Driver, effect: Effect) -> float | None:
        """What one effect of a member contributes; None where it has no such effect."""
        found = [
            driver.contribution
            for driver in self.drivers
            if driver.effect == effect and driver.name == member.name and driver.keys == member.keys
        ]
        return sum(found) if found else None


def _largest_first(driver: Driver) -> tuple[bool, float]:
    return driver.effect == UNEXPLAINED, -abs(driver.contribution)


def in_order(drivers: list[Driver]) -> tuple[Driver, ...]:
    """The largest first, the unexplained last."""
    return tuple(sorted(drivers, key=_largest_first))
