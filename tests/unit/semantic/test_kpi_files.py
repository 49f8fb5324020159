"""What is wrong in a KPI file is said with its file, its line and what to write instead; nothing is half read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.semantic import Complaint, Model, ModelError, read_model
from analytics.vocabulary import Unit

FILES = {
    "tables/orders.yaml": """
table: orders
rows: {en: order lines, zh: 订单行}
time: ordered_at
owner: rep_id
joins:
  customer: {to: customers, on: {customer_id: customer_id}}
  rep_team: {to: rep_teams, on: {rep_id: rep_id}, during: {from: from_on, to: to_on}}
dimensions:
  rep: rep_id
  region: customer.region
  channel: channel_id
""",
    "tables/marketing_spend.yaml": """
table: marketing_spend
time: day
company: true
dimensions: {channel: channel_id}
""",
    "tables/machines.yaml": """
table: machines
time: installed_on
company: true
key: [machine_id]
columns: {machine_id: text, installed_on: date, hours: number}
""",
    "tables/scores.yaml": """
view: scores
latest: {of: predictions, by: subject_id, at: as_of, where: {model_id: lead_score}}
ranks: {rank_share: value}
""",
    "dimensions.yaml": """
rep:
  names: {en: rep, zh: 销售}
  labels: {table: reps, key: rep_id, name: name}
region: {names: {en: region, zh: 区域}}
channel: {names: {en: channel, zh: 渠道}}
""",
    "turnover.yaml": """
id: turnover
version: 1
owner: finance
names: {en: turnover, zh: 营业额}
synonyms: {en: [takings], zh: [流水]}
definition: {en: Amounts of order lines by day of order., zh: 按下单日期统计的订单金额。}
type: simple
measures:
  ordered: {table: orders, sum: amount, where: {channel_id: {known: true}}}
value: ordered
unit: money
good: up
additive: {over_time: true, over: all}
dimensions: [rep, region, channel]
rhythm: month
missing: unknown
access: {rep: own, manager: teams, exec: all}
questions:
  - en: turnover last month
    zh: 上个月的营业额
    plan: {kpis: [turnover], period: last month}
""",
    "return_on_spend.yaml": """
id: return_on_spend
version: 1
owner: marketing
names: {en: return on spend, zh: 投放回报}
definition: {en: Turnover for each unit of money spent on marketing., zh: 每一元营销支出带来的营业额。}
type: ratio
measures:
  spent: {table: marketing_spend, sum: amount}
value: turnover / spent
unit: ratio
good: up
additive: {over_time: false}
dimensions: [channel]
rhythm: month
missing: unknown
access: {rep: company, manager: company}
questions:
  - {en: return on spend, zh: 投放回报, plan: {kpis: [return_on_spend]}}
""",
}
Change = Callable[..., Path]


@pytest.fixture
def folder_with(tmp_path: Path) -> Change:
    """A folder of sound KPI files; `folder_with("turnover.yaml", old, new)` changes one of them."""

    def write(file: str = "", old: str = "", new: str = "") -> Path:
        files = {name: text.lstrip() for name, text in FILES.items()}
        if file:
            assert files[file].count(old) == 1, f"{old!r} stands {files[file].count(old)} times in {file}"
            files[file] = files[file].replace(old, new)
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        return tmp_path

    return write


def complaints(folder: Path, *, built_in: bool = False) -> tuple[Complaint, ...]:
    with pytest.raises(ModelError) as caught:
        read_model(folder, built_in=built_in)
    assert str(caught.value) == "\n".join(map(str, caught.value.complaints))
    return caught.value.complaints


def line(complaint: Complaint) -> str:
    """The line of the file that a complaint points to."""
    return complaint.file.read_text("utf-8").splitlines()[complaint.line - 1]


def test_the_files_these_tests_spoil_are_sound(folder_with: Change) -> None:
    model = read_model(folder_with(), built_in=False)
    assert set(model.kpis) == {"turnover", "return_on_spend"}
    assert model.tables_of("return_on_spend") == ("marketing_spend", "orders")


# In each case: the file, what stands there, what somebody writes instead, the line it is told of, and how.
MISTAKES = [
    # fields
    ("turnover.yaml", "unit: money", "unit: money\ncolour: red", "colour: red", "colour is no field here; check its spelling"),
    ("turnover.yaml", "{channel_id: {known: true}}", "{channel_id: {knwon: true}}", "ordered:", "measures.ordered.where.channel_id.knwon is no field here"),
    ("turnover.yaml", "sum: amount, where", "sum: amount, were", "ordered:", "measures.ordered.were is no field here; check its spelling"),
    ("turnover.yaml", "unit: money\n", "", "id: turnover", "unit is missing"),
    ("turnover.yaml", ", zh: 营业额}", "}", "names: {en: turnover}", "names.zh is missing"),
    ("turnover.yaml", "unit: money", "unit: euros", "unit: euros", "'count', 'money', 'share'"),
    ("turnover.yaml", "good: up", "good: higher", "good: higher", "'up', 'down' or 'neither'"),
    ("turnover.yaml", "access: {rep: own", "access: {rep: all", "access:", "'own', 'company' or 'none'"),
    ("turnover.yaml", "rhythm: month", "rhythm: fortnight", "rhythm: fortnight", "'day', 'week', 'month'"),
    ("turnover.yaml", "zh: 按下单日期统计的订单金额。", 'zh: ""', "definition:", "definition.zh: "),
    ("tables/machines.yaml", "hours: number", "hours: float", "columns:", "columns.hours: input should be 'text', 'whole', 'number'"),
    ("dimensions.yaml", "region: {names: {en: region, zh: 区域}}", "region: {names: {en: region}}", "region:", "region.names.zh is missing"),
    # tables, columns and joins
    ("turnover.yaml", "table: orders", "table: order", "ordered:", "order is no declared table"),
    ("turnover.yaml", "sum: amount", "sum: amuont", "ordered:", "table orders has no column 'amuont'"),
    ("turnover.yaml", "{channel_id: {known", "{chanel_id: {known", "ordered:", "table orders has no column 'chanel_id'"),
    ("turnover.yaml", "{channel_id: {known", "{custmer.region: {known", "ordered:", "table orders declares no join 'custmer' (declared: customer, rep_team)"),
    ("turnover.yaml", "sum: amount", "sum: amount, time: orderd_at", "ordered:", "table orders has no column 'orderd_at'"),
    ("turnover.yaml", "sum: amount", "sum: amount, time: rep_id", "ordered:", "rep_id of orders is neither a date nor a moment"),
    ("turnover.yaml", "table: orders", "table: customers", "ordered:", "customers has no row rule (owner, team or company)"),
    ("turnover.yaml", "sum: amount", "sum: amount, exists: {table: oders, on: {customer_id: customer_id}, time: ordered_at, after: {days: 9}}", "ordered:", "oders is no declared table"),
    ("tables/orders.yaml", "time: ordered_at\n", "", "ordered:", "say which column of orders places its rows in time"),
    ("tables/orders.yaml", "table: orders", "table: ordres", "table: ordres", "ordres is no declared table; give it `columns` and a `key`, or correct the name"),
    ("tables/orders.yaml", "owner: rep_id", "owner: seller", "owner: seller", "table orders has no column 'seller'"),
    ("tables/orders.yaml", "owner: rep_id", "owner: rep_id\ncompany: true", "company: true", "one row rule: owner, team or company"),
    ("tables/orders.yaml", "customer: {to: customers", "customer: {to: clients", "customer:", "join 'customer' of orders leads to clients, which is no declared table"),
    ("tables/orders.yaml", "on: {customer_id: customer_id}", "on: {customer: customer_id}", "customer:", "table orders has no column 'customer'"),
    ("tables/machines.yaml", "key: [machine_id]\n", "", "columns:", "a new table declares both `columns` and `key`"),
    # joins that would count rows twice
    ("tables/orders.yaml", "on: {customer_id: customer_id}", "on: {customer_id: owner_rep_id}", "customer:", "join 'customer' of orders could repeat rows: it must use the whole key of customers, customer_id"),
    ("tables/orders.yaml", ", during: {from: from_on, to: to_on}}", "}", "rep_team:", "join 'rep_team' of orders could repeat rows: it must use the whole key of rep_teams, from_on, rep_id, team_id"),
    ("tables/orders.yaml", "customer: {to: customers, on: {customer_id: customer_id}}", "customer: {to: customers, on: {customer_id: customer_id}}\n  payment: {to: payments, on: {order_id: order_id}}", "payment:", "could repeat rows: it must use the whole key of payments, payment_id"),
    # dimensions
    ("turnover.yaml", "dimensions: [rep,", "dimensions: [colour, rep,", "dimensions:", "colour is not in dimensions.yaml"),
    ("tables/orders.yaml", "channel: channel_id", "channel: channel_id\n  colour: product_id", "colour:", "colour is not in dimensions.yaml; add its names there"),
    ("return_on_spend.yaml", "dimensions: [channel]", "dimensions: [channel, region]", "dimensions:", "marketing_spend has no dimension region; a KPI allows only what all its parts have"),
    ("turnover.yaml", "over: all}", "over: [team]}", "additive:", "additive over team, which it has no dimension for"),
    ("turnover.yaml", "missing: unknown", "missing: unknown\ndrivers: {parts: [ordered], dimensions: [team]}", "drivers:", "team is not among the KPI's dimensions"),
    ("turnover.yaml", "missing: unknown", "missing: unknown\nwithout: {stage: proposal}", "without:", "stage is not among the KPI's dimensions"),
    # values
    ("return_on_spend.yaml", "turnover / spent", "turnovr / spent", "value:", "turnovr is no measure or constant of this file and no KPI"),
    ("return_on_spend.yaml", "turnover / spent", "return_on_spend / spent", "value:", "the KPI is derived from itself"),
    ("turnover.yaml", "type: simple", "type: derived\nconstants: {half: 0.5}", "value:", "`value` does not use half"),
    ("turnover.yaml", "type: simple", "type: ratio", "value:", "a ratio divides: `value` needs a /"),
    ("turnover.yaml", "type: simple", "type: snapshot", "type:", "a snapshot KPI needs a measure with a state or a window"),
    ("turnover.yaml", "value: ordered", "value: ordered + lines", "type:", "a simple KPI has one measure, and `value` is its name"),
    ("turnover.yaml", "value: ordered", "  lines: {table: orders, count: rows}\nvalue: ordered / lines", "type:", "a simple KPI has one measure, and `value` is its name"),
    ("turnover.yaml", "missing: unknown", "missing: unknown\ndrivers: {parts: [orders_taken]}", "drivers:", "orders_taken is no measure of this file and no KPI"),
    # measures
    ("turnover.yaml", "sum: amount", "sum: amount, count: rows", "ordered:", "a measure has exactly one of count, distinct, sum, mean, forecast"),
    ("turnover.yaml", "sum: amount, ", "", "ordered:", "a measure has exactly one of count, distinct, sum, mean, forecast"),
    ("turnover.yaml", "sum: amount", "sum: amount, having: {distinct: order_id, at_least: 2}", "ordered:", "having needs a per: whose rows are counted"),
    ("turnover.yaml", "sum: amount", "sum: amount, absent: {months: 12}", "ordered:", "absent needs a window and a distinct of one column"),
    ("turnover.yaml", "sum: amount", "sum: amount, reached_within: {days: 9}", "ordered:", "reached_within belongs to a funnel"),
    ("turnover.yaml", "{known: true}", "{within_days: 9}", "ordered:", "within_days and of go together: {within_days: 90, of: created_at}"),
    ("turnover.yaml", "{known: true}", "{}", "ordered:", "a condition names a value, a list, or one of not, known, at_least"),
    # words
    ("turnover.yaml", "[takings]", "[takings, Return on Spend]", "synonyms:", "already means return_on_spend; a word means one KPI"),
    ("turnover.yaml", "[流水]", "[流水, 投放回报]", "synonyms:", "'投放回报' already means return_on_spend; a word means one KPI"),
    # YAML
    ("turnover.yaml", "dimensions: [rep, region, channel]", "dimensions: [rep, region, channel", "rhythm: month", "this is no YAML: did not find expected ',' or ']'"),
    ("turnover.yaml", "unit: money", "\tunit: money", "unit: money", "this is no YAML: found a tab character that violates indentation"),
    ("turnover.yaml", "unit: money", "unit: !!python/object/apply:os.system ['true']", "unit:", "this is no YAML: could not determine a constructor"),
    # what only the database, or nobody, would have noticed
    ("turnover.yaml", "unit: money", "unit: count\nunit: money", "unit: money", "unit"),
    ("turnover.yaml", "sum: amount", "sum: rep_id", "ordered:", "rep_id"),
    ("turnover.yaml", "{channel_id: {known: true}}", "{amount: large}", "ordered:", "amount"),
    ("turnover.yaml", "{known: true}", "{within_days: 9, of: ordered_at}", "ordered:", "channel_id"),
    ("turnover.yaml", "kpis: [turnover]", "kpis: [turnovr]", "plan:", "turnovr"),
    ("tables/orders.yaml", "from: from_on", "from: since", "rep_team:", "since"),
    ("tables/machines.yaml", "key: [machine_id]", "key: [serial]", "key:", "serial"),
    ("tables/scores.yaml", "at: as_of", "at: asof", "latest:", "asof"),
    ("tables/scores.yaml", "of: predictions", "of: predictons", "latest:", "predictons"),
    ("tables/scores.yaml", "rank_share: value", "rank_share: worth", "ranks:", "worth"),
    ("dimensions.yaml", "name: name", "name: nickname", "labels:", "nickname"),
    ("dimensions.yaml", "en: channel", "en: region", "channel:", "region"),
    ("turnover.yaml", "en: turnover, zh", "en: return on spend, zh", "names:", "already means"),
    ("turnover.yaml", "value: ordered", "value: ordered * 1e999", "value:", "1e999"),
    ("turnover.yaml", "value: ordered", "value: ordered * True", "value:", "True"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "told_of", "says"), MISTAKES)
def test_a_mistake_is_told_with_its_file_its_line_and_the_way_out(
    folder_with: Change, file: str, old: str, new: str, told_of: str, says: str
) -> None:
    folder = folder_with(file, old, new)
    found = complaints(folder)
    assert any(says in complaint.says for complaint in found), found
    complaint = next(complaint for complaint in found if says in complaint.says)
    assert line(complaint).lstrip().startswith(told_of)
    assert str(complaint).startswith(f"{complaint.file}:{complaint.line}: ")
    assert complaint.file == folder / (file if told_of in (folder / file).read_text("utf-8") else "turnover.yaml")


FORMULAS = [
    "__import__('os')", "spent ** 2", "spent.real", "lambda: spent", "[spent]", "spent[0]", "spent if spent else 1",
    "spent // 2", "spent % 2", "spent == 1", "spent and 1", "'spent'", "f'{spent}'", "(spent := 1)", "abs(spent)", "max()",
    "max(spent, key=spent)", "min(*spent)", "eval('1')", "max.__class__", "~spent", "+spent", "{1: 2}", "1j * spent",
]  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_value_is_arithmetic_and_nothing_else(folder_with: Change, formula: str) -> None:
    written = formula.replace("'", "''")
    (complaint,) = complaints(
        folder_with("return_on_spend.yaml", "value: turnover / spent", f"value: '1 / 1 * ({written})'")
    )
    assert "may hold names, numbers, + - * / ( ), max and min; not " in complaint.says
    assert line(complaint).startswith("value:")


@pytest.mark.parametrize("formula", ["turnover /", "turnover / spent;", "turnover spent /", "/", "import os /"])
def test_a_value_that_is_no_formula_is_told_so(folder_with: Change, formula: str) -> None:
    (complaint,) = complaints(folder_with("return_on_spend.yaml", "turnover / spent", formula))
    assert complaint.says.startswith("value: ")
    assert "is no formula" in complaint.says
    assert line(complaint).startswith("value:")


def test_kpis_derived_from_each_other_over_two_files_are_both_told(folder_with: Change) -> None:
    folder = folder_with("turnover.yaml", "value: ordered", "value: ordered * return_on_spend")
    text = (folder / "turnover.yaml").read_text("utf-8").replace("type: simple", "type: derived")
    (folder / "turnover.yaml").write_text(text, "utf-8")
    found = complaints(folder)
    assert {(complaint.file.name, complaint.says) for complaint in found} == {
        ("turnover.yaml", "the KPI is derived from itself"), ("return_on_spend.yaml", "the KPI is derived from itself"),
    }  # fmt: skip
    assert all(line(complaint).startswith("value:") for complaint in found)


def test_an_id_unlike_its_file_is_told(folder_with: Change) -> None:
    folder = folder_with()
    (folder / "turnover.yaml").rename(folder / "takings.yaml")
    (complaint,) = complaints(folder)
    assert (complaint.file.name, line(complaint)) == ("takings.yaml", "id: turnover")
    assert complaint.says == "id is turnover, the file takings.yaml; give both one name"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty or no mapping; it starts with `id:`"),
        (b"- a\n- b\n", "the file is empty or no mapping; it starts with `id:`"),
        ("id: 营业额".encode("gb18030"), "the file is not UTF-8; save it as UTF-8"),
        (b"\x00\x01", "this is no YAML"),
    ],
)
def test_a_file_that_is_no_kpi_file_is_told(folder_with: Change, content: bytes, says: str) -> None:
    folder = folder_with()
    (folder / "notes.yaml").write_bytes(content)
    (complaint,) = complaints(folder)
    assert (complaint.file.name, complaint.line) == ("notes.yaml", 1)
    assert says in complaint.says


def test_all_mistakes_of_all_files_are_told_at_once(folder_with: Change) -> None:
    folder = folder_with("turnover.yaml", "good: up\n", "")
    spoilt = FILES["return_on_spend.yaml"].lstrip().replace("unit: ratio", "unit: rate\ncolour: red")
    (folder / "return_on_spend.yaml").write_text(spoilt, "utf-8")
    told = {(complaint.file.name, complaint.says.split()[0].strip(":")) for complaint in complaints(folder)}
    assert told == {("turnover.yaml", "good"), ("return_on_spend.yaml", "unit"), ("return_on_spend.yaml", "colour")}


def test_yes_no_and_on_are_words_and_not_truths(folder_with: Change) -> None:
    folder = folder_with("turnover.yaml", "where: {channel_id: {known: true}}", "where: {channel_id: [no, on, yes]}")
    condition = read_model(folder, built_in=False).kpi("turnover").measures["ordered"].where["channel_id"]
    assert condition.one_of == ("no", "on", "yes")


def test_one_mistake_in_a_table_file_is_not_told_of_all_built_in_kpis(folder_with: Change) -> None:
    folder = folder_with("tables/orders.yaml", "owner: rep_id", "owner: seller")
    assert {complaint.file.parent for complaint in complaints(folder, built_in=True)} == {folder / "tables"}


@pytest.mark.parametrize("sum_of", ["'amount; drop'", "{hours: [ordered_at, ordered_at]}", "[amount]", "2026-01-01"])
def test_an_operand_that_is_none_is_told_once_without_words_of_programmers(folder_with: Change, sum_of: str) -> None:
    (complaint,) = complaints(folder_with("turnover.yaml", "sum: amount", f"sum: {sum_of}"))
    assert not {"function", "instance", "str]"} & set(complaint.says.replace("-", " ").split())


# --- a folder of one's own


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A company's own folder: its own revenue, and a KPI nobody else has."""
    revenue = (
        FILES["turnover.yaml"]
        .lstrip()
        .replace("id: turnover", "id: revenue")
        .replace("kpis: [turnover]", "kpis: [revenue]")
    )
    revenue = revenue.replace("channel_id: {known: true}", "channel_id: {not: partner}")
    largest = FILES["turnover.yaml"].lstrip().replace("turnover", "big_order_count").replace("营业额", "大单数")
    largest = (
        largest.replace("[takings]", "[big orders]").replace("[流水]", "[大单]").replace("unit: money", "unit: count")
    )
    largest = largest.replace(
        "sum: amount, where: {channel_id: {known: true}}", "count: rows, where: {amount: {at_least: 10000}}"
    )
    (tmp_path / "revenue.yaml").write_text(revenue, "utf-8")
    (tmp_path / "big_order_count.yaml").write_text(largest, "utf-8")
    return tmp_path


def test_a_file_of_one_s_own_takes_the_place_of_the_built_in_one(own: Path) -> None:
    built_in, mine = read_model(), read_model(own)
    assert mine.kpi("revenue").names.en == "turnover"
    assert mine.kpi("revenue").measures["ordered"].where["channel_id"].excludes == ("partner",)
    assert built_in.kpi("revenue").names.en != "turnover"
    assert mine.kpi("win_rate") == built_in.kpi("win_rate")
    assert set(mine.kpis) - set(built_in.kpis) == {"big_order_count"}
    assert mine.kpi("big_order_count").unit is Unit.COUNT


def test_built_in_kpis_that_are_derived_from_it_use_the_one_of_one_s_own(own: Path) -> None:
    def revenue_of(model: Model) -> object:
        derived = next(kpi for kpi in model.kpis.values() if kpi.id != "revenue" and "revenue" in kpi.formula.names)
        return next(part for part in model.parts(derived.id) if part.name.startswith("revenue.")).measure

    assert revenue_of(read_model(own)) == read_model(own).kpi("revenue").measures["ordered"]
    assert revenue_of(read_model(own)) != revenue_of(read_model())


def test_a_word_of_a_built_in_kpi_is_taken(own: Path) -> None:
    text = (own / "big_order_count.yaml").read_text("utf-8").replace("[big orders]", "[win rate]")
    (own / "big_order_count.yaml").write_text(text, "utf-8")
    (complaint,) = complaints(own, built_in=True)
    assert (complaint.file.name, complaint.says) == (
        "big_order_count.yaml", "'win rate' already means win_rate; a word means one KPI",
    )  # fmt: skip


def test_a_table_of_one_s_own_stands_beside_the_built_in_ones(own: Path) -> None:
    (own / "tables").mkdir()
    (own / "tables" / "machines.yaml").write_text(FILES["tables/machines.yaml"].lstrip(), "utf-8")
    model = read_model(own)
    assert model.schema.reach("machines", "hours").column == "hours"
    assert model.schema.reach("orders", "customer.region").joins == ("customer",)


@pytest.mark.parametrize("built_in", [True, False])
def test_a_folder_without_kpi_files_is_told(tmp_path: Path, built_in: bool) -> None:
    (complaint,) = complaints(tmp_path, built_in=built_in)
    assert complaint.file == tmp_path
    assert complaint.says == "there is no KPI file in this folder; LEADLINE_KPI_DIR names a folder of KPI files"


@pytest.mark.parametrize("built_in", [True, False])
def test_a_folder_that_is_not_there_is_told(tmp_path: Path, built_in: bool) -> None:
    (complaint,) = complaints(tmp_path / "kpis", built_in=built_in)
    assert complaint.file == tmp_path / "kpis"
    assert complaint.says == "there is no such folder; LEADLINE_KPI_DIR names a folder of KPI files"


def test_a_file_in_place_of_the_folder_is_told(own: Path) -> None:
    (complaint,) = complaints(own / "revenue.yaml", built_in=True)
    assert "there is no such folder" in complaint.says
