"""A plan that can run, a question back with complete plans to choose from, or a refusal: each check in its turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from analytics.vocabulary import Grain
from assistant.plans import Choice, Clarify, Help, KpiQuery, Refuse
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.drafted import FINEST_FIRST, MOST_DIMENSIONS, comparison_with, drafted, joined
from assistant.understanding.figures.narrowed import filtered
from assistant.understanding.figures.unsettled import unnamed
from assistant.understanding.periods import unclear_in

_MOST = 4  # choices of a question back
_OFFERED = 3  # breakdowns offered


@dataclass(frozen=True)
class Doubtful:
    """What the checks look at: what was read, the words left over, and the plan as far as it goes."""

    asked: Asked
    unread: tuple[str, ...]
    normal: str
    original: str
    context: Context
    draft: KpiQuery

    def words(self, *places: int) -> tuple[str, ...]:
        """The asker's own words of these pieces."""
        pieces = (self.asked.pieces[place] for place in sorted(set(places)))
        return tuple(dict.fromkeys(self.original[piece.start : piece.end] for piece in pieces))

    def words_of(self, kind: str, *names: str) -> tuple[str, ...]:
        """The words that named these dimensions, values or owners."""
        return self.words(
            *(
                place
                for place, piece in enumerate(self.asked.pieces)
                if any(meant.partition(":")[0] in names or not names for meant in piece.meant(kind))
            )
        )

    def redrafted(self, **changes: Any) -> KpiQuery:
        """The plan with something else read."""
        return drafted(replace(self.asked, **changes), self.draft.kpis, self.context)

    def refused(self, reason: str, words: tuple[str, ...]) -> Refuse:
        """A refusal that keeps what was understood."""
        return Refuse(reason=reason, words=words, kpis=self.draft.kpis, understood=self.draft.model_dump(mode="json"))


Check = Callable[[Doubtful], Clarify | Refuse | None]


def decided(
    asked: Asked, unread: tuple[str, ...], normal: str, original: str, context: Context, *, ahead: bool = False
) -> KpiQuery | Clarify | Refuse | None:
    """The plan, or what stands against it; None where the question is not about figures.

    `ahead`: the future is what is asked about.
    """
    kpis = asked.kpis or _only_one_fits(asked, context)
    if not kpis:
        return _which_kpi(asked, unread, original, context)
    seen = Doubtful(asked, unread, normal, original, context, drafted(asked, kpis, context))
    for check in _CHECKS:
        against = None if ahead and check is _not_begun else check(seen)
        if against is not None:
            return against
    return seen.draft


# --- no KPI, or one of several


def _only_one_fits(asked: Asked, context: Context) -> tuple[str, ...]:
    """A word of several KPIs is settled where only one of them has the breakdown asked for."""
    wanted = {*asked.dimensions, *(given.name for given in asked.filters)}
    fitting = tuple(kpi for kpi in asked.either if wanted <= set(context.model.kpis[kpi].dimensions))
    return fitting if len(fitting) == 1 and wanted else ()


def _which_kpi(asked: Asked, unread: tuple[str, ...], original: str, context: Context) -> Clarify | None:
    if not asked.either and (unread or not (asked.dimensions or asked.periods or asked.narrowed or asked.comparison)):
        return None
    leads = [place for place, piece in enumerate(asked.pieces) if piece.meant("counted_leads")]
    offered = asked.either or unnamed(context.model)
    wanted = {*asked.dimensions, *(given.name for given in asked.filters)}
    fitting = tuple(kpi for kpi in offered if wanted <= set(context.model.kpis[kpi].dimensions))
    if leads and (unread or not fitting):
        return None  # more is said of the leads than counts have: a list of them is meant
    places = [place for place, piece in enumerate(asked.pieces) if piece.meant("unsettled")] or leads
    words = tuple(original[asked.pieces[place].start : asked.pieces[place].end] for place in places)
    choices: tuple[Choice, ...] = tuple(drafted(asked, (kpi,), context) for kpi in (fitting or offered)[:_MOST])
    others = (Help(),) if len(choices) == 1 else ()
    return Clarify(reason="which_kpi", words=(*words, *unread), choices=(*choices, *others))


# --- checks, in the order in which they are asked


def _unclear_time(seen: Doubtful) -> Clarify | None:
    if not seen.unread:
        return None
    unclear = unclear_in(seen.normal, seen.context.today, seen.context.fiscal_year_start)
    words = tuple(seen.original[time.start : time.end] for time in unclear)
    return Clarify(reason="unclear_time", words=words, choices=(seen.draft, Help())) if words else None


def _unread(seen: Doubtful) -> Clarify | None:
    if not seen.unread:
        return None
    return Clarify(reason="unread_words", words=seen.unread, choices=(seen.draft, Help()))


def _run_together(seen: Doubtful) -> Clarify | None:
    """ "Revenue from new customers" is neither revenue nor new customers, nor both."""
    kpis = seen.draft.kpis
    if not seen.asked.run_together or len(kpis) < 2:
        return None
    each = tuple(drafted(seen.asked, (kpi,), seen.context) for kpi in kpis[: _MOST - 1])
    return Clarify(reason="several_kpis", words=seen.words_of("kpi"), choices=(*each, seen.draft))


def _not_begun(seen: Doubtful) -> Refuse | None:
    if seen.draft.period.period.start <= seen.context.today:
        return None
    words = seen.words(*(place for place, piece in enumerate(seen.asked.pieces) if piece.period is not None))
    return seen.refused("future_period", words)


def _several_periods(seen: Doubtful) -> Clarify | None:
    periods = seen.asked.periods
    if len(periods) < 2 or joined(periods, seen.context) is not None:
        return None
    words = seen.words(*(place for place, piece in enumerate(seen.asked.pieces) if piece.period is not None))
    later = max(periods, key=lambda period: period.start)
    earlier = min(periods, key=lambda period: period.start)
    set_against = seen.redrafted(periods=(later,), base=earlier)
    each = tuple(seen.redrafted(periods=(period,)) for period in periods[: _MOST - 1])
    return Clarify(reason="several_periods", words=words, choices=(set_against, *each))


def _several_comparisons(seen: Doubtful) -> Clarify | None:
    """ "This month vs last month, yoy": one comparison at a time."""
    asked = seen.asked
    if asked.base is None or asked.comparison is None:
        return None
    named = comparison_with(asked.base, seen.draft.period.period)
    alike = {"last_year", "last_year_aligned"} | ({"previous"} if seen.draft.period.grain is Grain.YEAR else set())
    if named == asked.comparison or {named, asked.comparison} <= alike:
        return None
    choices = (seen.redrafted(comparison=None), seen.redrafted(base=None, periods=(seen.draft.period.period,)))
    return Clarify(reason="several_comparisons", choices=choices)


def _several_values(seen: Doubtful) -> Clarify | None:
    """A value of two dimensions: "key accounts" by size or by value."""
    naming = next((naming for naming in seen.asked.narrowed if not naming.certain), None)
    if naming is None:
        return None
    choices = tuple(
        drafted(filtered(seen.asked, name, (value,), naming.left_out), seen.draft.kpis, seen.context)
        for name, value in naming.options[:_MOST]
    )
    others = () if len(choices) > 1 else (seen.draft,)
    return Clarify(reason="several_values", words=seen.words(naming.place), choices=(*choices, *others))


def _several_owners(seen: Doubtful) -> Clarify | None:
    owners = tuple(dict.fromkeys(owner for named in seen.asked.whose for owner in named))
    if len(owners) < 2:
        return None
    choices = tuple(seen.draft.model_copy(update={"whose": owner}) for owner in owners[:_MOST])
    named = [place for place, piece in enumerate(seen.asked.pieces) if piece.meant("rep")]
    words = seen.words(*named) or seen.words(
        *(place for place, piece in enumerate(seen.asked.pieces) if piece.is_a("mine", "my_team", "company"))
    )
    return Clarify(reason="several_owners", words=words, choices=choices)


def _dimension_not_allowed(seen: Doubtful) -> Clarify | None:
    """Offer the KPI without what it does not have, and by what it has."""
    model, plan = seen.context.model, seen.draft
    owner = (plan.whose or "").partition(":")
    wanted = (*plan.dimensions, *(given.name for given in plan.filters), *([owner[0]] if owner[1] else []))
    lacking = {name for name in wanted for kpi in plan.kpis if name not in model.kpis[kpi].dimensions}
    if not lacking:
        return None
    without = seen.redrafted(
        dimensions=tuple(name for name in plan.dimensions if name not in lacking),
        filters=tuple(given for given in plan.filters if given.name not in lacking),
        whose=() if owner[1] and owner[0] in lacking else seen.asked.whose,
    )
    offered = [name for name in _breakdowns(seen) if name not in wanted] if lacking & {*plan.dimensions} else []
    others = tuple(without.model_copy(update=_broken_down(without, name)) for name in offered[:2])
    words = dict.fromkeys((*seen.words_of("dim", *lacking), *seen.words_of("value", *lacking)))
    named = seen.words_of("rep") if "rep" in lacking else ()
    choices = (without, *others) if others else (without, Help())
    return Clarify(reason="dimension_not_allowed", words=tuple(words) or named, choices=choices)


def _too_many_dimensions(seen: Doubtful) -> Clarify | None:
    names = seen.asked.dimensions
    if len(names) <= MOST_DIMENSIONS:
        return None
    choices = (seen.draft, seen.redrafted(dimensions=names[:1]))
    return Clarify(reason="too_many_dimensions", words=seen.words_of("dim", *names), choices=choices)


def _rank_what(seen: Doubtful) -> Clarify | None:
    """ "Top 5 by revenue": five of what?"""
    if seen.asked.edge is None or seen.draft.dimensions or seen.draft.grain is not None:
        return None
    people_first = sorted(_breakdowns(seen), key=lambda name: name != "rep")
    choices = tuple(seen.redrafted(dimensions=(name,)) for name in people_first[:_OFFERED])
    return Clarify(reason="rank_what", choices=choices or (seen.draft, Help()))


def _too_fine(seen: Doubtful) -> Clarify | None:
    grain = seen.draft.grain
    if grain not in FINEST_FIRST:
        return None
    finest = max((seen.context.model.kpis[kpi].grains for kpi in seen.draft.kpis), key=FINEST_FIRST.index)
    if FINEST_FIRST.index(grain) >= FINEST_FIRST.index(finest):
        return None
    words = seen.words(
        *(place for place, piece in enumerate(seen.asked.pieces) if piece.is_a(f"grain_{grain}", f"unit_{grain}"))
    )
    choices = (seen.redrafted(grain=finest), seen.redrafted(grain=None, trend=False))
    return Clarify(reason="too_fine", words=words, choices=tuple(dict.fromkeys(choices)))


def _no_share(seen: Doubtful) -> Clarify | None:
    """Shares need parts that add up: of an additive KPI, over a dimension."""
    plan, model = seen.draft, seen.context.model
    if not plan.share:
        return None
    if not all(
        model.kpis[kpi].additive.over == "all" or set(plan.dimensions) <= set(model.kpis[kpi].additive.over)
        for kpi in plan.kpis
    ):
        return Clarify(reason="no_share", choices=(seen.redrafted(share=False), Help()))
    if plan.dimensions:
        return None
    choices = tuple(seen.redrafted(dimensions=(name,)) for name in _breakdowns(seen)[:_OFFERED])
    return Clarify(reason="share_of_what", choices=choices or (seen.redrafted(share=False), Help()))


def _breakdowns(seen: Doubtful) -> tuple[str, ...]:
    """The breakdowns worth offering: those its file searches for drivers, then the others; all the KPIs have them."""
    kpis = [seen.context.model.kpis[kpi] for kpi in seen.draft.kpis]
    names = dict.fromkeys((*kpis[0].drivers.dimensions, *kpis[0].dimensions))
    return tuple(name for name in names if all(name in kpi.dimensions for kpi in kpis))


def _broken_down(plan: KpiQuery, name: str) -> dict[str, Any]:
    return {"dimensions": (name,), "comparison": None, "assumed": tuple(a for a in plan.assumed if a != "comparison")}


_CHECKS: tuple[Check, ...] = (
    _unclear_time,
    _unread,
    _run_together,
    _not_begun,
    _several_periods,
    _several_comparisons,
    _several_values,
    _several_owners,
    _dimension_not_allowed,
    _too_many_dimensions,
    _rank_what,
    _too_fine,
    _no_share,
)
