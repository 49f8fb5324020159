"""What a statement's text depends on, and which measures share a statement."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.semantic.definition import Measure
from analytics.semantic.elements import Offsets
from analytics.semantic.model import Model, Part
from analytics.vocabulary import Grain


@dataclass(frozen=True)
class FilterShape:
    """A filter without its values, which are bound as `f<place>`; `single` where it has just one."""

    name: str
    op: str
    single: bool = False


@dataclass(frozen=True)
class Shape:
    """All that a statement's text depends on."""

    parts: tuple[Part, ...]
    dimensions: tuple[str, ...]
    filters: tuple[FilterShape, ...]
    grain: Grain | None
    offsets: Offsets
    fiscal_year_start: int
    restricted: bool
    by_team: bool = False
    many: bool = False  # bounds come from a table of periods, and each row says for which of them it is (`place`)

    @property
    def first(self) -> Measure:
        """All parts share what the first has: table, time, and the shape of their rows."""
        return self.parts[0].measure

    @property
    def bounding(self) -> Measure:
        """The part whose bounds hold every other part's too."""
        return next((part.measure for part in self.parts if part.measure.absent is not None), self.first)

    @property
    def counts_subjects(self) -> bool:
        """Whether distinct subjects of a trailing window are counted."""
        return counts_subjects(self.first)


def counts_subjects(measure: Measure) -> bool:
    """Whether a measure counts the distinct subjects of a trailing window."""
    return measure.window is not None and measure.per is None and len(measure.distinct or ()) == 1


def family(model: Model, measure: Measure) -> tuple[object, ...]:
    """Measures of one family are computed in one statement."""
    overrides = tuple(sorted(measure.dimensions.items()))
    time = "" if measure.state else model.time_of(measure)
    subjects = (measure.distinct, measure.where) if counts_subjects(measure) or measure.per else ()
    shapes = (measure.state, measure.window, measure.per, measure.exists, measure.funnel)
    return (measure.table, time, overrides, *map(repr, shapes), *map(repr, subjects))


def spans_one_period(model: Model, shape: Shape) -> bool:
    """Whether the statement holds for one period only: what it reads depends on where the period ends."""
    measure = shape.first
    return bool(measure.state or measure.window) or reads_views(model, shape)


def columns_used(model: Model, shape: Shape) -> set[str]:
    """The columns of the measured table itself that a statement needs, those its joins start from included."""
    table = shape.first.table
    file = model.schema.file(table)
    paths = [model.path(shape.first, name) or name for name in (*shape.dimensions, *(f.name for f in shape.filters))]
    paths += [path for path in (file.owner, file.team, file.dimensions.get("team")) if path and shape.restricted]
    for part in shape.parts:
        given = part.measure.operand
        paths += [*part.measure.where, *(path for condition in part.measure.where.values() for path in condition.paths)]
        paths += [
            *(part.measure.distinct or ()),
            *([given] if isinstance(given, str) else given.paths if given else ()),
        ]
    state = shape.first.state
    paths += [state.begins, *state.until, *state.open] if state else [model.time_of(shape.first)]
    used: set[str] = set()
    for path in paths:
        step, _, rest = path.partition(".")
        used |= set(model.schema.join(table, step).on) if rest else {step}
    return used


def reads_views(model: Model, shape: Shape) -> bool:
    """Whether it reads the newest rows known at the end of the period."""
    measure = shape.first
    paths = [model.path(measure, name) or name for name in (*shape.dimensions, *(f.name for f in shape.filters))]
    for part in shape.parts:
        given = part.measure.operand
        paths += [*part.measure.where, *(part.measure.distinct or ()), *([given] if isinstance(given, str) else [])]
    views = (model.schema.file(table).latest for path in paths for table in model.schema.tables_on(measure.table, path))
    return any(view is not None and view.known_by == "period_end" for view in views)
