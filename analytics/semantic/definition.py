"""The language of KPI files: how a company says what its figures mean.

A folder (LEADLINE_KPI_DIR) is laid on top of the built-in `analytics/kpis`; what has the name of something built in
takes its place. `leadline kpis check` reads it and names the file, the line and the way out of every mistake.

    <kpi>.yaml              one KPI; the file has the KPI's id as its name
    tables/<any>.yaml       one table or view that KPIs read
    dimensions.yaml         the words of all dimensions

Names are small letters, digits and _. A *path* is a column (`amount`) or leads to one over joins (`customer.region`).
Chinese words are written in Simplified characters. No key stands twice; only true and false are truths, dates are text.

A KPI

    id: marketing_roi
    version: 1                       counts changes of the definition
    owner: marketing                 who answers for it
    names: {en: marketing ROI, zh: 营销投资回报率}
    synonyms: {en: [ROMI], zh: [投产比]}         a word means one KPI or one dimension, never two
    definition: {en: ..., zh: ...}   one sentence: what is counted, by which date, what is left out
    type: ratio                      simple | ratio | derived | cumulative | conversion | snapshot | model output
    measures:                        each under a name of its own, which is no KPI's
      returned: {table: orders, sum: amount, where: {channel.kind: [paid, partner]}}
      spent: {table: marketing_spend, sum: amount, where: {channel.kind: [paid, partner]}}
    constants: {half: 0.5}           declared numbers
    value: returned / spent          measures, constants and other KPIs; + - * / ( ) max min
    unit: ratio                      count money share ratio days hours minutes score; a share is 0-1
    decimals: 2                      how many are worth reading; left out: what is usual for the unit
    good: up                         up | down | neither
    additive: {over_time: false, over: []}       do periods add up? groups of which dimensions (all, or a list)?
    dimensions: [channel, campaign]  what it may be broken down by: all its measures' tables have them
    grains: month                    the finest period it exists for; left out: day
    shortest: {days: 28}             the shortest period it exists for
    needs_maturity: {days: 90}       only periods that ended so long ago: until then rows still come to count
    prorate: never                   with grains: month: only whole months that are over
    depends_on_length: true          a longer period alone gives another level: a target holds for its own length
    rhythm: month                    day week month quarter year: the period meant when a question names none
    area: financial                  financial | operational | customer: where a summary has it; left out: in none
    comparison: {default: previous, to_date: same_days}   previous | last_year | target; same_days | full_period
    missing: unknown                 no rows: unknown is no data; zero is 0, as far as the data reach
    access: {rep: own, manager: teams, exec: all, open: false}
    drivers: {parts: [returned, spent], dimensions: [channel]}      what a change is split into
    card: marketing-mix              the playbook card that helps when it misses
    without: {stage: proposal}       the filter used where a question names no such dimension
    questions:                       at least one; they run as tests
      - {en: marketing ROI last month, zh: 上个月的营销投资回报率, plan: {kpis: [marketing_roi], period: last month}}

A simple KPI has one measure and `value` is its name; a ratio divides; a cumulative KPI has a measure with a `window`, a
snapshot one with a `state` or a `window`. A part without data makes the KPI no data, and so does a division by zero.
`access` says whose rows count: rep own | company | none, manager teams | company | none, where `company` shows the
company's total only; `open: true` shows team and company totals to reps as well. A plan holds kpis, dimensions and a
period: today, yesterday, this or last week, month, quarter, half or year, `last 30 days`, `last 12 weeks` and the like.

A measure

`table`, and one of `count: rows`, `distinct: customer_id` (or a list of texts, counted together), `sum: amount`,
`mean: csat`. What is summed or averaged is a number or money, or `{hours_between: [opened_at, closed_at]}`,
`{days_between: [...]}` of two moments, or `{minus: [amount, cost_of_goods]}`; rows where it is unknown are left out.
A mean is a sum over a count: groups are never averaged.

    time: closed_at            places a row in the period; left out: the table's `time`. Nothing later than now is seen
    where: {path: condition}   all hold. A condition is a value, a list (one of these), or {not: value or list},
                               {known: true}, {at_least: n}, {at_most: n}, {less_than: n}, {more_than: n} (a number or a
                               column), {within_days: 90, of: created_at} (0 <= this - of < 90 days of 24 hours);
                               an unknown value meets none of them, not even `not`
    state: {from: created_at, until: [won_at, lost_at], open: {status: open}}
                               rows that exist at the period's end (or now): begun before it, and an end known and not
                               before it, or all ends unknown and `open` holds; `from_unknown: true` takes rows whose
                               beginning is unknown as begun. A state has no `time`
    window: {months: 12}       rows of the months up to the period's end (or today); `at: start` up to its start
    absent: {months: 12}       with a window and one `distinct`: only those without such a row in these other months
    per: customer_id           first one row per customer and group, with the greatest value; these are aggregated then.
                               `having: {distinct: order_id, at_least: 2}` keeps those with so many
    exists: {table: orders, on: {customer_id: customer_id}, time: ordered_at, after: {days: 90}}
                               another row with 0 < its time - own time < 90 days; `before: {days: 30}`: 0 <= own time -
                               its time < 30 days; `differs: {campaign_id: campaign_id}` must not be equal
    funnel: {subject: [lead_id, opportunity_id], step: stage, order: [new, contacted, won]}
                               with `count: rows`: each subject (the first known) once per step, at its first entry; the
                               last step is none to enter from. `reached_within: {days: 60}`: only who entered a later
                               step in time. Columns are the table's own, times moments; no `where`
    forecast: {kpi: revenue, part: error}      table forecasts: the sum of |actual - forecast| over whole months, or
                               (`part: actual`) of |actual|; the last forecast before a month counts
    dimensions: {region: rep_team.team.region}          another path than the table's for this measure

Of state, window, exists, funnel and forecast a measure has one; `per` goes with a window only.

A table

    table: orders              a declared one (analytics/warehouse/tables.py), or a new one with
    key: [order_id, line_no]   what tells its rows apart, and
    columns: {order_id: text, line_no: whole, ordered_at: moment, amount: money}
                               text whole number money moment date flag; moments are UTC, money is exact
    rows: {en: order lines, zh: 订单行}
    time: ordered_at           the usual time of its measures: a moment or a date
    owner: rep_id              the row rule: path to the rep whose row it is; or `team: team_id`; or `company: true` for
                               rows of nobody, seen as company totals only. Without one it can be joined, not measured
    joins:
      customer: {to: customers, on: {customer_id: customer_id}}     {column here: key column there}, the whole key, so
                               that no row is counted twice
      rep_team: {to: rep_teams, on: {rep_id: rep_id}, during: {from: from_on, to: to_on}}
                               the row valid on the local day of the measure's time: from that date up to the other
    dimensions: {rep: rep_id, team: rep_team.team_id, region: customer.region}

A view is the newest row per subject of a table that keeps old ones, to be joined by `by` and never measured itself:

    view: lead_scores
    latest: {of: predictions, by: subject_id, at: as_of, where: {model_id: lead_score}}
                               as of the period's end; `known_by: clock`: as of now; `then: [version]` breaks ties
    ranks: {rank_share: value} a column in (0, 1]: the share of subjects whose value is not greater

Dimensions

    rep:
      names: {en: rep, zh: 销售}
      synonyms: {en: [seller], zh: [业务员]}
      labels: {table: reps, key: rep_id, name: name}      ids are shown by name; a filter takes either
      rep_level: true          shows parts of the organisation: totals beyond one's own rows are never broken down by it
    stage:
      names: {en: stage, zh: 阶段}
      values: {new: {en: new, zh: 新建}, won: {en: won, zh: 赢单}}     words per value, no word for two of them
      in_order: true           listed in the order of `values`, not by size
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from analytics.semantic.formula import Formula
from analytics.semantic.measures import Condition, Days, Forecast, Funnel, Measure, Operand, State, Where
from analytics.semantic.written import CARD, Name, Path, Synonyms, Words, Written, misfit
from analytics.vocabulary import Grain, Unit

__all__ = [
    "Access", "Condition", "Dimension", "Forecast", "Funnel", "Join", "Kpi", "Latest", "Measure", "Name", "Operand",
    "State", "Synonyms", "TableFile", "Where", "Words",
]  # fmt: skip


def _formula(text: str) -> str:
    Formula(text)
    return text


# --- KPIs

_DECIMALS = {
    Unit.SHARE: 1,
    Unit.RATIO: 2,
    Unit.SCORE: 2,
    Unit.DAYS: 1,
    Unit.HOURS: 1,
    Unit.MINUTES: 0,
    Unit.COUNT: 0,
}
# Points are the difference of two shares: no KPI is one.
KpiUnit = Literal[
    Unit.COUNT, Unit.MONEY, Unit.SHARE, Unit.RATIO, Unit.DAYS, Unit.HOURS, Unit.MINUTES, Unit.SCORE
]  # fmt: skip
Type = Literal["simple", "ratio", "derived", "cumulative", "conversion", "snapshot", "model output"]


def _all_or_some(given: object) -> str:
    return "<all>" if given == "all" else "<some>"


Over = Annotated[
    Annotated[Literal["all"], Tag("<all>")] | Annotated[tuple[Name, ...], Tag("<some>")], Discriminator(_all_or_some)
]


class Additive(Written):
    """Whether parts add up to the whole: periods over time, groups over these dimensions."""

    over_time: bool
    over: Over = ()


class ComparisonPolicy(Written):
    """With what a figure is compared unless asked otherwise, and how far a period to date reaches back."""

    default: Literal["previous", "last_year", "target"] = "previous"
    to_date: Literal["same_days", "full_period"] = "same_days"


class Access(Written):
    """Who may see it. `company`: only the company's total exists; `open`: totals above one's own rows too."""

    rep: Literal["own", "company", "none"]
    manager: Literal["teams", "company", "none"]
    exec: Literal["all"] = "all"
    open: bool = False


class Drivers(Written):
    """The parts a change is split into, and the dimensions worth searching."""

    parts: tuple[Name, ...] = ()
    dimensions: tuple[Name, ...] = ()


class Verified(Written):
    """A question whose plan is known; it runs as a test in both languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)
    plan: dict[str, Any]


class Kpi(Written):
    """One KPI file.

    `depends_on_length`: a longer period alone gives another level (revenue per customer of a year and of a month), so
    that a target holds for periods of its own length only.
    """

    id: Name
    version: int = Field(ge=1)
    owner: str = Field(min_length=1)
    names: Words
    synonyms: Synonyms = Synonyms()
    definition: Words
    type: Type
    measures: dict[Name, Measure] = Field(default_factory=dict)
    value: Annotated[str, AfterValidator(_formula)]
    constants: dict[Name, Annotated[float, Field(allow_inf_nan=False)]] = Field(default_factory=dict)
    unit: KpiUnit
    decimals: int | None = Field(default=None, ge=0, le=4)
    good: Literal["up", "down", "neither"]
    additive: Additive
    dimensions: tuple[Name, ...] = ()
    grains: Grain = Grain.DAY
    shortest: Days | None = None
    rhythm: Literal["day", "week", "month", "quarter", "year"]
    area: Literal["financial", "operational", "customer"] | None = None
    comparison: ComparisonPolicy = ComparisonPolicy()
    missing: Literal["unknown", "zero"]
    access: Access
    drivers: Drivers = Drivers()
    card: str | None = Field(default=None, pattern=CARD)
    needs_maturity: Days | None = None
    prorate: Literal["never"] | None = None
    depends_on_length: bool = False
    without: dict[Name, str] = Field(default_factory=dict)
    questions: tuple[Verified, ...] = Field(min_length=1)

    @cached_property
    def formula(self) -> Formula:
        """The parsed `value`."""
        return Formula(self.value)

    @property
    def decimals_read(self) -> int | None:
        """How many decimals are worth reading: the file's, else the usual for the unit (None: as money is)."""
        return self.decimals if self.decimals is not None else _DECIMALS.get(self.unit)

    @model_validator(mode="after")
    def _type_fits(self) -> Kpi:
        if self.type == "simple" and not (len(self.measures) == 1 and self.formula.names == tuple(self.measures)):
            raise misfit("a simple KPI has one measure, and `value` is its name", "type")
        if self.type == "ratio" and "/" not in self.value:
            raise misfit("a ratio divides: `value` needs a /", "value")
        windows = any(measure.window for measure in self.measures.values())
        if self.type == "cumulative" and not windows:
            raise misfit("a cumulative KPI needs a measure with a window", "type")
        if self.type == "snapshot" and not (windows or any(measure.state for measure in self.measures.values())):
            raise misfit("a snapshot KPI needs a measure with a state or a window", "type")
        return self

    @model_validator(mode="after")
    def _names_fit(self) -> Kpi:
        if both := sorted(self.measures.keys() & self.constants.keys()):
            raise misfit(f"{both[0]} is a measure and a constant; rename one of them", "constants", both[0])
        unused = [name for name in (*self.measures, *self.constants) if name not in self.formula.names]
        if unused:
            raise misfit(f"`value` does not use {', '.join(unused)}", "value")
        if self.additive.over != "all" and (strange := set(self.additive.over) - set(self.dimensions)):
            named = ", ".join(sorted(strange))
            raise misfit(f"additive over {named}, which it has no dimension for", "additive", "over")
        return self


# --- tables and dimensions

ColumnKind = Literal["text", "whole", "number", "money", "moment", "date", "flag"]


class During(Written):
    """The columns between which a row is valid, half-open days."""

    begins: Name = Field(alias="from")
    ends: Name = Field(alias="to")


class Join(Written):
    """A many-to-one step to another table: {column here: key column there}."""

    to: Name
    on: dict[Path, Name] = Field(min_length=1)
    during: During | None = None


class Latest(Written):
    """The newest row per subject of a table that keeps old ones.

    `known_by` says by when: the end of the period asked about, or the clock (what was found out later counts). Of rows
    of one moment the greatest in the columns `then` is the newest.
    """

    of: Name
    by: Name
    at: Name
    then: tuple[Name, ...] = ()
    known_by: Literal["period_end", "clock"] = "period_end"
    where: Where = Field(default_factory=dict)


class TableFile(Written):
    """A table as KPIs read it: its joins, dimensions and row rule."""

    table: Name | None = None
    view: Name | None = None
    latest: Latest | None = None
    ranks: dict[Name, Name] = Field(default_factory=dict)
    rows: Words | None = None
    time: Name | None = None
    owner: Path | None = None
    team: Path | None = None
    company: Literal[True] | None = None
    joins: dict[Name, Join] = Field(default_factory=dict)
    dimensions: dict[Name, Path] = Field(default_factory=dict)
    key: tuple[Name, ...] = ()
    columns: dict[Name, ColumnKind] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_kind(self) -> TableFile:
        if (self.table is None) == (self.view is None):
            raise misfit("a file declares one of `table` and `view`", "view")
        if (self.view is None) != (self.latest is None):
            raise misfit("a view says what it is the `latest` of", "view", "latest")
        if self.view is not None and (self.columns or self.key):
            raise misfit("a view has the columns of the table it reads; leave out `columns` and `key`", "columns")
        if self.ranks and self.view is None:
            raise misfit("`ranks` belong to a view", "ranks")
        if bool(self.columns) != bool(self.key):
            raise misfit("a new table declares both `columns` and `key`", "columns" if self.columns else "key")
        if strange := [column for column in self.key if column not in self.columns]:
            raise misfit(f"the key {', '.join(strange)} is not among the columns", "key")
        rules = [rule for rule in ("owner", "team", "company") if getattr(self, rule) is not None]
        if len(rules) > 1:
            raise misfit("one row rule: owner, team or company", rules[-1])
        return self

    @property
    def name(self) -> str:
        """What joins and measures call it."""
        return self.table or self.view or ""


class Labels(Written):
    """The table that gives ids their names."""

    table: Name
    key: Name
    name: Name


class Dimension(Written):
    """The words of a dimension, and how its values are shown."""

    names: Words
    synonyms: Synonyms = Synonyms()
    labels: Labels | None = None
    values: dict[str, Words] = Field(default_factory=dict)
    rep_level: bool = False
    in_order: bool = False
