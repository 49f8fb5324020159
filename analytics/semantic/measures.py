"""A measure of a KPI file: one aggregate over the rows of one table, and which of its rows count."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from analytics.semantic.written import Bound, Name, Path, Value, Written, misfit, scalar

COLUMN, OPERAND = "<column>", "<operand>"  # told apart by what is written, never shown
_A_CONDITION = "a condition names a value, a list, or one of not, known, at_least, at_most, less_than, more_than"


class Condition(Written):
    """What a column's value must be. Rows whose value is unknown never match, `excludes` included.

    The bounds are numbers, or paths of another column of the row.
    """

    one_of: tuple[Value, ...] | None = Field(default=None, min_length=1)
    excludes: tuple[Value, ...] | None = Field(default=None, min_length=1, alias="not")
    known: Literal[True] | None = None
    at_least: Bound | None = None
    at_most: Bound | None = None
    less_than: Bound | None = None
    more_than: Bound | None = None
    within_days: int | None = Field(default=None, ge=1)
    of: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, given: Any) -> Any:
        if isinstance(given, dict):
            lists = {
                name: (given[name],) for name in ("one_of", "not") if isinstance(given.get(name), str | int | float)
            }
            return {**given, **lists}
        if given is None or given == []:
            raise misfit(_A_CONDITION)
        if isinstance(given, Condition):
            return given
        return {"one_of": tuple(scalar(value) for value in (given if isinstance(given, list) else [given]))}

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise misfit(_A_CONDITION)
        if (self.within_days is None) != (self.of is None):
            raise misfit("within_days and of go together: {within_days: 90, of: created_at}")
        return self

    @property
    def bounds(self) -> dict[str, float | str]:
        """The bounds given, by name."""
        names = ("at_least", "at_most", "less_than", "more_than")
        return {name: bound for name in names if (bound := getattr(self, name)) is not None}

    @property
    def paths(self) -> tuple[str, ...]:
        """The other columns it compares with."""
        return tuple(bound for bound in (*self.bounds.values(), self.of) if isinstance(bound, str))


Where = dict[Path, Condition]


class Operand(Written):
    """What is summed or averaged where it is not a plain column."""

    hours_between: tuple[Path, Path] | None = None
    days_between: tuple[Path, Path] | None = None
    minus: tuple[Path, Path] | None = None

    @model_validator(mode="after")
    def _one(self) -> Operand:
        if sum(getattr(self, name) is not None for name in type(self).model_fields) != 1:
            raise misfit("an operand is one of hours_between, days_between, minus, each with two columns")
        return self

    @property
    def paths(self) -> tuple[str, str]:
        """The two columns it is made of."""
        return self.hours_between or self.days_between or self.minus or ("", "")


def _operand_kind(given: object) -> str:
    return OPERAND if isinstance(given, dict | Operand) else COLUMN


Summed = Annotated[Annotated[Path, Tag(COLUMN)] | Annotated[Operand, Tag(OPERAND)], Discriminator(_operand_kind)]


class State(Written):
    """Which rows exist at an instant: begun before it, and not ended by then.

    A row whose beginning is unknown does not exist, unless `from_unknown`; one whose ends are all unknown exists as
    long as `open` holds.
    """

    begins: Path = Field(alias="from")
    from_unknown: bool = False
    until: tuple[Path, ...] = ()
    open: Where = Field(default_factory=dict)


class Window(Written):
    """Trailing months up to the period's end, or up to its start."""

    months: int = Field(ge=1)
    at: Literal["start", "end"] = "end"


class Having(Written):
    """What one subject's rows must amount to, to count."""

    distinct: Path
    at_least: int = Field(ge=1)


class Days(Written):
    """A number of days of 24 hours."""

    days: int = Field(ge=1)


class Exists(Written):
    """Another row that must exist: later than (`after`) or not later than (`before`) one's own time."""

    table: Name
    on: dict[Path, Path] = Field(min_length=1)
    time: Path
    after: Days | None = None
    before: Days | None = None
    differs: dict[Path, Path] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_side(self) -> Exists:
        if (self.after is None) == (self.before is None):
            raise misfit("exists needs exactly one of after and before", *(["before"] if self.before else []))
        return self


class Funnel(Written):
    """Steps that a subject passes; `subject` is the first known of these columns."""

    subject: tuple[Name, ...] = Field(min_length=1)
    step: Name
    order: tuple[str, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _each_step_once(self) -> Funnel:
        if twice := sorted({step for step in self.order if self.order.count(step) > 1}):
            raise misfit(f"a step stands twice: {', '.join(twice)}", "order")
        return self


class Forecast(Written):
    """A stored forecast of another KPI held against what came: |actual - forecast|, or |actual|."""

    kpi: Name
    part: Literal["error", "actual"]


_AGGREGATES = ("count", "distinct", "sum", "mean", "forecast")


class Measure(Written):
    """One aggregate over the rows of one table."""

    table: Name
    count: Literal["rows"] | None = None
    distinct: tuple[Path, ...] | None = Field(default=None, min_length=1)
    sum: Summed | None = None
    mean: Summed | None = None
    forecast: Forecast | None = None
    time: Path | None = None
    where: Where = Field(default_factory=dict)
    state: State | None = None
    window: Window | None = None
    absent: Window | None = None
    per: Path | None = None
    having: Having | None = None
    exists: Exists | None = None
    funnel: Funnel | None = None
    reached_within: Days | None = None
    dimensions: dict[Name, Path] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _one_distinct(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("distinct"), str):
            return {**given, "distinct": (given["distinct"],)}
        return given

    @model_validator(mode="after")
    def _fits_together(self) -> Measure:
        aggregates = [name for name in _AGGREGATES if getattr(self, name) is not None]
        if len(aggregates) != 1:
            raise misfit("a measure has exactly one of count, distinct, sum, mean, forecast", *aggregates[-1:])
        self._check_shapes()
        self._check_what_depends()
        self._check_what_is_not_read(aggregates[0])
        return self

    def _check_shapes(self) -> None:
        """A measure looks at rows in one way only."""
        shapes = ("state", "window", "exists", "funnel", "forecast")
        given = [name for name in shapes if getattr(self, name) is not None]
        if len(given) > 1:
            raise misfit(f"{' and '.join(given)} exclude each other; leave one out", given[-1])
        if self.per is not None and given not in ([], ["window"]):
            raise misfit(f"per goes with a window or alone, not with {given[0]}", "per")
        if self.absent is not None and self.per is not None:
            raise misfit("absent and per exclude each other; leave one out", "absent")

    def _check_what_depends(self) -> None:
        """Options that say something of another one."""
        if self.having is not None and self.per is None:
            raise misfit("having needs a per: whose rows are counted", "having")
        if self.absent is not None and (self.window is None or len(self.distinct or ()) != 1):
            raise misfit("absent needs a window and a distinct of one column", "absent")
        if self.absent is not None and self.absent == self.window:
            raise misfit("absent and window are the same months, so nobody is absent from one of them", "absent")
        if self.reached_within is not None and self.funnel is None:
            raise misfit("reached_within belongs to a funnel", "reached_within")

    def _check_what_is_not_read(self, aggregate: str) -> None:
        """Options that would be left unread are refused, so that a figure is what its file says."""
        if self.funnel is not None and aggregate != "count":
            raise misfit(f"a funnel counts its subjects: write count: rows in place of {aggregate}", aggregate)
        if self.per is not None and aggregate == "distinct":
            raise misfit(f"per {self.per} counts each once: write count: rows in place of distinct", "distinct")
        unread = {"state": ("time",), "funnel": ("where",), "forecast": ("time", "where", "dimensions")}
        for shape, options in unread.items():
            for option in options if getattr(self, shape) is not None else ():
                if getattr(self, option):
                    raise misfit(f"{option} says nothing beside {shape}; leave it out", option)

    @property
    def operand(self) -> str | Operand | None:
        """What is summed or averaged."""
        return self.sum if self.sum is not None else self.mean
