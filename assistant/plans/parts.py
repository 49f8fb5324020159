"""Parts that plans are made of: periods, filters, comparisons, orders. All frozen."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from analytics.semantic.query import ComparisonKind
from analytics.vocabulary import Grain, Period
from assistant.days import EARLIEST, LATEST


def _writable(text: str) -> str:
    text.encode("utf-8")  # half a character is a UnicodeEncodeError, which is a ValueError
    return text


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_writable)]


Label = Annotated[str, Field(max_length=200), AfterValidator(_writable)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class PlanPart(BaseModel):
    """What every plan and every part of one is: frozen, and nothing beside its own fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def compact(part: PlanPart) -> dict[str, Any]:
    """A plan as JSON without what stands at its default; of whatever kind, it is read back as the same."""
    given = {name: getattr(part, name) for name in type(part).model_fields}
    defaults = {name: field.get_default() for name, field in type(part).model_fields.items()}
    return {name: _compact(value) for name, value in given.items() if name == "kind" or value != defaults[name]}


def _compact(value: Any) -> Any:
    if isinstance(value, PlanPart):
        return compact(value)
    return [_compact(one) for one in value] if isinstance(value, tuple) else value


class Day(PlanPart):
    """A resolved period, half-open, as the JSON answer prints it."""

    start: str
    end: str
    label: Label

    @model_validator(mode="after")
    def _runs_forward(self) -> Day:
        """Days of the calendar, the end after the start, in years that there are data of."""
        start, end = date.fromisoformat(self.start), date.fromisoformat(self.end)
        if not EARLIEST <= start < end <= LATEST:
            raise ValueError("a period starts before it ends, within the years that can be asked about")
        return self


class Days(Day):
    """A period of a question; `grain`, `count` and `to_date` as in `analytics.vocabulary.Period`."""

    grain: Grain | None = None
    count: int = Field(default=1, ge=1, le=1_000)
    to_date: bool = False

    @classmethod
    def of(cls, period: Period) -> Days:
        """The plan's form of a period."""
        return cls(
            start=period.start.isoformat(),
            end=period.end.isoformat(),
            label=period.label,
            grain=period.grain,
            count=period.count,
            to_date=period.to_date,
        )

    @property
    def period(self) -> Period:
        """The period it stands for."""
        start, end = date.fromisoformat(self.start), date.fromisoformat(self.end)
        return Period(start, end, self.label, self.grain, self.count, self.to_date)


class Narrowed(PlanPart):
    """Only rows of this dimension's values; ids for reps, teams and customers, else names."""

    name: str
    op: Literal["in", "not_in", "contains"] = "in"
    values: tuple[Name, ...] = Field(min_length=1, max_length=100)


RowOp = Literal[
    "in", "not_in", "contains", "at_least", "at_most", "more_than", "less_than", "between", "known", "unknown", "during"
]
_COMPARING = {"at_least": 1, "at_most": 1, "more_than": 1, "less_than": 1, "between": 2, "known": 0, "unknown": 0}


class RowFilter(PlanPart):
    """Only rows of a list whose column is so: `values` for words and numbers, `period` for op `during`."""

    name: str
    op: RowOp = "in"
    values: tuple[bool | int | Number | Name, ...] = Field(default=(), max_length=100)
    period: Days | None = None

    @model_validator(mode="after")
    def _has_what_its_op_needs(self) -> RowFilter:
        wanted = _COMPARING.get(self.op)
        if (self.op == "during") != (self.period is not None):
            raise ValueError("during, and nothing else, has a period")
        if wanted is not None and len(self.values) != wanted:
            raise ValueError(f"{self.op} takes {wanted} values")
        if wanted is None and self.op != "during" and not self.values:
            raise ValueError(f"{self.op} names its values")
        return self


class ComparedWith(PlanPart):
    """What figures are held against; `period` for kind custom only."""

    kind: ComparisonKind
    period: Days | None = None

    @model_validator(mode="after")
    def _names_its_period(self) -> ComparedWith:
        if (self.kind == "custom") != (self.period is not None):
            raise ValueError("custom, and nothing else, names a period")
        return self


class Having(PlanPart):
    """Only groups whose `kpi` is so; shares as fractions of 1, money in the company's currency."""

    kpi: str
    op: Literal["at_least", "at_most", "more_than", "less_than", "between"]
    values: tuple[float, ...] = Field(min_length=1, max_length=2)

    @model_validator(mode="after")
    def _has_its_bounds(self) -> Having:
        if len(self.values) != (2 if self.op == "between" else 1):
            raise ValueError("between takes two values, every other bound takes one")
        return self

    def lets_through(self, value: float) -> bool:
        """Whether a group of this value is shown."""
        first, last = self.values[0], self.values[-1]
        return {
            "at_least": value >= first,
            "at_most": value <= first,
            "more_than": value > first,
            "less_than": value < first,
            "between": first <= value <= last,
        }[self.op]


class OrderedBy(PlanPart):
    """By a KPI, a dimension or a column."""

    by: Name
    descending: bool = True
