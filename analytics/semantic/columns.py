"""Looking up columns for the checks: a path that leads nowhere, or to the wrong kind of column, is noted once."""

from __future__ import annotations

from collections.abc import Iterable

from analytics.semantic.found import Place, Trouble
from analytics.semantic.schema import BrokenJoin, Schema

NUMBERS, TIMES = ("whole", "number", "money"), ("moment", "date")
_CALLED = {
    "text": "text",
    "whole": "a whole number",
    "number": "a number",
    "money": "money",
    "moment": "a moment",
    "date": "a date",
    "flag": "true or false",
    "json": "a list",
}


def comparable(kind: str, other: str) -> bool:
    """Whether two columns can be compared with each other: money only with money, a date only with a date."""
    plain = ("whole", "number")
    return kind == other or (kind in plain and other in plain)


class Columns:
    """The columns that can be had from one table; `troubles` holds what was wrong with those asked for."""

    def __init__(self, schema: Schema, table: str) -> None:
        self._schema, self.table = schema, table
        self.troubles: list[Trouble] = []

    def kind(self, path: str, place: Place, *, own: str = "", timeless: str = "") -> str | None:
        """What kind of column a path ends at; None where it leads nowhere.

        `own` says why it must be a column of the table itself, `timeless` why no join with `during` may lead there.
        """
        steps = path.split(".")[:-1]
        if own and steps:
            self.note(place, f"{path} leads to another table; {own}")
            return None
        try:
            kind = self._schema.reach(self.table, path).kind
        except BrokenJoin:
            return None
        except LookupError as error:
            self.note(place, str(error.args[0]))
            return None
        if timeless and self._passes_a_history(steps):
            self.note(place, f"{path} leads over a join with during; {timeless}")
            return None
        return kind

    def must_be(
        self, kinds: Iterable[str], path: str, place: Place, says: str, *, own: str = "", timeless: str = ""
    ) -> str | None:
        """The kind of a column, if it is one of `kinds`; else None, and `says` is noted."""
        kind = self.kind(path, place, own=own, timeless=timeless)
        if kind is None or kind in kinds:
            return kind
        self.note(place, f"{self.called(path, kind)}; {says}")
        return None

    def called(self, path: str, kind: str) -> str:
        """`rep_id of orders is text`."""
        return f"{path} of {self.table} is {_CALLED[kind]}"

    def note(self, place: Place, says: str) -> None:
        """One more trouble, unless the same was noted."""
        if all(says != noted for _, noted in self.troubles):
            self.troubles.append((place, says))

    def _passes_a_history(self, steps: list[str]) -> bool:
        table = self.table
        for step in steps:
            join = self._schema.join(table, step)
            if join.during is not None:
                return True
            table = join.to
        return False
