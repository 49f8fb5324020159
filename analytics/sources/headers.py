"""A file's header against the columns a mapping needs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from analytics.sources.errors import SourceError, closest, listed
from analytics.sources.report import MendCount
from analytics.sources.spelling import fold

_UNNAMED = "\0unnamed "


@dataclass(frozen=True)
class Header:
    """The names a file's columns go by here, each once, and what was done to get them."""

    names: list[str]
    mends: list[MendCount]
    key: str

    def drop_unnamed(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[MendCount]]:
        """Without unnamed columns that hold nothing; others are called "column 7"."""
        unnamed = [name for name in frame.columns if name.startswith(_UNNAMED)]
        empty = [name for name in unnamed if frame[name].isna().all()]
        renamed = {name: f"column {name.removeprefix(_UNNAMED)}" for name in unnamed if name not in empty}
        mends = [MendCount("header_unnamed", self.key, name, 1, (("", name),)) for name in renamed.values()]
        return frame.drop(columns=empty).rename(columns=renamed), mends


def fit_header(
    file_name: str, found: list[str], required: set[str], optional: set[str], delimiter: str, key: str
) -> Header:
    """Names for the columns found; one the mapping knows may differ in case, space and punctuation.

    Raises SourceError when a required column is missing or stands twice.
    """
    names = list(found)
    mends: list[MendCount] = []
    known = required | optional
    for wanted in sorted(known - set(found)):
        alike = [place for place, name in enumerate(names) if fold(name) == fold(wanted) and name not in known]
        if len(alike) == 1:
            mends.append(MendCount("header_spelling", key, wanted, 1, ((names[alike[0]], wanted),)))
            names[alike[0]] = wanted
    missing = sorted(required - set(names))
    if missing:
        raise _missing_columns(file_name, missing, names, delimiter)
    return Header(_each_once(file_name, names, known, key, mends), mends, key)


def _each_once(file_name: str, names: list[str], known: set[str], key: str, mends: list[MendCount]) -> list[str]:
    seen: Counter[str] = Counter()
    once = []
    for place, name in enumerate(names, start=1):
        if not name:
            once.append(f"{_UNNAMED}{place}")
            continue
        seen[name] += 1
        if seen[name] > 1 and name in known:
            both = " and ".join(str(at) for at, other in enumerate(names, start=1) if other == name)
            raise SourceError(
                f"{file_name} has the column '{name}' more than once (columns {both}): which one is meant? Delete one.",
                f"{file_name} 中“{name}”列出现多次（第 {both.replace(' and ', '、')} 列）：请删去其一。",
            )
        told_apart = name if seen[name] == 1 else f"{name} ({seen[name]})"
        if told_apart != name:
            mends.append(MendCount("header_twice", key, told_apart, 1, ((name, told_apart),)))
        once.append(told_apart)
    return once


def _missing_columns(file_name: str, missing: list[str], names: list[str], delimiter: str) -> SourceError:
    found = [name for name in names if name]
    close = list(dict.fromkeys(name for wanted in missing for name in closest(wanted, found, 1)))
    wanted, plural = listed(missing), "s" if len(missing) > 1 else ""
    shown = {"\t": "tab"}.get(delimiter, delimiter)
    one_en = f" Read with the delimiter '{shown}'; is it another one?" if len(names) == 1 else ""
    one_zh = f"读取时使用的分隔符为“{shown}”，是否应为其他？" if len(names) == 1 else ""
    return SourceError(
        f"{file_name} lacks the column{plural} {wanted}. Found: {listed(found)}."
        + (f" Close: {listed(close)}." if close else "")
        + one_en,
        f"{file_name} 缺少列 {wanted}。现有列：{listed(found)}。"
        + (f"相近的有：{listed(close)}。" if close else "")
        + one_zh,
    )
