"""The files that declare lists: `analytics/kpis/lists/<id>.yaml`, and what may stand in one.

list: deals
names: {en: deals, zh: 商机}
table: opportunities
key: opportunity_id
existing: {from: created_at, until: [closed_at], open: {outcome: open}}
                           which rows exist at the clock: its `open` state. Without it every row does, always
states:                    other states: rows of `where` whose moment `at` has come, or is not known
  won: {where: {outcome: won}, at: closed_at, order: {by: closed_at}}
revealed:                  columns of the table that are written when a moment comes: until then they were `before`
  outcome: {at: closed_at, before: open}
columns:                   a path, or several of which the first known counts; words where no dimension gives them
  rep: owner_rep_id
  stage: {of: [stage_then.stage, stage]}
  amount: {of: amount, names: {en: amount, zh: 金额}}
days_since:                days from a moment to today
  days_in_stage: {of: stage_then.entered_at, names: {en: days in stage, zh: 停留天数}}
total: amount              the column that is summed over all rows found
order: [{by: amount}]      the order unless another is asked for: the first whose data are there
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator, Field, ValidationError

from analytics.semantic.definition import State, Where, Words
from analytics.semantic.faults import Complaint, ModelError
from analytics.semantic.written import Scalar, Written
from analytics.vocabulary import Unit

FOLDER = Path(__file__).parents[1] / "kpis" / "lists"
ALL, OPEN = "all", "open"


class ByColumn(Written):
    """The order a list has unless another is asked for."""

    by: str
    descending: bool = True


def _paths(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


def _column(given: Any) -> Any:
    return {"of": given} if isinstance(given, str) else given


class ListColumn(Written):
    """A column: the first of these paths that is known. `unit` where its type does not tell what a number counts."""

    of: Annotated[tuple[str, ...], BeforeValidator(_paths)]
    names: Words | None = None
    unit: Unit | None = None


class Since(Written):
    """Days from a moment to today; `long_ago`: rows without that moment count as older than any number of days."""

    of: str
    never: str = Field(default="unknown", pattern="^(unknown|long_ago)$")
    names: Words | None = None

    @property
    def long_ago(self) -> bool:
        """Whether a row without that moment is one to which it never happened."""
        return self.never == "long_ago"


class Revealed(Written):
    """What a row says only once the moment in column `at` has come; `before` is what it said until then."""

    at: str
    before: Scalar | None = None


class ListState(Written):
    """Rows of `where` whose moment `at` has come by the clock, or is not known."""

    where: Where
    at: str
    order: ByColumn | None = None


class ListFile(Written):
    """One list."""

    id: str = Field(alias="list")
    names: Words
    table: str
    key: str
    existing: State | None = None
    states: dict[str, ListState] = Field(default_factory=dict)
    revealed: dict[str, Revealed] = Field(default_factory=dict)
    columns: dict[str, Annotated[ListColumn, BeforeValidator(_column)]]
    days_since: dict[str, Since] = Field(default_factory=dict)
    total: str | None = None
    order: tuple[ByColumn, ...] = Field(min_length=1)

    @property
    def all_columns(self) -> tuple[str, ...]:
        """What can be filtered and ordered by."""
        return (*self.columns, *self.days_since)

    @property
    def all_states(self) -> tuple[str, ...]:
        """What can be asked for, the usual one first."""
        return (OPEN, *self.states, ALL) if self.existing is not None else (ALL,)

    def paths_of(self, name: str) -> tuple[str, ...]:
        """The paths that a column reads."""
        return self.columns[name].of if name in self.columns else (self.days_since[name].of,)

    def names_of(self, name: str) -> Words | None:
        """What a column is called, None where a dimension of its name tells."""
        return self.columns[name].names if name in self.columns else self.days_since[name].names

    def orders(self, state: str) -> tuple[ByColumn, ...]:
        """The usual orders of a state, best first."""
        own = self.states[state].order if state in self.states else None
        return (own, *self.order) if own else self.order


@cache
def read_lists(folder: Path = FOLDER) -> dict[str, ListFile]:
    """The declared lists by id; ModelError where a file cannot be used."""
    found: dict[str, ListFile] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            written: Any = yaml.safe_load(path.read_text("utf-8"))
            one = ListFile.model_validate(written)
        except (ValidationError, yaml.YAMLError) as error:
            raise ModelError([Complaint(path, 1, str(error).splitlines()[0])]) from error
        found[one.id] = one
    return found
