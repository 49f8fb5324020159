from __future__ import annotations

from pathlib import Path

import pytest

from analytics.sources import mapping as mapping_language
from analytics.sources.errors import SourceError
from analytics.sources.find import available, find_mapping

LEADS = """
title: {en: Trade show, zh: 展会}
files:
  visitors: {name: visitors.csv, key: badge}
tables:
  leads:
    from: visitors
    columns:
      lead_id: badge
"""


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        (
            "      lead_id: badge",
            "      led_id: badge",
            "line 9 (tables.leads.columns.led_id): leads has no column 'led_id'",
        ),
        ("leads:", "lead:", "line 6 (tables.lead): the warehouse has no table 'lead' to fill. Close: leads"),
        ("from: visitors", "from: visitor", "line 7 (tables.leads.from): 'visitor' is none of this mapping's files"),
        (
            "key: badge",
            "keys: badge",
            "line 4 (files.visitors.keys): 'keys' is not a word of this language. Close: key",
        ),
        ("title: {en: Trade show, zh: 展会}", "title: {en: Trade show}", "line 2 (title.zh): 'zh' is missing"),
        ("lead_id: badge", "lead_id: {column: badge, value: x}", "exactly one of column, value and text"),
        ("lead_id: badge", "company: badge", "rows of leads need their key (lead_id)"),
        ("lead_id: badge", "{lead_id: badge, created_at: {value: soon}}", "'soon' does not fit leads.created_at"),
        ("lead_id: badge", "{lead_id: badge, company: {text: firm}}", "a text names at least one column in braces"),
        ("lead_id: badge", "{lead_id: badge, company: {column: firm, of: firms, by: x}}", "'firms' is none of"),
        ("    columns:", "    features: {}\n    columns:", "features go to lead_features only"),
        (
            "lead_id: badge",
            "lead_id: badge\n      lead_id: other",
            "line 10 (tables.leads.columns.lead_id): 'lead_id' stands here twice",
        ),
        ("files:", "timezone: Mars/Olympus\nfiles:", "no time zone is called 'Mars/Olympus'"),
        ("files:", "company: {currency: EUR}\nfiles:", "(company): a company needs a name"),
        ("files:", "id: show\nfiles:", "(id): a mapping's id is its file's name"),
        ("key: badge", "key: badge, encoding: klingon", "no encoding is called 'klingon'"),
        ("title: {en", "title: [{en", "not valid YAML"),
        ("files:", "missing: &a [x]\ncompany: *a\nfiles:", "anchors and aliases are not read"),
        ("files:", "mends: [{id: m, file: visitors, column: firm}]\nfiles:", "exactly one of replace, match and unify"),
        ("files:", "gaps: [{id: g, en: a, zh: b, count: {from: nobody, empty: x}}]\nfiles:", "'nobody' is none of"),
    ],
)
def test_a_faulty_mapping_is_told_with_its_file_line_and_entry(
    tmp_path: Path, wrong: str, right: str, said: str
) -> None:
    assert wrong in LEADS
    (tmp_path / "show.yaml").write_text(LEADS.replace(wrong, right, 1), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        find_mapping("show", [tmp_path])
    assert said in str(caught.value)
    assert str(caught.value).startswith("show.yaml")
    assert "show.yaml" in caught.value.text["zh"]


def test_every_scalar_of_a_mapping_is_text_so_no_is_the_word_no(tmp_path: Path) -> None:
    text = LEADS + "      status: {column: wanted, map: {No: lost, Yes: open, 1: converted}}\n"
    (tmp_path / "show.yaml").write_text(text, encoding="utf-8")
    read = find_mapping("show", [tmp_path])
    assert read.tables["leads"][0].columns["status"].map == {"No": "lost", "Yes": "open", "1": "converted"}


def test_a_company_s_own_mapping_is_found_beside_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "trade_show.yaml").write_text(LEADS, encoding="utf-8")
    (tmp_path / "Notes for me.yaml").write_text("no mapping", encoding="utf-8")
    assert set(available()) >= {"crm_sales", "x_education"}
    assert set(available([tmp_path])) == {*available(), "trade_show"}
    assert find_mapping("trade_show", [tmp_path]).id == "trade_show"


def test_an_unknown_source_is_answered_with_the_known_ones() -> None:
    with pytest.raises(SourceError, match=r"no source 'crm_sale'.*x_education.*Close: crm_sales"):
        find_mapping("crm_sale")


def test_every_shipped_mapping_reads_and_speaks_both_languages() -> None:
    for source in available():
        mapping = find_mapping(source)
        for said in (mapping.title, *mapping.gaps, *mapping.notes, *(rule.note for rule in mapping.mends if rule.note)):
            assert said.en.strip()
            assert any("\u4e00" <= character <= "\u9fff" for character in said.zh)


def test_the_example_in_the_language_s_description_is_a_mapping(tmp_path: Path) -> None:
    told = str(mapping_language.__doc__).split("for instance:\n")[1]
    (tmp_path / "show.yaml").write_text("\n".join(line[4:] for line in told.splitlines()), encoding="utf-8")
    assert find_mapping("show", [tmp_path]).tables["leads"][0].columns["company"].column == "firm"
