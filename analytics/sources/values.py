"""The values of one warehouse column, for some rows of a file, and which cells were of no use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Boolean, Column, Date, Double, Integer

from analytics.sources import cells
from analytics.sources.mapping import PLACEHOLDER, Cell, Mapping
from analytics.sources.read import ExportFile
from analytics.sources.recode import Change, frequencies, recode
from analytics.sources.report import EXAMPLES, CellCount, Doubt, shortened
from analytics.sources.selection import holds
from analytics.sources.spelling import slug
from analytics.warehouse.types import Money, UtcDateTime


@dataclass(frozen=True)
class Chosen:
    """The rows of one file that a row set takes."""

    file: str
    frame: pd.DataFrame


@dataclass
class Doubts:
    """Collects the cells of a table that could not be used as they are."""

    table: str
    counts: list[CellCount] = field(default_factory=list)

    def add(self, column: str, doubt: Doubt, strange: dict[str, int], place: str | None = None) -> None:
        """Count these texts (with their number of cells) against a column of the table, or of another place."""
        if strange:
            shown = tuple(shortened(text) for text in sorted(strange, key=lambda text: -strange[text])[:EXAMPLES])
            self.counts.append(CellCount(place or self.table, column, doubt, sum(strange.values()), shown))

    def add_unread(self, column: str, doubt: Doubt, changes: list[Change]) -> None:
        """Count the texts of which nothing became."""
        self.add(column, doubt, {change.before: change.count for change in changes if change.after is None})


def texts_of(cell: Cell, column: str, rows: Chosen, files: dict[str, ExportFile], doubts: Doubts) -> pd.Series:
    """What a cell's declaration gives for each of the rows, still as text."""
    texts = _origin(cell, rows, files, doubts)
    if cell.when:
        texts = texts.where(holds(rows.frame, cell.when), None)
    if cell.map is not None:
        texts, changes = recode(texts, cell.map.get)
        doubts.add_unread(column, Doubt.UNKNOWN_VALUE, changes)
    if cell.bands is not None:
        texts, changes = recode(texts, partial(_band, cell.bands))
        doubts.add_unread(column, Doubt.UNKNOWN_VALUE, changes)
    if cell.as_ == "slug":
        texts, changes = recode(texts, slug)
        doubts.add_unread(column, Doubt.UNKNOWN_VALUE, changes)
    return texts


def _origin(cell: Cell, rows: Chosen, files: dict[str, ExportFile], doubts: Doubts) -> pd.Series:
    frame = rows.frame
    if cell.value is not None:
        return pd.Series([cell.value] * len(frame), index=frame.index, dtype=object)
    if cell.text is not None:
        return _written(cell.text, frame)
    assert cell.column is not None
    if cell.of is None or cell.by is None:
        return frame[cell.column]
    ours, theirs = next(iter(cell.by.items()))
    other = files[cell.of].frame.dropna(subset=[theirs]).drop_duplicates(theirs)
    known: dict[str, Any] = dict(zip(other[theirs], other[cell.column], strict=True))
    found, _ = recode(frame[ours], known.get)
    strange = {text: count for text, count in frequencies(frame[ours]).items() if text not in known}
    doubts.add(ours, Doubt.NOT_FOUND, strange, place=rows.file)
    return found


def _written(forms: tuple[str, ...], frame: pd.DataFrame) -> pd.Series:
    """Each form with its columns filled in; per row the first whose columns all hold something."""
    written = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    for form in forms:
        text: Any = ""
        for place, part in enumerate(PLACEHOLDER.split(form)):
            text = text + (frame[part] if place % 2 else part)
        written = written.where(written.notna(), text)
    return written.where(written.notna(), None)


def _band(bands: dict[str, float], cell: str) -> str | None:
    size = cells.number(cell)
    within = [(least, band) for band, least in bands.items() if size is not None and size >= least]
    return max(within)[1] if within else None


def typed(texts: pd.Series, column: Column[Any], mapping: Mapping, doubts: Doubts) -> pd.Series:
    """Texts as the warehouse column wants them; what cannot be read is missing and counted."""
    parse, doubt = _parser(column, mapping)
    if parse is None:
        return texts
    values, changes = recode(texts, parse)
    doubts.add_unread(column.name, doubt, changes)
    return as_dtype(values, column)


def as_dtype(values: pd.Series, column: Column[Any]) -> pd.Series:
    """Read values in the warehouse's frame conventions: UTC moments, midnight dates, floats, object booleans."""
    if isinstance(column.type, UtcDateTime):
        return pd.to_datetime(values, utc=True).astype("datetime64[us, UTC]")
    if isinstance(column.type, Date):
        return pd.to_datetime(values).astype("datetime64[us]")
    if isinstance(column.type, Money | Double):
        return values.astype("float64")
    if isinstance(column.type, Integer):
        return values.astype("Int64")
    return values


def _parser(column: Column[Any], mapping: Mapping) -> tuple[Callable[[str], Any] | None, Doubt]:
    kind, comma = column.type, mapping.decimal_comma
    if isinstance(kind, UtcDateTime):
        return partial(cells.moment, zone=ZoneInfo(mapping.timezone), formats=mapping.dates), Doubt.BAD_DATE
    if isinstance(kind, Date):
        return partial(cells.day, formats=mapping.dates), Doubt.BAD_DATE
    if isinstance(kind, Money):
        return partial(cells.amount, decimal_comma=comma), Doubt.BAD_NUMBER
    if isinstance(kind, Boolean):
        return cells.yes_no, Doubt.BAD_YES_NO
    if isinstance(kind, Integer):
        return partial(cells.whole, decimal_comma=comma), Doubt.BAD_NUMBER
    if isinstance(kind, Double):
        return partial(cells.number, decimal_comma=comma), Doubt.BAD_NUMBER
    return None, Doubt.UNKNOWN_VALUE


def count_future(values: pd.Series, column: Column[Any], now: datetime, doubts: Doubts) -> None:
    """Count moments after `now`: they stay, but say nothing of how fresh the data is."""
    if isinstance(column.type, UtcDateTime):
        late = values[values > pd.Timestamp(now)]
        doubts.add(
            column.name, Doubt.IN_FUTURE, {str(moment): int(count) for moment, count in late.value_counts().items()}
        )
