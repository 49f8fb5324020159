"""Rows of a list as cells of a table and as items of the machine-readable answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from analytics.semantic.definition import Words
from analytics.semantic.labels import Labels
from analytics.semantic.list_file import ListFile
from analytics.semantic.lists import Listed
from analytics.vocabulary import Figure, Unit
from assistant.kinds.kpi_shown import amount
from assistant.kinds.listed_words import kind_of, names_of
from assistant.kinds.wording import titled
from assistant.result import Cell, Room, Worded, quoted

_UNITS = {"money": Unit.MONEY, "share": Unit.SHARE, "days": Unit.DAYS, "number": Unit.COUNT}
_ITEM_KEYS = {"rep": "owner"}


class Columns:
    """What a list's columns are called, and their values as people read them."""

    def __init__(self, declared: ListFile, room: Room, listed: Listed) -> None:
        self._declared, self._room, self._listed = declared, room, listed
        self._labels = Labels(room.model, room.data)
        happening = {since.of for since in declared.days_since.values() if since.long_ago}
        self._can_never_be = {name for name in declared.columns if set(declared.columns[name].of) <= happening}
        self._can_never_be |= {name for name, since in declared.days_since.items() if since.long_ago}

    def title(self, name: str) -> Worded:
        """A column's heading."""
        called = names_of(self._declared, name, self._room.model)
        return Worded("name", {"name": titled(called) if isinstance(called, Words) else called})

    def is_number(self, name: str) -> bool:
        """Whether a column holds numbers."""
        return kind_of(self._declared, name, self._room.model) in _UNITS

    def cell(self, row: Mapping[str, Any], name: str) -> Cell:
        """A value in a table; what never happened is told from what is not known, and from what has not come yet."""
        value, kind = row.get(name), kind_of(self._declared, name, self._room.model)
        if value is None:
            return self._absent(name)
        if kind == "money":
            return amount(Figure(name, value, Unit.MONEY), self._room.model)
        if kind in _UNITS:
            return Figure(name, value, _UNITS[kind])
        if isinstance(value, bool):
            return Worded("list_value", {"value": "yes" if value else "no"})
        if isinstance(value, date):
            return self._day(value)
        return self._called(name, value)

    def _absent(self, name: str) -> Cell:
        if name in self._can_never_be:
            return Worded("list_value", {"value": "never"})
        if name == "rep":
            return Worded("list_value", {"value": "nobody"})
        return Worded("dash", {}) if name in self._declared.revealed else None

    def _day(self, value: date | datetime) -> date:
        return self._room.local_day(value) if isinstance(value, datetime) else value

    def _called(self, name: str, value: str) -> Cell:
        dimension = self._room.model.dimensions.get(name)
        if dimension is not None and value in dimension.values:
            return dimension.values[value]
        if name == "outcome":
            return Worded("list_value", {"value": value, "text": quoted(value)})
        return quoted(self._name(name, value))

    def _name(self, name: str, value: str) -> str:
        """The name behind an id; the names of all rows are looked up together."""
        if not self._is_id(name):
            return value
        found = self._labels.of(name, [row.get(name) for row in self._listed.rows])
        return found[value] or value

    def _is_id(self, name: str) -> bool:
        dimension = self._room.model.dimensions.get(name)
        return dimension is not None and dimension.labels is not None

    def item(self, row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        """A row by its key and columns: ids with their names beside them, days and moments as ISO texts."""
        found: dict[str, Any] = {self._declared.key: quoted(row[self._declared.key])}
        for name in names:
            key, value = _ITEM_KEYS.get(name, name), row.get(name)
            found[key] = self._plain(value)
            if self._is_id(name):
                found[f"{key}_name"] = quoted(self._name(name, value)) if value is not None else None
        return found

    def _plain(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat().replace("+00:00", "Z")
        if isinstance(value, date):
            return value.isoformat()
        return quoted(value) if isinstance(value, str) else float(value) if isinstance(value, Decimal) else value
