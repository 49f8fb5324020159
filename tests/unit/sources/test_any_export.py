"""Whatever bytes somebody calls an export: rows that all add up, or one sentence; never a traceback."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as some

from analytics.sources.check import load_mapping
from analytics.sources.errors import SourceError
from analytics.sources.extract import Extract, read_source

MAPPING = """
title: {en: Trade show, zh: 展会}
files: {visitors: {name: visitors.csv, key: badge, optional: [town]}}
mends:
  - {id: firms, file: visitors, column: firm, unify: true}
  - {id: towns, file: visitors, column: town, match: [Leeds, Hull, 苏州], slips: 2}
tables:
  leads: {from: visitors, columns: {lead_id: badge, company: firm, created_at: firm, source_order: town}}
  customers: {from: visitors, columns: {customer_id: {column: firm, as: slug}, name: {text: "{firm} {town}"}}}
  lead_features: {from: visitors, columns: {lead_id: badge}, features: {skip: [badge], numbers: [firm]}}
"""
CELLS = some.one_of(
    some.sampled_from(
        ["", "1", "2", "leeds", "Led", "苏州", '"', '""', "\0", " ", "\r", "2026-11-23", "1e400", "=1", "'", "NaN"]
    ),
    some.text(max_size=6),
)
ROWS = some.lists(some.lists(CELLS, max_size=5).map(",".join), max_size=8).map("\n".join)
CONTENTS = some.one_of(
    ROWS.map(lambda rows: f"badge,firm,town\n{rows}"), ROWS.map(lambda rows: f"badge;town;firm;;\r\n{rows}"), ROWS
).map(lambda text: text.encode("utf-8", "surrogatepass"))


def read(content: bytes) -> Extract | SourceError:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "visitors.csv"
        file.write_bytes(content)
        (Path(folder) / "show.yaml").write_text(MAPPING, encoding="utf-8")
        try:
            return read_source(load_mapping(Path(folder) / "show.yaml"), file)
        except SourceError as told:
            return told


@settings(max_examples=150, deadline=None, database=None)
@given(some.one_of(CONTENTS, some.binary(max_size=200), some.binary(max_size=60).map(b"badge,firm\n1,".__add__)))
def test_every_row_of_any_export_is_accounted_for_or_one_sentence_says_why_not(content: bytes) -> None:
    found = read(content)
    if isinstance(found, SourceError):
        assert all(
            "\n" not in sentence and sentence.endswith((".", "。", "?", "？")) for sentence in found.text.values()
        )
        return
    for table in found.report.tables:
        assert table.rows_in == table.rows_out + table.rows_rejected
        assert table.rows_out == len(found.tables[table.table])
    assert found.report.table("leads").rows_in == found.report.files[0].rows
    assert found.tables["leads"]["lead_id"].is_unique
    assert not found.tables["lead_features"].duplicated(["lead_id", "name"]).any()
