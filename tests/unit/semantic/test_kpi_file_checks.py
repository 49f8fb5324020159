"""KPI files that would fail, or count wrongly, when somebody asks are refused when they are read, and told once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.semantic import Complaint, ModelError, definition, read_model
from analytics.semantic.written import Written

TABLES = {
    "tables/orders.yaml": """
table: orders
time: ordered_at
owner: rep_id
joins:
  customer: {to: customers, on: {customer_id: customer_id}}
  rep_team: {to: rep_teams, on: {rep_id: rep_id}, during: {from: from_on, to: to_on}}
  score: {to: scores, on: {customer_id: subject_id}}
dimensions: {rep: rep_id, region: customer.region}
""",
    "tables/leads.yaml": """
table: leads
time: created_at
owner: owner_rep_id
""",
    "tables/stage_changes.yaml": """
table: stage_changes
time: entered_at
company: true
""",
    "tables/forecasts.yaml": """
table: forecasts
time: period_start
company: true
""",
    "tables/scores.yaml": """
view: scores
latest: {of: predictions, by: subject_id, at: as_of}
ranks: {rank_share: value}
""",
    "dimensions.yaml": """
rep:
  names: {en: rep, zh: 销售}
  labels: {table: reps, key: rep_id, name: name}
region: {names: {en: region, zh: 区域}}
stage:
  names: {en: stage, zh: 阶段}
  values:
    new: {en: new, zh: 新建}
    won: {en: won, zh: 赢单}
""",
}
KPI = """
id: {id}
version: 1
owner: sales
names: {{en: {id}, zh: {id}}}
definition: {{en: What it counts., zh: 统计口径。}}
type: {type}
measures:
  counted: {measure}
value: {value}
unit: count
good: up
additive: {{over_time: false, over: []}}
dimensions: [{dimensions}]
rhythm: {rhythm}
missing: unknown
access: {{rep: {rep}, manager: company}}
{more}
questions:
  - {{en: how many, zh: 多少, plan: {plan}}}
"""
Files = Callable[..., Path]


def kpi(
    measure: str = "{table: orders, count: rows}", *, id: str = "big_orders", type: str = "derived", more: str = "",
    value: str = "counted", dimensions: str = "", rhythm: str = "month", rep: str = "company", plan: str = "",
) -> str:  # fmt: skip
    """The file of a KPI over one measure."""
    plan = plan or f"{{kpis: [{id}]}}"
    return KPI.format(
        id=id,
        measure=measure,
        type=type,
        more=more,
        value=value,
        dimensions=dimensions,
        rhythm=rhythm,
        rep=rep,
        plan=plan,
    ).lstrip()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A folder with sound tables and the files given: `files(big_orders=text)`, tables under their path."""

    def write(tables: dict[str, str] | None = None, **kpis: str) -> Path:
        named = {f"{name}.yaml": text for name, text in kpis.items()}
        for name, text in {**(TABLES if tables is None else tables), **named}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text.lstrip(), "utf-8")
        return tmp_path

    return write


def told(folder: Path, *, built_in: bool = False) -> list[tuple[str, str, str]]:
    """Each complaint as (file, the line it points to, what it says)."""
    with pytest.raises(ModelError) as caught:
        read_model(folder, built_in=built_in)
    return [(str(c.file.relative_to(folder)), _line(c), c.says) for c in caught.value.complaints]


def _line(complaint: Complaint) -> str:
    return complaint.file.read_text("utf-8").splitlines()[complaint.line - 1].strip()


def test_the_files_these_tests_start_from_are_sound(files: Files) -> None:
    assert set(read_model(files(big_orders=kpi()), built_in=False).kpis) == {"big_orders"}


# --- measures

REFUSED = [
    # sums and means
    ("{table: orders, sum: rep_id}", "rep_id of orders is text; only numbers and money can be summed"),
    ("{table: orders, mean: ordered_at}", "ordered_at of orders is a moment; only numbers and money can be averaged"),
    ("{table: orders, sum: {minus: [amount, quantity]}}", "amount of orders is money, quantity of orders is a whole number; subtract like from like"),
    ("{table: orders, mean: {hours_between: [customer.first_order_on, ordered_at]}}", "customer.first_order_on of orders is a date; hours_between takes moments"),
    ("{table: orders, sum: {minus: [amount]}}", "measures.counted.sum.minus #2 is missing"),
    ("{table: orders, sum: {plus: [amount, amount]}}", "measures.counted.sum.plus is no field here; check its spelling"),
    ("{table: orders, distinct: [order_id, line_no]}", "line_no of orders is a whole number; several columns are counted together if they are texts"),
    # conditions
    ("{table: orders, count: rows, where: {amount: large}}", "amount of orders is money; compare it with a number, not with 'large'"),
    ("{table: orders, count: rows, where: {rep_id: 5}}", 'rep_id of orders is text; put 5 in quotes: "5"'),
    ("{table: orders, count: rows, where: {rep_id: {not: [5]}}}", 'rep_id of orders is text; put 5 in quotes: "5"'),
    ("{table: orders, count: rows, where: {customer.do_not_contact: yes}}", "customer.do_not_contact of orders is true or false; write true or false, not 'yes'"),
    ("{table: orders, count: rows, where: {ordered_at: 2026-01-01}}", "ordered_at of orders is a moment; a KPI holds in every period, so it is not compared with '2026-01-01', only with other columns"),
    ("{table: orders, count: rows, where: {ordered_at: {at_least: 2026-01-01}}}", "measures.counted.where.ordered_at.at_least: '2026-01-01' is no bound; write a number, or a column to compare with"),
    ("{table: orders, count: rows, where: {rep_id: {at_least: 5}}}", "rep_id of orders is text; at_least compares numbers, dates and moments"),
    ("{table: orders, count: rows, where: {amount: {less_than: quantity}}}", "amount of orders is money, quantity of orders is a whole number; compare like with like"),
    ("{table: orders, count: rows, where: {ordered_at: {within_days: 9, of: customer.first_order_on}}}", "ordered_at and customer.first_order_on are a moment and a date; within_days needs two of a kind"),
    ("{table: orders, count: rows, where: {amount: }}", "measures.counted.where.amount: a condition names a value, a list, or one of not, known, at_least, at_most, less_than, more_than"),
    ("{table: orders, count: rows, where: {rep_id: []}}", "measures.counted.where.rep_id: a condition names a value, a list, or one of not, known, at_least, at_most, less_than, more_than"),
    ("{table: orders, count: rows, where: {customer.aliases: Ltd}}", "customer.aliases of orders is a list; all that can be asked of it is {known: true}"),
    # options that would be left unread
    ("{table: stage_changes, count: rows, where: {stage: new}, funnel: {subject: [lead_id], step: stage, order: [new, won]}}", "measures.counted: where says nothing beside funnel; leave it out"),
    ("{table: stage_changes, distinct: lead_id, funnel: {subject: [lead_id], step: stage, order: [new, won]}}", "measures.counted: a funnel counts its subjects: write count: rows in place of distinct"),
    ("{table: stage_changes, count: rows, funnel: {subject: [lead_id], step: stage, order: [new, won, new]}}", "measures.counted.funnel: a step stands twice: new"),
    ("{table: orders, distinct: order_id, per: customer_id}", "measures.counted: per customer_id counts each once: write count: rows in place of distinct"),
    ("{table: leads, count: rows, time: lost_at, state: {from: created_at}}", "measures.counted: time says nothing beside state; leave it out"),
    ("{table: forecasts, forecast: {kpi: big_orders, part: error}, where: {kpi: revenue}}", "measures.counted: where says nothing beside forecast; leave it out"),
    ("{table: orders, distinct: [customer_id, rep_id], window: {months: 2}, absent: {months: 2, at: start}}", "measures.counted: absent needs a window and a distinct of one column"),
    ("{table: orders, distinct: customer_id, window: {months: 2}, absent: {months: 2}}", "measures.counted: absent and window are the same months, so nobody is absent from one of them"),
    # where rows come from
    ("{table: scores, count: rows}", "scores is a view; measure the table that joins it"),
    ("{table: order, count: rows}", "order is no declared table; did you mean orders?"),
    ("{table: orders, sum: amuont}", "table orders has no column 'amuont'; did you mean amount?"),
    ("{table: orders, count: rows, time: rep_team.from_on}", "rep_team.from_on leads over a join with during; the row must have its place in time first"),
    ("{table: leads, count: rows, state: {from: status}}", "status of leads is text; a state begins and ends at a date or a moment"),
    ("{table: orders, count: rows, dimensions: {regoin: customer.region}}", "regoin is not in dimensions.yaml; did you mean region?"),
    ("{table: stage_changes, count: rows, funnel: {subject: [lead_id], step: entered_at, order: [new, won]}}", "entered_at of stage_changes is a moment; a step is a text"),
    ("{table: orders, count: rows, exists: {table: oders, on: {customer_id: customer_id}, time: ordered_at, after: {days: 9}}}", "oders is no declared table; did you mean orders?"),
    ("{table: orders, count: rows, exists: {table: leads, on: {amount: customer_id}, time: created_at, after: {days: 9}}}", "amount of orders is money, customer_id of leads is text; compare like with like"),
    ("{table: orders, count: rows, exists: {table: rep_teams, on: {rep_id: rep_id}, time: from_on, after: {days: 9}}}", "from_on of rep_teams is a date, the time of orders is not; use two of a kind"),
    ("{table: orders, forecast: {kpi: big_orders, part: error}}", "a forecast is read from the table forecasts, not orders"),
    ("{table: forecasts, forecast: {kpi: big_order, part: error}}", "big_order is no KPI; did you mean big_orders?"),
]  # fmt: skip


@pytest.mark.parametrize(("measure", "says"), REFUSED)
def test_a_measure_that_cannot_work_is_told_once_in_its_own_line(files: Files, measure: str, says: str) -> None:
    found = told(files(big_orders=kpi(measure)))
    about_it = [(file, line) for file, line, said in found if said == says]
    assert about_it == [("big_orders.yaml", f"counted: {measure}")], found
    assert len([said for *_, said in found if "derived from itself" not in said]) == 1


ALLOWED = [
    "{table: orders, sum: quantity, where: {amount: {at_least: 100}, rep_id: [R1, R2], customer.aliases: {known: true}}}",
    "{table: orders, mean: amount, where: {list_amount: {more_than: amount}, customer.do_not_contact: false}}",
    "{table: orders, count: rows, where: {score.rank_share: {at_most: 0.2}}}",
    "{table: leads, mean: {days_between: [created_at, converted_at]}, where: {converted_at: {within_days: 9, of: created_at}}}",
    "{table: leads, count: rows, state: {from: created_at, until: [lost_at, converted_at], open: {status: open}}}",
    "{table: orders, distinct: [order_id, product_id]}",
    "{table: orders, count: rows, exists: {table: leads, on: {customer_id: customer_id}, time: created_at, before: {days: 9}}}",
    "{table: orders, count: rows, where: {rep_team.team_id: T1}}",
]  # fmt: skip


@pytest.mark.parametrize("measure", ALLOWED)
def test_what_the_database_can_compare_is_let_through(files: Files, measure: str) -> None:
    assert read_model(files(big_orders=kpi(measure)), built_in=False).kpis


# --- KPIs


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ("prorate: never", "prorate: never", "prorate: never means whole months only; write grains: month too"),
        ("grains: month\nprorate: never\nshortest: {days: 28}", "shortest: {days: 28}", "shortest says nothing beside prorate: never, which takes closed months; leave one out"),
        ("grains: quarter", "rhythm: month", "the rhythm month is finer than the KPI exists for (grains: quarter)"),
        ("shortest: {days: 60}", "shortest: {days: 60}", "a month, its rhythm, can be shorter than 60 days"),
        ("shortest: 28", "shortest: 28", "shortest should look like {days: 28}"),
        ("card: My Card", "card: My Card", "card: 'My Card' cannot be used; write small letters, digits and hyphens"),
        ("decimals: 9", "decimals: 9", "decimals should be at most 4, not 9"),
        ("synonyms: {en: huge}", "synonyms: {en: huge}", "synonyms.en should be a list in square brackets, not 'huge'"),
        ("drivers: {parts: [counted, counted]}", "drivers: {parts: [counted, counted]}", "counted stands twice among the parts"),
        ("drivers: {parts: [big_orders]}", "drivers: {parts: [big_orders]}", "big_orders is no part of itself; name its measures, or the KPIs it is made of"),
        ("constants: {counted: 2}", "constants: {counted: 2}", "counted is a measure and a constant; rename one of them"),
        ("constants: {half: .inf}", "constants: {half: .inf}", "constants.half should be a number, not inf"),
    ],
)  # fmt: skip
def test_fields_of_a_kpi_that_make_no_sense_are_told_in_their_line(
    files: Files, more: str, line: str, says: str
) -> None:
    assert told(files(big_orders=kpi(more=more))) == [("big_orders.yaml", line, says)]


def test_a_cohort_is_not_ripe_before_its_conversions_can_have_come(files: Files) -> None:
    cohort = "{table: leads, count: rows, where: {converted_at: {within_days: 90, of: created_at}}}"
    found = told(files(big_orders=kpi(cohort, more="needs_maturity: {days: 30}")))
    assert found == [
        ("big_orders.yaml", "needs_maturity: {days: 30}", "the measures wait up to 90 days; write {days: 90} or more")
    ]
    assert read_model(files(big_orders=kpi(cohort, more="needs_maturity: {days: 90}")), built_in=False).kpis


def test_figures_of_an_instant_do_not_add_up_over_time(files: Files) -> None:
    state = kpi("{table: leads, count: rows, state: {from: created_at}}").replace("over_time: false", "over_time: true")
    says = "figures of a state or a window do not add up over time: write over_time: false"
    assert told(files(big_orders=state)) == [("big_orders.yaml", "additive: {over_time: true, over: []}", says)]


def test_rows_of_nobody_are_never_a_rep_s_own(files: Files) -> None:
    spend = kpi("{table: stage_changes, count: rows}", rep="own")
    ((_, line, says),) = told(files(big_orders=spend))
    assert line.startswith("access:")
    assert says == "rows of stage_changes belong to nobody (company: true); write rep: company, or none"


def test_the_value_taken_for_no_dimension_is_one_of_its_values(files: Files) -> None:
    measure = "{table: leads, count: rows, dimensions: {stage: status}}"
    sound = kpi(measure, dimensions="stage", more="without: {stage: won}")
    assert read_model(files(big_orders=sound), built_in=False).kpis
    ((_, line, says),) = told(files(big_orders=sound.replace("stage: won", "stage: done")))
    assert (line, says) == ("without: {stage: done}", "done is no value of stage; it has new, won")


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ("{kpis: [big_order]}", ["big_order is no KPI; did you mean big_orders?"]),
        ("{kpis: []}", ["the plan of a question to big_orders names it: kpis: [big_orders]"]),
        ("{kpis: [big_orders], period: in May}", ["in May is no period of a plan; write today, this week, last month, last 30 days ..."]),
        ("{kpis: [big_orders], dimensions: [region]}", ["region is not among the KPI's dimensions"]),
        ("{kpis: [big_orders], dimension: [rep]}", ["dimension is no field of a plan; it has kpis, period, dimensions; did you mean dimensions?"]),
        ("big_orders", ["questions #1.plan should be names with what belongs to each, in braces or indented, not 'big_orders'"]),
    ],
)  # fmt: skip
def test_the_plan_of_a_verified_question_names_what_there_is(files: Files, plan: str, says: list[str]) -> None:
    assert [said for *_, said in told(files(big_orders=kpi(plan=plan, dimensions="rep")))] == says


def test_a_measure_named_like_a_kpi_is_refused_where_it_could_mean_either(files: Files) -> None:
    other = kpi(id="other", value="big_orders").replace("  counted:", "  big_orders:")
    found = told(files(big_orders=kpi(), other=other))
    assert [(file, says) for file, _, says in found] == [
        ("other.yaml", "big_orders is a KPI; call the measure something else")
    ]


def test_a_kpi_of_one_s_own_may_be_called_like_a_measure_of_a_built_in_one(files: Files) -> None:
    model = read_model(files({}, won=kpi("{table: orders, count: rows}", id="won", rep="own")))
    assert model.parts("win_rate")[0].name == "win_rate.won"


def test_a_kpi_derived_from_one_that_goes_round_is_not_blamed_too(files: Files) -> None:
    one = kpi(id="one", value="counted * two")
    found = told(files(one=one, two=kpi(id="two", value="counted * one"), three=kpi(id="three", value="counted + one")))
    assert {(file, says) for file, _, says in found} == {
        ("one.yaml", "the KPI is derived from itself"), ("two.yaml", "the KPI is derived from itself"),
    }  # fmt: skip


def test_a_forecast_of_the_kpi_itself_goes_round(files: Files) -> None:
    measure = "{table: forecasts, forecast: {kpi: big_orders, part: error}}"
    assert [says for *_, says in told(files(big_orders=kpi(measure)))] == ["the KPI is derived from itself"]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("counted" + " + counted" * 120, "value: the formula has more than 100 steps; give parts of it KPI files of their own"),
        ("counted" + " + counted" * 3000, "value: the formula is too long; give parts of it KPI files of their own"),
        ("counted * 1e999", "value: 'counted * 1e999' may hold names, numbers, + - * / ( ), max and min; not '1e999'"),
        ("counted + True", "value: 'counted + True' may hold names, numbers, + - * / ( ), max and min; not 'True'"),
    ],
)  # fmt: skip
def test_a_formula_nobody_could_read_is_refused(files: Files, value: str, says: str) -> None:
    assert [said for *_, said in told(files(big_orders=kpi(value=value)))] == [says]


def test_a_long_formula_within_reason_is_computed(files: Files) -> None:
    model = read_model(files(big_orders=kpi(value="counted" + " + counted" * 100)), built_in=False)
    assert model.kpi("big_orders").formula.value({"counted": 2}) == 202


# --- words


@pytest.mark.parametrize(
    ("dimension", "word", "other"),
    [
        ("channel", "big_orders", "the KPI big_orders"),
        ("channel", "region", "the dimension region"),
        ("channel", " REGION", "the dimension region"),
        ("channel", "\uff32\uff45\uff47\uff49\uff4f\uff4e", "the dimension region"),  # full-width letters
    ],
)
def test_a_word_means_one_thing(files: Files, dimension: str, word: str, other: str) -> None:
    words = f"{dimension}:\n  names: {{en: channel, zh: 渠道}}\n  synonyms:\n    en:\n      - way\n      - '{word}'\n"
    spoilt = {**TABLES, "dimensions.yaml": TABLES["dimensions.yaml"] + words}
    ((file, line, says),) = told(files(spoilt, big_orders=kpi()))
    assert (file, line) == ("dimensions.yaml", f"- '{word}'")
    assert says == f"{word!r} already means {other}; a word means one thing"


def test_a_word_within_a_longer_one_is_no_clash(files: Files) -> None:
    named = kpi().replace("names: {en: big_orders", "names: {en: orders by region")
    assert read_model(files(big_orders=named), built_in=False).kpis


def test_words_of_one_s_own_are_told_and_not_the_built_in_ones(files: Files) -> None:
    ours = (Path(definition.__file__).parents[1] / "kpis" / "revenue.yaml").read_text("utf-8")
    ((file, _, says),) = told(files({}, revenue=ours.replace("net sales", "win rate")), built_in=True)
    assert (file, says) == ("revenue.yaml", "'win rate' already means win_rate; a word means one KPI")


def test_two_values_of_a_dimension_do_not_share_a_word(files: Files) -> None:
    spoilt = {**TABLES, "dimensions.yaml": TABLES["dimensions.yaml"].replace("{en: won, zh", "{en: New, zh")}
    ((_, line, says),) = told(files(spoilt, big_orders=kpi()))
    assert (line, says) == ("won: {en: New, zh: 赢单}", "'New' already means new; a word means one value")


# --- tables


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "says"),
    [
        ("orders", "{customer_id: customer_id}}", "{amount: customer_id}}", "customer:", "amount of orders is money, customer_id of customers is text; they never meet"),
        ("orders", "{rep_id: rep_id}, during", "{customer.owner_rep_id: rep_id}, during", "rep_team:", "customer.owner_rep_id leads to another table; a join starts from columns of its own table"),
        ("orders", "{from: from_on", "{from: frm", "rep_team:", "table rep_teams has no column 'frm'"),
        ("orders", "to: to_on}", "to: team_id}", "rep_team:", "team_id of rep_teams is text; a row is valid from a date to a date"),
        ("orders", "owner: rep_id", "owner: amount", "owner:", "amount of orders is money; a row rule is the id of a rep or a team"),
        ("orders", "time: ordered_at", "time: amount", "time:", "amount of orders is money; time is a date or a moment"),
        ("orders", "rep: rep_id", "rep: amount", "dimensions:", "amount of orders is money; the dimension rep has words for texts"),
        ("scores", "by: subject_id", "by: subject", "latest:", "table scores has no column 'subject'; did you mean subject_id?"),
        ("scores", "at: as_of", "at: value", "latest:", "value of scores is a number; the newest row is told by a moment"),
        ("scores", "of: predictions", "of: scores", "latest:", "the view reads itself; name the table it reads"),
        ("scores", "of: predictions", "of: predictons", "latest:", "predictons is no declared table; did you mean predictions?"),
        ("scores", "view: scores", "view: predictions", "view:", "predictions is a table; give the view a name of its own"),
        ("scores", "rank_share: value", "rank_share: model_id", "ranks:", "model_id of scores is text; ranks order numbers"),
    ],
)  # fmt: skip
def test_a_table_file_that_cannot_be_read_so_is_told_once(
    files: Files, file: str, old: str, new: str, line: str, says: str
) -> None:
    name = f"tables/{file}.yaml"
    assert TABLES[name].count(old) == 1
    found = told(files({**TABLES, name: TABLES[name].replace(old, new)}, big_orders=kpi()))
    told_of = [(where, at.startswith(line), said) for where, at, said in found if "leads to scores" not in said]
    assert told_of == [(name, True, says)]


def test_a_table_declared_in_two_files_is_told(files: Files) -> None:
    twice = {**TABLES, "tables/sales.yaml": TABLES["tables/orders.yaml"]}
    assert told(files(twice, big_orders=kpi())) == [
        ("tables/sales.yaml", "table: orders", "orders is declared in orders.yaml already")
    ]


def test_a_table_file_beside_the_kpis_is_told_where_it_belongs(files: Files) -> None:
    found = told(files(big_orders=kpi(), orders=TABLES["tables/orders.yaml"]))
    assert [(file, says) for file, _, says in found] == [
        ("orders.yaml", "this is the file of a table; move it into the folder tables")
    ]


def test_a_key_that_stands_twice_is_told_with_both_lines(files: Files) -> None:
    two = kpi().replace("value: counted", "  counted: {table: leads, count: rows}\nvalue: counted")
    assert told(files(big_orders=two)) == [
        (
            "big_orders.yaml",
            "counted: {table: leads, count: rows}",
            "counted stands twice, also in line 8; keep one of them",
        )
    ]


# --- one's own folder on top of the built-in files


def test_a_table_of_one_s_own_with_fewer_dimensions_is_told_in_its_own_file(files: Files) -> None:
    mine = (Path(definition.__file__).parents[1] / "kpis" / "tables" / "orders.yaml").read_text("utf-8")
    fewer = {
        "tables/orders.yaml": mine.replace("  industry: customer.industry\n", "").replace(
            "  campaign: campaign_id\n", ""
        )
    }
    ((file, line, says),) = told(files(fewer), built_in=True)
    assert (file, line) == ("tables/orders.yaml", "dimensions:")
    assert says.startswith("with this file built-in ones no longer fit (active_customers, aov, attributed_revenue and ")
    assert says.endswith(": orders has no dimensions industry, campaign")


def test_what_a_kpi_s_tables_lack_is_one_line_a_table(files: Files) -> None:
    ((_, line, says),) = told(files(big_orders=kpi("{table: leads, count: rows}", dimensions="rep, region")))
    assert line == "dimensions: [rep, region]"
    assert says == "leads has no dimensions rep, region; a KPI allows only what all its parts have"


def test_a_folder_without_kpi_files_is_told_and_the_one_below_it_offered(files: Files, tmp_path: Path) -> None:
    (tmp_path / "kpis").mkdir()
    with pytest.raises(ModelError, match=r"there is no KPI file in this folder; LEADLINE_KPI_DIR names a folder of"):
        read_model(tmp_path)
    (tmp_path / "kpis" / "big_orders.yaml").write_text(kpi(), "utf-8")
    with pytest.raises(ModelError, match=r"; did you mean .*kpis\?$"):
        read_model(tmp_path)


def test_a_file_that_was_mended_is_read_again_by_the_same_process(files: Files) -> None:
    folder = files(big_orders=kpi())
    first = read_model(folder, built_in=False)
    assert read_model(folder, built_in=False) is first
    file = folder / "big_orders.yaml"
    file.write_text(kpi().replace("good: up", "good: neither"), "utf-8")
    os.utime(file, ns=(1, 1))
    assert read_model(folder, built_in=False).kpi("big_orders").good == "neither"
    (folder / "small_orders.yaml").write_text(kpi(id="small_orders"), "utf-8")
    assert set(read_model(folder, built_in=False).kpis) == {"big_orders", "small_orders"}


def test_files_of_editors_and_windows_are_read_as_they_come(files: Files) -> None:
    folder = files(big_orders=kpi())
    (folder / "._big_orders.yaml").write_bytes(b"\x00\x05\x16\x07")
    (folder / "small_orders.YAML").write_text("\ufeff" + kpi(id="small_orders"), "utf-8")
    assert set(read_model(folder, built_in=False).kpis) == {"big_orders", "small_orders"}


# --- the description of the language


def test_the_description_names_every_field() -> None:
    described = definition.__doc__ or ""
    families = [family for family in Written.__subclasses__() if family.__module__ == definition.__name__]
    fields = {part.alias or name for family in families for name, part in family.model_fields.items()}
    assert {name for name in fields - {"one_of"} if name not in described} == set()
