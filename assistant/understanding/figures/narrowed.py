"""Whose rows, and of which values: "for East", 渠道为搜索, "without Search", "my team's", a colleague's name."""

from __future__ import annotations

from dataclasses import replace

from assistant.plans import Narrowed
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked, Naming, new
from assistant.understanding.figures.broken_down import AND, value_beside

# The same words may name a value of several dimensions: a team called after its region means the region.
_RATHER = (("region", "team"), ("channel", "lead_source"))


def named_values(asked: Asked, context: Context) -> Asked:
    """Each value named, with the dimensions it may belong to; its dimension's own name beside it settles that."""
    for place in asked.of_kind("value"):
        options = _options(asked, place)
        beside = [
            at for at in asked.of_kind("dim") if place in (value_beside(asked, at, 1), value_beside(asked, at, -1))
        ]
        if beside:
            names = {name for at in beside for name in asked.pieces[at].meant("dim")}
            options = tuple(option for option in options if option[0] in names)
        without = _left_out(asked, place)
        again = _and_another(asked, place)
        vague = asked.pieces[place].is_a("vague")
        naming = Naming(place, _preferred(options), left_out=without is not None or again, vague=vague)
        read = [place, *beside, *([without] if without is not None else [])]
        asked = asked.having_read(read, narrowed=(*asked.narrowed, naming))
    return asked


def _options(asked: Asked, place: int) -> tuple[tuple[str, str], ...]:
    pairs = (value.partition(":") for value in asked.pieces[place].meant("value"))
    return tuple((name, value) for name, _, value in pairs)


def _preferred(options: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    names = {name for name, _ in options}
    dropped = {other for rather, other in _RATHER if rather in names and other in names}
    return tuple(option for option in options if option[0] not in dropped)


def _left_out(asked: Asked, place: int) -> int | None:
    """The word that leaves the value out: "except the East", 除华东外, 华东除外."""
    before = asked.beside(place, -1, "ignore")
    if before is not None and asked.pieces[before].is_a("except") and before not in asked.read:
        return before
    after = place + 1
    while after < len(asked.pieces) and (asked.pieces[after].phrase in AND or asked.pieces[after].meant("value")):
        after += 1
    return after if after < len(asked.pieces) and asked.pieces[after].is_a("except_before") else None


def _and_another(asked: Asked, place: int) -> bool:
    """Whether the value before this one is left out, and this one with it: "except East and West"."""
    before = asked.beside(place, -1, "ignore")
    between = asked.pieces[(before or 0) + 1 : place]
    listed = asked.pieces[place].after_sign or any(piece.phrase in AND for piece in between)
    return listed and any(naming.place == before and naming.left_out for naming in asked.narrowed)


def owned(asked: Asked, context: Context) -> Asked:
    """Whose: the asker, the team, the company, or colleagues by name; several colleagues are set side by side."""
    people = asked.of_kind("rep")
    named = [tuple(f"rep:{rep}" for rep in asked.pieces[place].meant("rep")) for place in people]
    wide = [(concept, owner) for concept, owner in _OWNERS if asked.places(concept)]
    places = [place for concept, _ in wide for place in asked.places(concept)]
    if len(set(named)) > 1 and not wide and all(len(reps) == 1 for reps in named):
        reps = new(rep for (owner,) in named for rep in [owner.removeprefix("rep:")])
        side_by_side = Narrowed(name="rep", values=reps)
        dimensions = new([*asked.dimensions, "rep"])
        return asked.having_read(people, filters=(*asked.filters, side_by_side), dimensions=dimensions)
    owners = dict.fromkeys([*named, *((_whole_team(owner, asked),) for _, owner in wide)])
    return asked.having_read([*people, *places], whose=(*asked.whose, *owners))


def _whole_team(owner: str, asked: Asked) -> str:
    """ "My top reps" are those of my team."""
    return "my_team" if owner == "me" and "rep" in asked.dimensions else owner


_OWNERS = (("mine", "me"), ("my_team", "my_team"), ("company", "company"))


def settled_values(asked: Asked, context: Context) -> Asked:
    """Values of one dimension become one filter; two or more set side by side break the figures down by it."""
    fitting = tuple(replace(naming, options=_fitting(naming, asked, context)) for naming in asked.narrowed)
    kept = tuple(naming for naming in fitting if not _said_again(naming, fitting))
    grouped: dict[tuple[str, bool], list[str]] = {}
    for naming in kept:
        if naming.certain:
            name, value = naming.options[0]
            grouped.setdefault((name, naming.left_out), []).append(value)
    asked = replace(asked, narrowed=kept)
    for (name, left_out), values in grouped.items():
        asked = filtered(asked, name, new(values), left_out)
    return asked


def _said_again(naming: Naming, all_named: tuple[Naming, ...]) -> bool:
    """Whether the value beside it says which of several is meant: "X500 control system"."""
    beside = (other for other in all_named if abs(other.place - naming.place) == 1)
    return not naming.certain and any(other.certain and other.options[0] in naming.options for other in beside)


def _fitting(naming: Naming, asked: Asked, context: Context) -> tuple[tuple[str, str], ...]:
    """The dimensions that the KPIs have; all of them where the KPIs have none, to be told so."""
    kpis = [context.model.kpis[kpi] for kpi in asked.kpis]
    fitting = tuple(option for option in naming.options if all(option[0] in kpi.dimensions for kpi in kpis))
    return fitting or naming.options[:1]


def filtered(asked: Asked, name: str, values: tuple[str, ...], left_out: bool) -> Asked:
    """With only, or without, these values of a dimension; one team alone says whose."""
    if asked.share and not left_out and not asked.dimensions:
        return replace(asked, dimensions=(name,))
    if name == "team" and len(values) == 1 and not left_out and not asked.whose:
        return replace(asked, whose=((f"team:{values[0]}",),))
    only = Narrowed(name=name, op="not_in" if left_out else "in", values=values)
    side_by_side = [name] if len(values) > 1 and not left_out else []
    return replace(asked, filters=(*asked.filters, only), dimensions=new([*asked.dimensions, *side_by_side]))
