"""Why a KPI changed: its change split by the dimension, or into the parts, that tell most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isclose

from analytics.insights.drivers.chance import beyond, noise_of_sum, noise_of_whole
from analytics.insights.drivers.driver import CannotExplain, Driver, Explained, in_order
from analytics.insights.drivers.effects import of_sum
from analytics.insights.drivers.parts import made_of, parts_worth_telling, shares_of, values_of
from analytics.insights.drivers.question import Question, ask
from analytics.insights.drivers.split import Split, split_by, whole_of, widened
from analytics.insights.drivers.story import Story
from analytics.insights.drivers.told import drivers_of, leader_of, narrower_of
from analytics.semantic import Comparison, Filter, Semantics
from analytics.vocabulary import Period

MOST_OTHERS = 2
MOST_OF_IT = 0.5
"""Of the change, what a story must explain to go before surer ones that explain less."""
WORTH_TELLING = 0.25
"""Of the change, what the leading member of another dimension must hold to be told as well."""
_AS_KNOWN = 1e-9


def explain_change(
    semantics: Semantics,
    kpi_id: str,
    period: Period,
    comparison: Comparison,
    *,
    filters: Sequence[Filter] = (),
    dimensions: Sequence[str] = (),
    allowed: Sequence[str] | None = None,
) -> Explained:
    """The change of a KPI from the period it is compared with, in drivers that add up to it exactly.

    It is split by one of `dimensions`; none named, by the best of those of the KPI's file that are also `allowed`
    (None: all). The others are searched for what explains much as well. Raises CannotExplain where there is no change
    or nothing to split it by, QueryError where the KPI cannot be computed so.
    """
    question = ask(semantics, kpi_id, period, comparison, tuple(filters))
    named = tuple(dict.fromkeys(dimensions))
    wanted = _searchable(question, named, allowed)
    splits = _splits(question, wanted)
    if named and not any(split.dimension in named for split in splits):
        raise CannotExplain("dimension", question.figure, named)
    explained = _best(question, splits, named)
    if explained is None:
        raise CannotExplain("not_split", question.figure)
    return replace(explained, searched=wanted, volume=question.volume, statements=semantics.readable_statements())


# --- splitting


def _searchable(question: Question, named: tuple[str, ...], allowed: Sequence[str] | None) -> tuple[str, ...]:
    """The dimensions to try: never one that is filtered to a single member, or that changes what the KPI counts."""
    kpi = question.kpi
    for name in named:
        if name not in kpi.dimensions:
            raise CannotExplain("dimension", question.figure, (name,))
    single = {given.name for given in question.query.filters if given.op == "in" and len(given.values) == 1}
    others = tuple(name for name in kpi.drivers.dimensions if allowed is None or name in allowed)
    unfit = single | kpi.without.keys()
    return tuple(dict.fromkeys((*named, *(name for name in others if name not in unfit))))


def _splits(question: Question, dimensions: Sequence[str]) -> list[Split]:
    """The change by each dimension whose members add up; one with a single member tells nothing."""
    if question.terms is None:
        return []
    kpis = (question.kpi.id, *([question.volume] if question.volume else []))
    before, after = question.cells(kpis)
    whole = whole_of(question.terms, before.get((), {}), after.get((), {}))
    if not _is_the_figure(question, whole.before.rate, whole.after.rate, whole.before.amount, whole.after.amount):
        return []
    found = []
    for name in dimensions:
        fits = question.volume is None or name in question.semantics.model.kpi(question.volume).dimensions
        terms = question.terms if fits else replace(question.terms, divisor=None)
        split = split_by(name, terms, whole, *question.cells(kpis if fits else kpis[:1], name))
        if split is not None and len(split.members) > 1:
            found.append(split)
    return widened(found)


def _is_the_figure(
    question: Question, rate_before: float | None, rate_after: float | None, before: float, after: float
) -> bool:
    """Whether the parts make the figure that is explained; a KPI narrowed otherwise for its total is not split."""
    assert question.terms is not None
    assert question.figure.compared is not None
    made = (rate_before, rate_after) if question.terms.is_quotient else (before, after)
    shown = (question.figure.compared.value, question.figure.value)
    return all(
        one is not None and other is not None and isclose(one, float(other), rel_tol=_AS_KNOWN, abs_tol=1e-12)
        for one, other in zip(made, shown, strict=True)
    )


# --- choosing


def _best(question: Question, splits: list[Split], named: tuple[str, ...]) -> Explained | None:
    """The best story; with none, the parts where they are known, else the split that leaves least unexplained."""
    parts = _parts(question)
    if not splits:
        return Explained(question.figure, "parts", None, parts, parts=parts) if parts else None
    stories = {split.dimension: split.story(question.change) for split in splits}
    told = [split for split in splits if stories[split.dimension].score > 0]
    told.sort(key=lambda split: _worth(split, stories[split.dimension], question.change), reverse=True)
    significant = bool(told) or _is_significant(question, splits[0])
    if parts and significant and not told and not named:
        return Explained(question.figure, "parts", None, parts, parts=parts)
    open_to = [split for split in splits if split.dimension in named] if named else splits
    best = next(
        (split for split in told if split in open_to),
        max(open_to, key=lambda split: _told_share(split, question.change)),
    )
    story = stories[best.dimension]
    narrower = narrower_of(question, best, story, splits) if story.named and not named else None
    others = [split for split in told if split is not best and _matters(question, split, stories[split.dimension])]
    if narrower is not None:
        others = [split for split in others if split.dimension not in narrower.keys]
    drivers, rest = drivers_of(question, best, story, narrower, significant=significant)
    return Explained(
        figure=question.figure,
        method="ratio" if best.is_quotient else "members",
        dimension=best.dimension,
        drivers=drivers,
        rest=rest,
        parts=parts,
        significant=significant,
        stands_out=bool(story.named),
        also=tuple(leader_of(question, split, stories[split.dimension]) for split in others[:MOST_OTHERS]),
    )


def _worth(split: Split, story: Story, change: float) -> tuple[bool, float]:
    """Stories that explain most of the change come first, then those that are surest."""
    return sum(map(split.contribution, story.named)) / change >= MOST_OF_IT, story.score


def _matters(question: Question, split: Split, story: Story) -> bool:
    """Whether a story beside the best one explains enough to be told."""
    return split.contribution(story.named[0]) / question.change >= WORTH_TELLING


def _is_significant(question: Question, split: Split) -> bool:
    """Whether the whole change is beyond what chance does; of a product also whether either factor's part in it is."""
    assert question.terms is not None
    whole, terms = split.whole, question.terms
    if terms.is_quotient:
        noise = noise_of_whole(whole, yes_or_no=terms.counts and 0 <= whole.after.amount <= (whole.after.divisor or 0))
        return abs(question.change) > beyond(1) * noise
    noise_of = noise_of_sum(whole, counts=terms.counts)
    if abs(question.change) > beyond(1) * noise_of.scaled(1.0):
        return True
    effects = of_sum(whole)
    factors = ((effects.get("rate", 0.0), noise_of.rate), (effects.get("volume", 0.0), noise_of.size))
    return any(noise and abs(effect) > beyond(len(factors)) * noise for effect, noise in factors)


def _told_share(split: Split, change: float) -> float:
    """How much of the change lies with members beyond chance, those with fewer members first."""
    told = sum(split.contribution(n) for n in split.beyond_chance()) / change
    return min(told, 1.0) - 1e-3 * len(split.members)


# --- parts


def _parts(question: Question) -> tuple[Driver, ...]:
    """The change as that of the KPIs it is made of; nothing where its file names none."""
    model = question.semantics.model
    names = parts_worth_telling(model, question.kpi)
    if not names:
        return ()
    before, after = question.cells((question.kpi.id, *names))
    values = values_of(model, names, before.get((), {})), values_of(model, names, after.get((), {}))
    if values[0] is None or values[1] is None:
        return ()
    shares = shares_of(made_of(question.kpi, names), values[0], values[1], question.change)
    if shares is None:
        return ()
    return in_order(
        [
            Driver(name, "part", {}, {}, share, values[0][name], values[1][name], question.figure.rows or 0, None)
            for name, share in shares.items()
        ]
    )
