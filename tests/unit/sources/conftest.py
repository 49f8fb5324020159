"""Small invented exports: a mapping and its files, written into a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.sources.check import load_mapping
from analytics.sources.extract import Extract, read_source
from analytics.sources.mapping import Mapping

LEADS = """
title: {en: Trade show, zh: 展会}
files:
  visitors: {name: visitors.csv, key: badge}
tables:
  leads:
    from: visitors
    columns:
      lead_id: badge
      company: firm
"""

WriteMapping = Callable[[str], Mapping]
ReadExport = Callable[..., Extract]


@pytest.fixture
def mapping_of(tmp_path: Path) -> WriteMapping:
    def write(text: str) -> Mapping:
        file = tmp_path / "mappings" / "show.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return load_mapping(file)

    return write


@pytest.fixture
def read_export(tmp_path: Path, mapping_of: WriteMapping) -> ReadExport:
    """Read files given as name=content (text as UTF-8, or bytes) by a mapping given as text."""

    def read(mapping: str = LEADS, **contents: str | bytes) -> Extract:
        folder = tmp_path / "export"
        folder.mkdir(exist_ok=True)
        for name, content in contents.items():
            path = folder / f"{name}.csv"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_source(mapping_of(mapping), folder)

    return read
