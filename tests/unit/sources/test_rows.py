from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from analytics.sources.extract import Extract, read_source
from analytics.sources.mapping import Mapping
from analytics.sources.report import CellCount, Doubt

ReadExport = Callable[..., Extract]

HEAD = """
title: {en: Deals, zh: 商机}
files:
  deals: {name: deals.csv, key: deal}
  firms: {name: firms.csv, key: firm}
"""
FIRMS = "firm,trade,staff\nHarbor Tools,steel,90\nGTX Pro,energy,400\nNorth & Co,steel,many\n"


def doubts(extract: Extract) -> dict[tuple[str, str], CellCount]:
    return {(count.column, count.doubt.value): count for count in extract.report.unknown}


def test_a_replaced_value_is_counted_with_its_examples(read_export: ReadExport) -> None:
    mends = "mends: [{id: town, file: deals, column: town, replace: {Leds: Leeds}, note: {en: Towns, zh: 城市}}]\n"
    tables = "tables: {leads: {from: deals, columns: {lead_id: deal, region: town}}}"
    extract = read_export(HEAD + mends + tables, deals="deal,town\n1,Leds\n2,Leeds\n3,Leds\n", firms=FIRMS)
    assert list(extract.tables["leads"]["region"]) == ["Leeds", "Leeds", "Leeds"]
    mend = next(mend for mend in extract.report.mends if mend.rule == "town")
    assert (mend.count, mend.examples, mend.note) == (2, (("Leds", "Leeds"),), {"en": "Towns", "zh": "城市"})


MATCH = (
    HEAD
    + """
mends: [{id: firm, file: deals, column: firm, match: firms.firm, slips: 1}]
tables: {leads: {from: deals, columns: {lead_id: deal, company: firm}}}
"""
)


def test_names_are_matched_to_the_list_whatever_their_case_and_spaces(read_export: ReadExport) -> None:
    deals = "deal,firm\n1,GTXPro\n2,harbor-tools\n3,Harbor Tols\n4,Unheard Of\n5,\n"
    extract = read_export(MATCH, deals=deals, firms=FIRMS)
    assert list(extract.tables["leads"]["company"]) == ["GTX Pro", "Harbor Tools", "Harbor Tools", "Unheard Of", None]
    assert next(mend.count for mend in extract.report.mends if mend.rule == "firm") == 3
    assert doubts(extract)["firm", "unmatched"].examples == ("Unheard Of",)


def test_a_name_in_the_list_is_never_changed(read_export: ReadExport) -> None:
    firms = "firm,trade,staff\nJ-Texon,a,1\nJTexon,b,2\n"
    extract = read_export(MATCH, deals="deal,firm\n1,JTexon\n2,J-Texon\n", firms=firms)
    assert list(extract.tables["leads"]["company"]) == ["JTexon", "J-Texon"]


def test_spellings_of_one_thing_become_the_commonest(read_export: ReadExport) -> None:
    mapping = (
        HEAD
        + """
mends: [{id: origin, file: deals, column: origin, unify: true}]
tables: {leads: {from: deals, columns: {lead_id: deal, industry: origin}}}
"""
    )
    extract = read_export(mapping, deals="deal,origin\n1,Google\n2,google\n3,Google\n4,bing\n", firms=FIRMS)
    assert list(extract.tables["leads"]["industry"]) == ["Google", "Google", "Google", "bing"]


def test_declared_markers_of_not_known_are_missing(read_export: ReadExport) -> None:
    mapping = HEAD + "missing: [Select, n/a]\ntables: {leads: {from: deals, columns: {lead_id: deal, region: town}}}"
    extract = read_export(mapping, deals="deal,town\n1,Select\n2,n/a\n3,Leeds\n", firms=FIRMS)
    assert list(extract.tables["leads"]["region"]) == [None, None, "Leeds"]
    mend = next(mend for mend in extract.report.mends if mend.rule == "missing_marker")
    assert (mend.count, set(mend.examples)) == (2, {("Select", ""), ("n/a", "")})


LOOKUP = (
    HEAD
    + """
tables:
  leads:
    from: deals
    columns:
      lead_id: deal
      customer_id: {column: client, as: slug}
      industry: {column: trade, of: firms, by: {client: firm}}
      size_band: {column: staff, of: firms, by: {client: firm}, bands: {S: 0, M: 250}}
      status: {column: stage, map: {Running: open, Won: converted}}
      converted_at: {column: closed, when: {stage: Won}}
      contact_name: {text: ["{first} {last}", "{last}"]}
      source_order: number
      do_not_contact: barred
"""
)


def test_values_come_from_other_files_maps_bands_conditions_and_texts(read_export: ReadExport) -> None:
    deals = (
        "deal,client,stage,closed,first,last,number,barred\n"
        "1,Harbor Tools,Running,2026-01-05,Mei,Liu,7,No\n"
        "2,GTX Pro,Won,2026-01-06,,Liu,8.0,Yes\n"
    )
    leads = read_export(LOOKUP, deals=deals, firms=FIRMS).tables["leads"]
    assert leads["industry"].tolist() == ["steel", "energy"]
    assert leads["size_band"].tolist() == ["S", "M"]
    assert leads["status"].tolist() == ["open", "converted"]
    assert leads["converted_at"].isna().tolist() == [True, False]
    assert leads["converted_at"][1] == pd.Timestamp("2026-01-06", tz="UTC")
    assert leads["contact_name"].tolist() == ["Mei Liu", "Liu"]
    assert leads["source_order"].tolist() == [7, 8]
    assert leads["do_not_contact"].tolist() == [False, True]
    assert leads["customer_id"].tolist() == ["harbor-tools", "gtx-pro"]


def test_a_cell_that_cannot_be_read_is_missing_and_counted_and_its_row_stays(read_export: ReadExport) -> None:
    deals = (
        "deal,client,stage,closed,first,last,number,barred\n"
        "1,Nobody Ltd,Dreaming,2026-01-05,,,7.5,perhaps\n"
        "2,North & Co,Won,32 Jan,,,,\n"
        "3,??,Won,2026-01-08,,,9,0\n"
    )
    extract = read_export(LOOKUP, deals=deals, firms=FIRMS)
    leads, counted = extract.tables["leads"], doubts(extract)
    assert len(leads) == 3
    assert leads["status"].tolist() == [None, "converted", "converted"]
    assert counted["status", "unknown_value"].examples == ("Dreaming",)
    assert counted["client", "not_found"].count == 2
    assert counted["client", "not_found"].place == "deals"
    assert counted["size_band", "unknown_value"].examples == ("many",)
    assert counted["converted_at", "bad_date"].examples == ("32 Jan",)
    assert counted["source_order", "bad_number"].examples == ("7.5",)
    assert counted["do_not_contact", "bad_yes_no"].examples == ("perhaps",)
    assert counted["customer_id", "unknown_value"].examples == ("??",)


CUSTOMERS = (
    HEAD
    + """
tables:
  customers:
    - from: firms
      columns: {customer_id: {column: firm, as: slug}, name: firm}
    - from: deals
      filled: client
      not_in: {client: firms.firm}
      once: true
      columns: {customer_id: {column: client, as: slug}, name: client, do_not_contact: {value: no}}
"""
)


def test_things_named_elsewhere_are_added_once(read_export: ReadExport) -> None:
    deals = "deal,client\n1,New Firm\n2,New Firm\n3,\n4,GTX Pro\n"
    extract = read_export(CUSTOMERS, deals=deals, firms=FIRMS)
    customers = extract.tables["customers"]
    assert customers["name"].tolist() == ["Harbor Tools", "GTX Pro", "North & Co", "New Firm"]
    assert customers["do_not_contact"].tolist() == [None, None, None, False]
    assert extract.report.table("customers").rows_rejected == 0


def test_two_names_with_one_id_are_not_merged_silently(read_export: ReadExport) -> None:
    firms = "firm,trade,staff\nNorth & Co,a,1\nNorth Co,b,2\n!!,c,3\n"
    extract = read_export(CUSTOMERS, deals="deal,client\n1,\n", firms=firms)
    assert extract.tables["customers"]["name"].tolist() == ["North & Co"]
    rejected = extract.report.rejected
    assert set(zip(rejected["line"], rejected["reason"], rejected["table"], strict=True)) == {
        (3, "duplicate_key", "customers"),
        (4, "no_key", "customers"),
    }


def test_rows_are_chosen_by_value_and_by_being_filled(read_export: ReadExport) -> None:
    mapping = (
        HEAD
        + """
tables:
  stage_changes:
    - {from: deals, filled: begun, columns: {opportunity_id: deal, stage: {value: contacted}, entered_at: begun}}
    - from: deals
      where: {stage: [Won, Lost]}
      columns: {opportunity_id: deal, stage: {column: stage, map: {Won: won, Lost: lost}}, entered_at: ended}
"""
    )
    deals = "deal,stage,begun,ended\n1,Won,2026-01-01,2026-02-01\n2,Open,2026-01-02,\n3,Lost,,2026-02-03\n4,Won,,soon\n"
    extract = read_export(mapping, deals=deals, firms=FIRMS)
    changes = extract.tables["stage_changes"]
    assert changes[["opportunity_id", "stage"]].to_numpy().tolist() == [
        ["1", "contacted"], ["2", "contacted"], ["1", "won"], ["3", "lost"],
    ]  # fmt: skip
    assert list(extract.report.rejected["reason"]) == ["no_key"]


FEATURES = (
    HEAD
    + """
tables:
  lead_features:
    from: deals
    columns: {lead_id: deal}
    features: {skip: [deal, status], numbers: [visits], leaky: [tag]}
"""
)


def test_remaining_columns_become_features_with_their_kind_and_leaks_marked(read_export: ReadExport) -> None:
    deals = "deal,status,visits,Came From,tag\n1,won,3,web,good\n2,lost,many,,\n3,lost,,fair,\n"
    extract = read_export(FEATURES, deals=deals, firms=FIRMS)
    features = extract.tables["lead_features"].astype(object)
    features = features.where(features.notna(), None)
    assert sorted(features[["lead_id", "name", "number", "text", "leaky"]].to_numpy().tolist(), key=str) == [
        ["1", "came_from", None, "web", False],
        ["1", "tag", None, "good", True],
        ["1", "visits", 3.0, None, False],
        ["3", "came_from", None, "fair", False],
    ]
    assert doubts(extract)["visits", "bad_number"].examples == ("many",)


def test_the_data_ends_with_its_latest_moment_and_future_dates_do_not_count(
    read_export: ReadExport, mapping_of: Callable[[str], Mapping], tmp_path: Path
) -> None:
    mapping = (
        HEAD
        + """
tables:
  opportunities: {from: deals, columns: {opportunity_id: deal, closed_at: closed, expected_close_on: due}}
"""
    )
    deals = "deal,closed,due\n1,2026-01-05,2027-01-01\n2,2062-01-05,\n"
    extract = read_export(mapping, deals=deals, firms=FIRMS)
    assert extract.as_of == datetime(2062, 1, 5, tzinfo=UTC)
    now = datetime(2026, 2, 1, tzinfo=UTC)
    extract = read_source(mapping_of(mapping), tmp_path / "export", now=now)
    assert extract.as_of == datetime(2026, 1, 5, tzinfo=UTC)
    assert doubts(extract)["closed_at", Doubt.IN_FUTURE.value].count == 1
    assert str(extract.tables["opportunities"]["expected_close_on"].dtype) == "datetime64[us]"


def test_gaps_are_said_with_their_count_and_left_out_where_they_count_nothing(read_export: ReadExport) -> None:
    mapping = (
        HEAD
        + """
tables: {leads: {from: deals, columns: {lead_id: deal, company: client}}}
gaps:
  - {id: no_phones, en: No phones., zh: 没有电话。}
  - {id: no_client, en: Without client., zh: 没有客户。, count: {from: deals, empty: client}}
  - {id: no_deal, en: Without number., zh: 没有编号。, count: {from: deals, empty: deal}}
"""
    )
    gaps = read_export(mapping, deals="deal,client\n1,\n2,x\n", firms=FIRMS).report.gaps
    assert [(gap.id, gap.rows) for gap in gaps] == [("no_phones", None), ("no_client", 1)]
    assert gaps[1].text == {"en": "Without client.", "zh": "没有客户。"}


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
def test_moments_without_a_zone_are_in_the_mapping_s(read_export: ReadExport, zone: str) -> None:
    mapping = HEAD + f"timezone: {zone}\ntables: {{leads: {{from: deals, columns: {{lead_id: deal, created_at: at}}}}}}"
    leads = read_export(mapping, deals="deal,at\n1,2026-01-05 08:00\n", firms=FIRMS).tables["leads"]
    assert leads["created_at"][0] == pd.Timestamp("2026-01-05 08:00", tz=zone)


def test_a_company_row_is_a_default_apart_from_the_tables(read_export: ReadExport) -> None:
    mapping = (
        HEAD
        + """
company: {name: Harbor, currency: EUR, timezone: UTC, fiscal_year_start: 4}
tables: {leads: {from: deals, columns: {lead_id: deal}}}
"""
    )
    extract = read_export(mapping, deals="deal\n1\n", firms=FIRMS)
    assert "company" not in extract.tables
    assert extract.company_defaults is not None
    assert extract.company_defaults.to_dict("records") == [
        {"name": "Harbor", "currency": "EUR", "timezone": "UTC", "fiscal_year_start": 4}
    ]


def test_a_chinese_crm_s_export_needs_a_mapping_and_no_code(read_export: ReadExport) -> None:
    mapping = """
title: {en: Leads of a Chinese CRM, zh: 国产 CRM 线索}
timezone: Asia/Shanghai
dates: ["%Y年%m月%d日"]
missing: [无]
files: {leads: {name: 线索.csv, key: 线索编号}}
tables:
  leads:
    from: leads
    columns:
      lead_id: 线索编号
      company: 公司
      phone: 电话
      owner_rep_id: {column: 负责人, as: slug}
      created_at: 创建时间
      lost_at: {column: 关闭时间, when: {状态: 已流失}}
      status: {column: 状态, map: {跟进中: open, 已转化: converted, 已流失: lost}}
      do_not_contact: 免打扰
  opportunities:
    from: leads
    columns: {opportunity_id: 线索编号, amount: 预计金额}
"""
    text = (
        "线索编号\t公司\t电话\t负责人\t创建时间\t关闭时间\t状态\t免打扰\t预计金额\n"
        "XS001\t苏州恒瑞汽配有限公司\t无\t张伟\t2026/11/3 09:30\t\t跟进中\t否\t￥86,000.00\n"
        "XS002\t海港工具（上海）\t13800000000\t张玮\t2026年11月4日\t2026-11-20\t已流失\t是\t１２００元\n"
    )
    extract = read_export(mapping, 线索=text.encode("gb18030"))
    leads = extract.tables["leads"]
    assert leads["company"].tolist() == ["苏州恒瑞汽配有限公司", "海港工具（上海）"]
    assert leads["phone"].tolist() == [None, "13800000000"]
    assert leads["owner_rep_id"].tolist() == ["张伟", "张玮"]
    assert leads["created_at"].tolist() == [
        pd.Timestamp("2026-11-03 01:30", tz="UTC"),
        pd.Timestamp("2026-11-03 16:00", tz="UTC"),
    ]
    assert leads["lost_at"].notna().tolist() == [False, True]
    assert leads["status"].tolist() == ["open", "lost"]
    assert leads["do_not_contact"].tolist() == [False, True]
    assert extract.tables["opportunities"]["amount"].tolist() == [86000.0, 1200.0]
    assert extract.report.unknown == ()
