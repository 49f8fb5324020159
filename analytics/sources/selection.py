"""Which rows of a file a part of the mapping means."""

from __future__ import annotations

import pandas as pd

from analytics.sources.mapping import Selection, Where, reference
from analytics.sources.read import ExportFile


def selected(selection: Selection, files: dict[str, ExportFile]) -> pd.Series:
    """True for the rows of the selection's file that it keeps."""
    frame = files[selection.from_].frame
    keep = holds(frame, selection.where)
    for column in selection.filled:
        keep &= frame[column].notna()
    for column in selection.empty:
        keep &= frame[column].isna()
    for column, other in selection.not_in.items():
        file, there = reference(other) or (selection.from_, other)
        keep &= ~frame[column].isin(files[file].frame[there].dropna())
    return keep


def holds(frame: pd.DataFrame, where: Where) -> pd.Series:
    """True for the rows whose cells are among the values named."""
    keep = pd.Series(True, index=frame.index, dtype=bool)
    for column, values in where.items():
        keep &= frame[column].isin(values)
    return keep
