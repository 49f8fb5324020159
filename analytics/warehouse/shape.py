"""A frame as a source gave it -> exactly the columns and types of its declared table."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, Date, Double, Integer, Table

from analytics.warehouse.types import JsonText, Money, UtcDateTime, as_json

if TYPE_CHECKING:
    import pandas as pd


class ShapeError(ValueError):
    """A frame that does not fit its table; the message names the table, the column and what is wrong."""


def fit_to_table(frame: pd.DataFrame, table: Table, source: str) -> pd.DataFrame:
    """`frame` with the columns of `table` in order, typed, `source` filled in.

    Columns the frame lacks are empty; a column the table lacks is an error. Moments become UTC without a zone,
    money exact cents as integers (NA where missing).
    """
    import pandas as pd

    unknown = [name for name in frame.columns if name not in table.columns]
    if unknown:
        raise ShapeError(f"table {table.name} has no column {', '.join(map(repr, unknown))}")
    shaped: dict[str, Any] = {}
    for column in table.columns:
        given = frame[column.name] if column.name in frame.columns else pd.Series([None] * len(frame), dtype=object)
        try:
            shaped[column.name] = _typed(given.reset_index(drop=True), column)
        except (TypeError, ValueError) as error:
            raise ShapeError(f"{table.name}.{column.name}: {error}") from error
    shaped["source"] = pd.Series([source] * len(frame), dtype=object)
    return pd.DataFrame(shaped)


def _typed(values: pd.Series[Any], column: Column[Any]) -> pd.Series[Any]:
    import pandas as pd

    kind = column.type
    if isinstance(kind, UtcDateTime | Date):
        moments = pd.to_datetime(values, utc=True).dt.tz_localize(None).astype("datetime64[us]")
        return moments if isinstance(kind, UtcDateTime) else moments.dt.normalize()
    if isinstance(kind, Money):
        return (pd.to_numeric(values).astype("Float64") * 100).round().astype("Int64")
    if isinstance(kind, Boolean):
        return values.astype("boolean")
    if isinstance(kind, Integer):
        return pd.to_numeric(values).astype("Int64")
    if isinstance(kind, Double):
        return pd.to_numeric(values).astype("float64")
    if isinstance(kind, JsonText):
        return pd.Series([None if _missing(value) else as_json(value) for value in values], dtype=object)
    text = values.astype(object)
    return text.where(text.notna(), None)


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and value != value)


def checksum(frame: pd.DataFrame) -> str:
    """A digest of a shaped frame's rows, whatever their order; the same on every database."""
    import pandas as pd

    if frame.empty:
        return hashlib.sha256(b"").hexdigest()[:16]
    rows = pd.util.hash_pandas_object(frame, index=False).to_numpy(dtype="uint64")
    total = int(rows.sum(dtype="uint64"))
    return hashlib.sha256(f"{len(frame)}:{total}".encode()).hexdigest()[:16]
