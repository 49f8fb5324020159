from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.sources.errors import SourceError
from analytics.sources.extract import Extract, read_source
from analytics.sources.mapping import Mapping
from analytics.sources.report import MendCount, Reason

ReadExport = Callable[..., Extract]

UNWRAPPED = """
title: {en: Trade show, zh: 展会}
files: {visitors: {name: visitors.csv, key: badge, unwrap: true}}
tables: {leads: {from: visitors, columns: {lead_id: badge, company: firm, region: town}}}
"""
TWO_FILES = """
title: {en: Trade show, zh: 展会}
files:
  visitors: {name: visitors.csv, key: badge}
  firms: {name: "firms_*.csv", key: firm, may_be_empty: true}
tables:
  leads: {from: visitors, columns: {lead_id: badge, company: firm}}
  customers: {from: firms, columns: {customer_id: {column: firm, as: slug}, name: firm}}
"""


def companies(extract: Extract) -> list[object]:
    return list(extract.tables["leads"]["company"])


def mends(extract: Extract, rule: str) -> list[MendCount]:
    return [mend for mend in extract.report.mends if mend.rule == rule]


def reasons(extract: Extract) -> list[tuple[int, str]]:
    return list(zip(extract.report.rejected["line"], extract.report.rejected["reason"], strict=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_recognised(read_export: ReadExport, encoding: str, delimiter: str) -> None:
    text = 'badge,firm\n1,苏州恒瑞汽配有限公司\n2,"Harbor Tools"\n'.replace(",", delimiter)
    extract = read_export(visitors=text.encode(encoding))
    assert companies(extract) == ["苏州恒瑞汽配有限公司", "Harbor Tools"]
    assert extract.report.files[0].encoding == encoding
    assert extract.report.files[0].delimiter == delimiter


def test_an_encoding_nobody_can_guess_is_named_in_the_mapping(read_export: ReadExport) -> None:
    content = "badge,firm\n1,Caf\xe9, \n".encode("cp1252")
    mapping = """
title: {en: Trade show, zh: 展会}
files: {visitors: {name: visitors.csv, key: badge}}
tables: {leads: {from: visitors, columns: {lead_id: badge, company: firm}}}
"""
    with pytest.raises(SourceError, match="name it in the mapping, as in 'encoding: cp1252'"):
        read_export(mapping, visitors=content)
    extract = read_export(mapping.replace("key: badge", "key: badge, encoding: cp1252"), visitors=content)
    assert companies(extract) == ["Café"]


def test_a_few_damaged_bytes_do_not_turn_chinese_names_into_other_ones(read_export: ReadExport) -> None:
    rows = "".join(f"{number},苏州恒瑞汽配有限公司\n" for number in range(50))
    content = f"badge,firm\n{rows}".encode() + b"99,Harbor \xe4\xb8\n"
    extract = read_export(visitors=content)
    assert set(companies(extract)) == {"苏州恒瑞汽配有限公司", "Harbor \ufffd"}
    assert mends(extract, "damaged_characters")[0].count == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "visitors.csv is empty"),
        (b"\r\n \n", "visitors.csv is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"badge,firm\n", "holds a header and no rows"),
        (b"PK\x03\x04rest of a workbook", "is an Excel workbook"),
        ("badge,firm\n".encode("utf-16-le") * 300, "full of NUL bytes"),
        (b"badge|firm\n1|x\n", "lacks the columns 'badge', 'firm'.*Found: 'badge|firm'.*delimiter"),
        (b"bagde,firm\n1,x\n", "lacks the column 'badge'. Found: 'bagde', 'firm'. Close: 'bagde'"),
        (b"badge,firm,badge\n1,x,2\n", r"column 'badge' more than once \(columns 1 and 3\)"),
        (b'badge,firm\n1,"x\n2,y\n3,z\n', "line 2: a quotation mark is opened and never closed"),
        (b'badge,firm\n1,x\n2,"y\n', "line 3: a quotation mark is opened and never closed"),
        (b"badge,firm\n1,x\n2," + b"y" * 10_000_000 + b"\n", "line 3: one cell is longer than 131,072 characters"),
        (b"badge,firm\n,x\n,y\n", r"none of its 2 rows can be used \(no_key 2\)"),
        (b"badge,firm\n,,\n,\n", r"none of its 2 rows can be used \(blank_row 2\)"),
    ],
)
def test_a_file_that_is_no_export_gets_one_clear_sentence(read_export: ReadExport, content: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        read_export(visitors=content)
    assert "\n" not in str(caught.value)
    assert any("\u4e00" <= character <= "\u9fff" for character in caught.value.text["zh"])


def test_a_missing_file_is_named_with_what_was_found_and_what_is_close(read_export: ReadExport) -> None:
    with pytest.raises(SourceError, match=r"needs the file visitors.csv.*It holds 'visitor.csv'.*Close: visitor.csv"):
        read_export(visitor="badge,firm\n1,x\n")


def test_a_place_that_is_not_there_is_said(mapping_of: Callable[[str], Mapping], tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        read_source(mapping_of(UNWRAPPED), tmp_path / "nowhere")
    with pytest.raises(SourceError, match="cannot be opened"):
        read_source(mapping_of(UNWRAPPED), tmp_path / ("x" * 300))


def test_a_source_of_one_file_takes_the_file_it_is_pointed_at(
    mapping_of: Callable[[str], Mapping], tmp_path: Path
) -> None:
    file = tmp_path / "export of today.csv"
    file.write_text("badge,firm,town\n1,Harbor,Leeds\n", encoding="utf-8")
    assert companies(read_source(mapping_of(UNWRAPPED), file)) == ["Harbor"]
    with pytest.raises(SourceError, match="an export of 2 files"):
        read_source(mapping_of(TWO_FILES), file)


def test_a_file_may_be_named_by_a_pattern_but_not_twice(read_export: ReadExport) -> None:
    extract = read_export(TWO_FILES, visitors="badge,firm\n1,x\n", firms_2026="firm\nx\n")
    assert list(extract.tables["customers"]["name"]) == ["x"]
    with pytest.raises(SourceError, match="several files named like"):
        read_export(TWO_FILES, firms_2027="firm\ny\n")


def test_a_file_that_may_be_empty_gives_no_rows(read_export: ReadExport) -> None:
    extract = read_export(TWO_FILES, visitors="badge,firm\n1,x\n", firms_2026="firm\n")
    assert extract.tables["customers"].empty
    assert list(extract.tables["customers"].columns) == ["customer_id", "name"]


def test_headers_may_differ_in_case_space_and_punctuation(read_export: ReadExport) -> None:
    extract = read_export(visitors="  Badge ,FIRM!\n1,x\n")
    assert companies(extract) == ["x"]
    assert [mend.examples for mend in mends(extract, "header_spelling")] == [
        (("Badge", "badge"),),
        (("FIRM!", "firm"),),
    ]


def test_excel_s_delimiter_line_is_no_header(read_export: ReadExport) -> None:
    extract = read_export(visitors="sep=;\nbadge;firm\n1;x\n;y\n")
    assert companies(extract) == ["x"]
    assert reasons(extract) == [(4, "no_key")]


def test_invisible_characters_are_taken_out_and_counted(read_export: ReadExport) -> None:
    extract = read_export(visitors="badge,firm\n1,\u200bHar\0bor\u202e \n2,\u3000\n")
    assert companies(extract) == ["Harbor", None]
    assert sum(mend.count for mend in mends(extract, "stray_characters")) == 3


def test_ragged_rows_are_fitted_where_nothing_is_lost_and_else_turned_away(read_export: ReadExport) -> None:
    extract = read_export(
        UNWRAPPED.replace(", unwrap: true", ""),
        visitors='badge,firm,town\n1,x\n2,x,y,\n3,x,y,z\n\n4,x,y\n5\n,,\n"6,x,y"\n7,"a\nb",y\n8,"q"r,y\n,x,y\n',
    )
    assert list(extract.tables["leads"]["lead_id"]) == ["1", "2", "4", "7", "8"]
    assert companies(extract)[3] == "a\nb"
    assert set(reasons(extract)) == {
        (4, Reason.LONG_ROW),
        (7, Reason.SHORT_ROW),
        (8, Reason.BLANK_ROW),
        (9, Reason.ROW_IN_ONE_CELL),
        (13, Reason.NO_KEY),
    }
    assert [mends(extract, rule)[0].count for rule in ("short_row", "long_row")] == [1, 1]
    count = extract.report.table("leads")
    assert (count.rows_in, count.rows_out, count.rows_rejected) == (10, 5, 5)
    assert (extract.report.files[0].rows, extract.report.files[0].rejected) == (10, 5)


def test_rows_quoted_whole_are_unwrapped_where_the_mapping_says_so(read_export: ReadExport) -> None:
    extract = read_export(UNWRAPPED, visitors='badge,firm,town\n1,x,y\n"2,""Tools, Ltd"",Leeds"\n"3,no"\n')
    assert companies(extract) == ["x", "Tools, Ltd"]
    assert reasons(extract) == [(4, "short_row")]
    assert mends(extract, "row_in_one_cell")[0].count == 1


def test_of_rows_with_the_same_key_the_first_stays(read_export: ReadExport) -> None:
    extract = read_export(visitors="badge,firm\n1,first\n2,x\n1,second\n 1 ,third\n")
    assert companies(extract) == ["first", "x"]
    assert reasons(extract) == [(4, "duplicate_key"), (5, "duplicate_key")]
    assert list(extract.report.rejected["column"]) == ["badge", "badge"]
    assert extract.report.rejected["row"][0] == '{"badge": "1", "firm": "second"}'


def test_a_truncated_last_row_is_turned_away_for_the_cell_it_needs(read_export: ReadExport) -> None:
    mapping = UNWRAPPED.replace("unwrap: true", "needed: [town]")
    extract = read_export(mapping, visitors="badge,firm,town\n1,x,y\n2,Harb")
    assert companies(extract) == ["x"]
    assert list(extract.report.rejected["reason"]) == ["needed_missing"]
    assert list(extract.report.rejected["column"]) == ["town"]


def test_columns_without_a_name_are_dropped_when_empty_and_repeated_names_told_apart(read_export: ReadExport) -> None:
    mapping = """
title: {en: Trade show, zh: 展会}
files: {visitors: {name: visitors.csv, key: badge, optional: [town]}}
tables:
  leads: {from: visitors, columns: {lead_id: badge, region: town}}
  lead_features: {from: visitors, columns: {lead_id: badge}, features: {skip: [badge, town]}}
"""
    extract = read_export(mapping, visitors="badge,colour,colour,,\n1,red,blue,,left\n")
    features = extract.tables["lead_features"]
    assert dict(zip(features["name"], features["text"], strict=True)) == {
        "colour": "red",
        "colour_2": "blue",
        "column_5": "left",
    }
    assert extract.tables["leads"]["region"].isna().all()
