"""Ids of a dimension -> the names people know them by."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, String, bindparam, func, select

from analytics.semantic.model import Model
from analytics.semantic.rows import Rows
from analytics.warehouse import Reader

_AT_ONCE = 1_000


class Labels:
    """Names looked up once per version."""

    def __init__(self, model: Model, reader: Reader) -> None:
        self._model, self._reader = model, reader
        self._known: dict[str, dict[str, str]] = reader.remembered.setdefault("labels", {})

    def of(self, dimension: str, keys: Iterable[str | None]) -> dict[str | None, str | None]:
        """The name of each key, with the key where another has the same name; the key alone where it has none."""
        wanted = [key for key in dict.fromkeys(keys) if key is not None]
        if self._model.dimensions[dimension].labels is None:
            return {None: None, **{key: str(key) for key in wanted}}
        known = self._known.setdefault(dimension, {})
        unknown = [key for key in wanted if key not in known]
        for start in range(0, len(unknown), _AT_ONCE):
            known.update(self._look_up(dimension, unknown[start : start + _AT_ONCE]))
        return {None: None, **{key: known[key] for key in wanted}}

    def _look_up(self, dimension: str, keys: list[str]) -> dict[str, str]:
        labels = self._model.dimensions[dimension].labels
        assert labels is not None
        rows = Rows(self._model.schema, labels.table)
        key, name = rows.column(labels.key), rows.column(labels.name)
        named = select(key, name).select_from(rows.source).where(_among(key, "keys"))
        found: dict[str, str | None] = {row[0]: row[1] for row in map(list, self._reader.rows(named, {"keys": keys}))}
        names = sorted({called for called in found.values() if called})
        twice = select(name).select_from(rows.source).where(_among(name, "names")).group_by(name)
        repeated = self._reader.rows(twice.having(func.count() > 1), {"names": names}) if names else []
        shared = {next(iter(row)) for row in repeated}
        called_so = {one: found.get(one) or one for one in keys}
        return {one: f"{called} ({one})" if called in shared else called for one, called in called_so.items()}


def _among(column: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
    return column.in_(bindparam(parameter, expanding=True, type_=String()))
