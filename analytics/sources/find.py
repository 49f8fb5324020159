"""Which sources there are: a mapping file each, here and in the folders a company adds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from analytics.sources.check import load_mapping
from analytics.sources.errors import SourceError, hint_en, hint_zh
from analytics.sources.mapping import Mapping

_HERE = Path(__file__).parent
_ID = re.compile(r"[a-z][a-z0-9_]*")


def available(extra_dirs: Iterable[Path] = ()) -> dict[str, Path]:
    """The mapping file of each source, by id (its file's name); a file of the company's own comes first."""
    found: dict[str, Path] = {}
    for folder in (*extra_dirs, _HERE):
        files = sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))) if folder.is_dir() else []
        for file in files:
            if _ID.fullmatch(file.stem):
                found.setdefault(file.stem, file)
    return dict(sorted(found.items()))


def find_mapping(source_id: str, extra_dirs: Iterable[Path] = ()) -> Mapping:
    """The mapping of a source, read and checked; SourceError when there is none or it is faulty."""
    known = available(extra_dirs)
    if source_id not in known:
        raise SourceError(
            f"There is no source '{source_id}'. Known: {', '.join(known)}.{hint_en(source_id, known)}",
            f"没有名为“{source_id}”的数据源。现有：{'、'.join(known)}。{hint_zh(source_id, known)}",
        )
    return load_mapping(known[source_id])
