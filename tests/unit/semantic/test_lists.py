"""Lists of leads, deals and customers: on three databases what pandas finds in the same rows."""

from __future__ import annotations

import os
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from analytics.semantic import Filter, Order, QueryError, read_model
from analytics.semantic.lists import MOST_ROWS, Listed, ListQuery, Lists
from analytics.vocabulary import Clock, Scope
from analytics.warehouse import Reader, Warehouse

POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/test"
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # noon and a half of Monday in Shanghai
CLOCK, TODAY = Clock(NOW, "Asia/Shanghai"), date(2026, 11, 23)
EARLIER = Clock(datetime(2026, 11, 1, 10, tzinfo=UTC), "Asia/Shanghai")
MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)
CONTACTS = ("call", "email", "meeting", "demo", "visit")
NAMES = (
    "Acme 50% off",
    "Acme 50 off",
    "under_score Ltd",
    "underXscore Ltd",
    "苏州恒瑞",
    "ACME Ünal",
    "o'Brien; --",
    "bang!",
)
MODEL = read_model()

Frames = dict[str, pd.DataFrame]


def at(days_ago: float) -> datetime:
    return NOW - timedelta(days=days_ago)


@pytest.fixture(scope="module")
def rows() -> Frames:
    """Some hundred rows by chance, and those on which a boundary lies."""
    chance = random.Random(23)
    return {
        "company": pd.DataFrame([{"name": "Lark", "currency": "CNY", "timezone": "Asia/Shanghai"}]),
        "reps": pd.DataFrame(
            {"rep_id": ["R1", "R2", "R3", "R4"], "name": ["Anna Ash", "张伟", "陈静", "陈静"], "active": True}
        ),
        "products": pd.DataFrame({"product_id": ["PR1", "PR2"], "name": ["X500", "Panel_100%"], "category": "Sensors"}),
        "channels": pd.DataFrame({"channel_id": ["CH1", "CH2"], "name": ["Search 搜索", "Direct"], "kind": "paid"}),
        "customers": pd.DataFrame(_customers(chance)),
        "leads": pd.DataFrame(_leads(chance)),
        "opportunities": pd.DataFrame(_deals(chance)),
        "stage_changes": pd.DataFrame(_stages(chance)),
        "activities": pd.DataFrame(_activities(chance)),
        "orders": pd.DataFrame(_orders(chance)),
    }


def _owner(chance: random.Random) -> str | None:
    return chance.choice(["R1", "R2", "R3", "R4", None])


def _customers(chance: random.Random) -> list[dict[str, Any]]:
    return [
        {"customer_id": f"C{n:02}", "name": NAMES[n % len(NAMES)] + (f" {n}" if n >= len(NAMES) else ""),
         "owner_rep_id": _owner(chance), "region": chance.choice(["East", "West", None]), "size_band": chance.choice("SMLX")}
        for n in range(40)
    ]  # fmt: skip


def _leads(chance: random.Random) -> list[dict[str, Any]]:
    found = []
    for n in range(120):
        lead: dict[str, Any] = {
            "lead_id": f"L{n:03}", "company": NAMES[n % len(NAMES)], "owner_rep_id": _owner(chance),
            "channel_id": chance.choice(["CH1", "CH2", None]), "created_at": at(chance.uniform(-3, 90)), "status": "open",
        }  # fmt: skip
        if n % 4 == 0:
            lead |= {"status": "lost", "lost_at": at(chance.uniform(-2, 60)) if n % 8 else None}
        if n % 10 == 1:
            lead |= {"status": "converted", "converted_at": at(chance.uniform(-2, 60))}
        found.append(lead | ({"created_at": None} if n % 17 == 0 else {}))
    return found


def local(day: date) -> datetime:
    """The moment a day begins in Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)


# Won on the very bounds of October, and at the clock itself.
_CLOSED = {
    1: local(date(2026, 10, 1)), 2: local(date(2026, 10, 1)) - timedelta(microseconds=1), 3: local(date(2026, 11, 1)),
    4: local(date(2026, 11, 1)) - timedelta(microseconds=1), 6: NOW,
}  # fmt: skip


def _deals(chance: random.Random) -> list[dict[str, Any]]:
    found = []
    for n in range(120):
        close = TODAY + timedelta(days=(-1, 0, 3, 6, 7, 30)[n % 6]) if n % 13 else None
        deal: dict[str, Any] = {
            "opportunity_id": f"D{n:03}", "name": f"{NAMES[n % len(NAMES)]} deal", "customer_id": f"C{n % 40:02}",
            "owner_rep_id": _owner(chance), "product_id": chance.choice(["PR1", "PR2", None]), "stage": "proposal",
            "amount": (49_999.99, 50_000, 50_000.01, 120_000, 3, None)[n % 6] if n % 11 else 50_000.01,
            "created_at": at(chance.uniform(-2, 120)), "expected_close_on": close, "outcome": "open",
        }  # fmt: skip
        if n % 5 == 0:
            deal |= {"outcome": "won", "closed_at": at(chance.uniform(-2, 60)) if n % 15 else None}
        elif n % 7 == 0:
            deal |= {
                "outcome": ("lost", "withdrawn")[n % 2],
                "closed_at": at(chance.uniform(-2, 60)) if n % 21 else None,
            }
        if n in _CLOSED:
            deal |= {"outcome": "won", "closed_at": _CLOSED[n]}
        found.append(deal | ({"created_at": None} if n % 19 == 0 else {}))
    return found


def _stages(chance: random.Random) -> list[dict[str, Any]]:
    moments = [at(chance.uniform(-2, 60)) for _ in range(150)]
    midnight = datetime(2026, 10, 24, tzinfo=ZONE).astimezone(UTC)  # thirty days before today
    return [
        {"opportunity_id": f"D{n:03}", "stage": "proposal", "entered_at": entered}
        for n, entered in [*((chance.randrange(100), entered) for entered in moments),
                           (110, midnight), (111, midnight - timedelta(microseconds=1)), (112, NOW), (113, at(-0.001))]
    ]  # fmt: skip


def _activities(chance: random.Random) -> list[dict[str, Any]]:
    kinds = [*CONTACTS, "event", "service"]
    midnight = datetime(2026, 11, 16, tzinfo=ZONE).astimezone(UTC)  # seven days before today
    some = [(chance.randrange(90), chance.choice(kinds), at(chance.uniform(-2, 40))) for _ in range(250)]
    edges = [(100, "call", midnight), (101, "call", midnight - timedelta(microseconds=1)), (102, "call", NOW), (103, "call", at(-0.01)),
             (104, "event", at(1))]  # fmt: skip
    return [
        {"activity_id": f"A{n:03}", "rep_id": "R1", "lead_id": f"L{lead:03}", "customer_id": f"C{lead % 40:02}",
         "opportunity_id": f"D{lead:03}", "kind": kind, "happened_at": moment}
        for n, (lead, kind, moment) in enumerate([*some, *edges])
    ]  # fmt: skip


def _orders(chance: random.Random) -> list[dict[str, Any]]:
    return [
        {"order_id": f"O{n}", "line_no": 1, "customer_id": f"C{chance.randrange(30):02}", "rep_id": "R1",
         "ordered_at": at(chance.uniform(-2, 700)), "amount": 10}
        for n in range(60)
    ]  # fmt: skip


@pytest.fixture(scope="module", params=["duckdb", "sqlite", "postgresql"])
def reader(request: pytest.FixtureRequest, rows: Frames, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """The same rows on each database."""
    prefix = f"leadline_lists_{uuid.uuid4().hex[:8]}"
    folder = tmp_path_factory.mktemp("lists")
    url = POSTGRESQL if request.param == "postgresql" else f"{request.param}:///{folder}/warehouse.db"
    if request.param == "postgresql":
        _skip_without_postgresql()
    warehouse = Warehouse.open(url, schema_prefix=prefix)
    with warehouse.load("crm", NOW) as load:
        for name, frame in rows.items():
            load.put(name, frame)
    with warehouse.reader() as found:
        yield found
    warehouse.close()
    if request.param == "postgresql":
        _drop(prefix)


def _skip_without_postgresql() -> None:
    engine = create_engine(POSTGRESQL, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError as error:
        if os.environ.get("LEADLINE_REQUIRE_SERVICES") == "1":
            raise
        pytest.skip(f"no PostgreSQL server answers: {error.orig}")
    finally:
        engine.dispose()


def _drop(prefix: str) -> None:
    engine = create_engine(POSTGRESQL)
    with engine.begin() as connection:
        found = text("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE :mine")
        for name in connection.scalars(found, {"mine": f"{prefix}%"}).all():
            connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))
    engine.dispose()


def listed(
    reader: Reader, which: str, *filters: Filter, scope: Scope | None = None, clock: Clock = CLOCK, **more: Any
) -> Listed:
    query = ListQuery(which, filters, **{"limit": MOST_ROWS, **more})
    return Lists(MODEL, reader, clock, scope or Scope.everything()).run(query)


def keys(found: Listed) -> set[str]:
    assert found.total == len(found.rows)
    return {row[found.key] for row in found.rows}


# --- the same by pandas


def days_since(moments: pd.Series[Any], today: date = TODAY) -> pd.Series[Any]:
    local = pd.to_datetime(moments, utc=True).dt.tz_convert("Asia/Shanghai").dt.tz_localize(None).dt.normalize()
    return (pd.Timestamp(today) - local).dt.days


def open_leads(rows: Frames, now: datetime = NOW) -> pd.DataFrame:
    leads = rows["leads"]
    created = pd.to_datetime(leads["created_at"], utc=True)
    ended = pd.concat([pd.to_datetime(leads[name], utc=True) for name in ("converted_at", "lost_at")], axis=1).min(
        axis=1
    )
    there = (created.isna() | (created <= now)) & ((ended > now) | (ended.isna() & (leads["status"] == "open")))
    return leads[there]


def open_deals(rows: Frames, now: datetime = NOW) -> pd.DataFrame:
    deals = rows["opportunities"]
    created, closed = (pd.to_datetime(deals[name], utc=True) for name in ("created_at", "closed_at"))
    there = (created.isna() | (created <= now)) & ((closed > now) | (closed.isna() & (deals["outcome"] == "open")))
    return deals[there]


def last_of(
    rows: Frames, table: str, by: str, moment: str, now: datetime = NOW, kinds: tuple[str, ...] = ()
) -> pd.Series[Any]:
    found = rows[table]
    found = found[(pd.to_datetime(found[moment], utc=True) <= now) & (found["kind"].isin(kinds) if kinds else True)]
    return found.groupby(by)[moment].max()


def waiting(rows: Frames, now: datetime, today: date, days: int) -> set[str]:
    """Open leads without a contact for so many days, those never contacted among them."""
    leads = open_leads(rows, now)
    contacted = leads["lead_id"].map(last_of(rows, "activities", "lead_id", "happened_at", now, CONTACTS))
    since = days_since(contacted, today)
    return set(leads["lead_id"][since.isna() | (since >= days)])


# --- the questions of a sales floor


def test_deals_closing_this_week(reader: Reader, rows: Frames) -> None:
    deals = open_deals(rows)
    closing = deals["expected_close_on"].map(lambda day: isinstance(day, date) and MONDAY <= day <= SUNDAY)
    found = listed(reader, "deals", Filter("expected_close_on", "between", (MONDAY, SUNDAY)))
    assert keys(found) == set(deals["opportunity_id"][closing]) != set()
    assert {row["expected_close_on"] for row in found.rows} == {TODAY, TODAY + timedelta(3), TODAY + timedelta(6)}


def test_leads_not_contacted_in_seven_days_include_those_never_contacted(reader: Reader, rows: Frames) -> None:
    found = listed(reader, "leads", Filter("days_since_contact", "at_least", (7,)))
    assert keys(found) == waiting(rows, NOW, TODAY, 7)
    days = {row["lead_id"]: row["days_since_contact"] for row in found.rows}
    assert "L100" in days or "L100" not in set(open_leads(rows)["lead_id"])
    assert {"L103", "L104"} & set(open_leads(rows)["lead_id"]) <= set(
        days
    )  # called later than now; seen at a fair only
    assert None in days.values()
    assert min(number for number in days.values() if number is not None) == 7


@pytest.mark.parametrize(
    ("op", "days", "fits"),
    [("at_least", 7, lambda n: n >= 7), ("more_than", 7, lambda n: n > 7), ("at_most", 7, lambda n: n <= 7), ("less_than", 7, lambda n: n < 7),
     ("at_most", 0, lambda n: n <= 0), ("at_least", 0, lambda n: n >= 0)],
)  # fmt: skip
def test_days_are_whole_local_days(reader: Reader, rows: Frames, op: Any, days: int, fits: Any) -> None:
    leads = open_leads(rows)
    since = days_since(leads["lead_id"].map(last_of(rows, "activities", "lead_id", "happened_at", kinds=CONTACTS)))
    long_ago = op in ("at_least", "more_than")
    expected = set(leads["lead_id"][since.map(lambda n: long_ago if pd.isna(n) else fits(n))])
    assert keys(listed(reader, "leads", Filter("days_since_contact", op, (days,)))) == expected


def test_deals_over_fifty_thousand_are_over_it_to_the_cent(reader: Reader, rows: Frames) -> None:
    deals = open_deals(rows)
    found = listed(reader, "deals", Filter("amount", "more_than", (50_000,)))
    assert keys(found) == set(deals["opportunity_id"][deals["amount"] > 50_000])
    assert {row["amount"] for row in found.rows} == {Decimal("50000.01"), Decimal("120000.00")}
    amounts = [row["amount"] for row in listed(reader, "deals").rows]
    known = [amount for amount in amounts if amount is not None]
    assert known == sorted(known, reverse=True)  # the largest first, without being told
    assert amounts[len(known) :] == [None] * (len(amounts) - len(known)) != []


def test_deals_in_a_stage_for_more_than_thirty_days(reader: Reader, rows: Frames) -> None:
    deals = open_deals(rows)
    since = days_since(deals["opportunity_id"].map(last_of(rows, "stage_changes", "opportunity_id", "entered_at")))
    found = listed(reader, "deals", Filter("days_in_stage", "more_than", (30,)))
    assert keys(found) == set(deals["opportunity_id"][since > 30]) != set()
    known = keys(listed(reader, "deals", Filter("days_in_stage", "known")))
    assert known == set(deals["opportunity_id"][since.notna()])
    assert keys(listed(reader, "deals", Filter("days_in_stage", "unknown"))) == set(
        deals["opportunity_id"][since.isna()]
    )


def test_customers_without_an_order_for_180_days_include_those_that_never_ordered(reader: Reader, rows: Frames) -> None:
    customers = rows["customers"]
    since = days_since(customers["customer_id"].map(last_of(rows, "orders", "customer_id", "ordered_at")))
    found = listed(reader, "customers", Filter("days_since_order", "at_least", (180,)))
    assert keys(found) == set(customers["customer_id"][since.isna() | (since >= 180)])
    assert {row["days_since_order"] for row in found.rows} > {None}


# --- order, limit, total


def test_who_waited_longest_comes_first_and_never_contacted_before_all(reader: Reader) -> None:
    days = [row["days_since_contact"] for row in listed(reader, "leads").rows]
    never = days.count(None)
    assert days[:never] == [None] * never != []
    assert days[never:] == sorted(days[never:], reverse=True)
    up = [row["days_since_contact"] for row in listed(reader, "leads", order=Order("days_since_contact", False)).rows]
    assert up == sorted(days[never:]) + [None] * never


def test_a_limit_cuts_the_rows_and_the_total_tells_how_many_there_are(reader: Reader, rows: Frames) -> None:
    everything = listed(reader, "deals")
    five = listed(reader, "deals", limit=5)
    assert five.total == everything.total == len(open_deals(rows))
    assert five.rows == everything.rows[:5]
    assert listed(reader, "deals", Filter("amount", "more_than", (10**9,))).total == 0


def test_equal_rows_stand_in_the_order_of_their_keys(reader: Reader) -> None:
    found = listed(reader, "deals", Filter("amount", "in", (120_000,)))
    assert [row["opportunity_id"] for row in found.rows] == sorted(row["opportunity_id"] for row in found.rows)


def test_the_twenty_first_row_has_to_be_asked_for(reader: Reader) -> None:
    assert len(Lists(MODEL, reader, CLOCK, Scope.everything()).run(ListQuery("leads")).rows) == 20


# --- rights


@pytest.mark.parametrize(("which", "table", "key"), [("leads", "leads", "lead_id"), ("deals", "opportunities", "opportunity_id"), ("customers", "customers", "customer_id")])  # fmt: skip
def test_a_rep_s_lists_hold_the_rep_s_own_rows(reader: Reader, rows: Frames, which: str, table: str, key: str) -> None:
    owners = rows[table].set_index(key)["owner_rep_id"].to_dict()
    everything, own = listed(reader, which), listed(reader, which, scope=Scope.of("R1"))
    assert keys(own) == {row[key] for row in everything.rows if owners[row[key]] == "R1"} != set()
    assert {owners[row] for row in keys(listed(reader, which, scope=Scope.of("R2", "R3")))} == {"R2", "R3"}
    assert keys(listed(reader, which, scope=Scope())) == set()
    assert keys(listed(reader, which, Filter("rep", "in", ("R2",)), scope=Scope.of("R1"))) == set()
    assert keys(listed(reader, which, Filter("rep", "unknown"), scope=Scope.of("R1"))) == set()


# --- filters


@pytest.mark.parametrize(
    "words", ["50%", "under_", "ACME", "acme", "恒瑞", "o'brien; --", "!", "nothing like it", "%", "_", "ü", "Ü", "\\"]
)
def test_text_is_looked_for_as_it_stands(reader: Reader, rows: Frames, words: str) -> None:
    leads = open_leads(rows)
    expected = set(leads["lead_id"][leads["company"].map(lambda name: words.lower() in name.lower())])
    assert keys(listed(reader, "leads", Filter("company", "contains", (words,)))) == expected


@pytest.mark.parametrize(
    ("name", "op", "values", "ids"),
    [
        ("rep", "in", ("Anna Ash",), {"R1"}), ("rep", "in", ("R1", "张伟"), {"R1", "R2"}), ("rep", "in", ("陈静",), {"R3", "R4"}),
        ("rep", "not_in", ("陈静",), {"R1", "R2"}), ("rep", "contains", ("ash",), {"R1"}),
        ("product", "in", ("X500",), {"PR1"}), ("product", "contains", ("_100%",), {"PR2"}), ("product", "not_in", ("X500",), {"PR2"}),
    ],
)  # fmt: skip
def test_reps_and_products_are_named_or_given_by_id(
    reader: Reader, rows: Frames, name: str, op: Any, values: tuple[str, ...], ids: set[str]
) -> None:
    deals = open_deals(rows)
    column = {"rep": "owner_rep_id", "product": "product_id"}[name]
    expected = set(deals["opportunity_id"][deals[column].isin(ids)])
    assert keys(listed(reader, "deals", Filter(name, op, values))) == expected != set()


def test_filters_narrow_together(reader: Reader, rows: Frames) -> None:
    found = listed(
        reader,
        "deals",
        Filter("amount", "at_least", (50_000,)),
        Filter("rep", "in", ("Anna Ash",)),
        Filter("customer", "contains", ("acme",)),
    )
    deals = open_deals(rows).merge(rows["customers"], on="customer_id", suffixes=("", "_of"))
    fits = (
        (deals["amount"] >= 50_000)
        & (deals["owner_rep_id"] == "R1")
        & deals["name_of"].str.lower().str.contains("acme")
    )
    assert keys(found) == set(deals["opportunity_id"][fits]) != set()


# --- the clock


def test_what_happened_after_the_clock_is_not_known_yet(reader: Reader, rows: Frames) -> None:
    then, day = EARLIER.now, EARLIER.today
    assert keys(listed(reader, "leads", clock=EARLIER)) == set(open_leads(rows, then)["lead_id"])
    assert keys(listed(reader, "deals", clock=EARLIER)) == set(open_deals(rows, then)["opportunity_id"])
    waited = listed(reader, "leads", Filter("days_since_contact", "at_least", (7,)), clock=EARLIER)
    assert keys(waited) == waiting(rows, then, day, 7) != waiting(rows, NOW, TODAY, 7)
    assert (
        min(
            row["days_since_contact"]
            for row in listed(reader, "leads", clock=EARLIER).rows
            if row["days_since_contact"] is not None
        )
        >= 0
    )


# --- states


def in_state(rows: Frames, state: str, now: datetime = NOW) -> pd.DataFrame:
    """Deals as somebody would sort them by hand: what closed later is open, what closed on an unknown day is closed."""
    deals = rows["opportunities"]
    created, closed = (pd.to_datetime(deals[name], utc=True) for name in ("created_at", "closed_at"))
    begun, ended = created.isna() | (created <= now), closed.isna() | (closed <= now)
    return deals[begun & ended & (deals["outcome"] == state)]


@pytest.mark.parametrize("clock", [CLOCK, EARLIER], ids=["today", "earlier"])
@pytest.mark.parametrize("state", ["won", "lost", "withdrawn"])
def test_deals_that_ended_are_those_that_had_ended_by_the_clock(
    reader: Reader, rows: Frames, state: str, clock: Clock
) -> None:
    found = listed(reader, "deals", state=state, clock=clock)
    assert keys(found) == set(in_state(rows, state, clock.now)["opportunity_id"]) != set()
    assert {row["outcome"] for row in found.rows} == {state}


@pytest.mark.parametrize("clock", [CLOCK, EARLIER], ids=["today", "earlier"])
@pytest.mark.parametrize("which", ["deals", "leads"])
def test_each_row_is_in_one_state_and_all_hold_them_all(reader: Reader, which: str, clock: Clock) -> None:
    states = {"deals": ("open", "won", "lost", "withdrawn"), "leads": ("open", "converted", "lost")}[which]
    parts = [keys(listed(reader, which, state=state, clock=clock)) for state in states]
    everything = keys(listed(reader, which, state="all", clock=clock))
    assert all(parts)
    assert sum(map(len, parts)) == len(everything)
    assert set().union(*parts) == everything


def test_what_a_deal_became_later_is_not_told_before(reader: Reader, rows: Frames) -> None:
    deals = rows["opportunities"].set_index("opportunity_id")
    later = [row for row in listed(reader, "deals", state="all", clock=EARLIER).rows if row["outcome"] == "open"]
    became = deals.loc[[row["opportunity_id"] for row in later], "outcome"]
    assert (became != "open").any()
    assert {row["closed_at"] for row in later} == {None}
    assert {row["lost_reason"] for row in later} == {None}


@pytest.mark.parametrize(
    ("state", "moment", "start", "end"),
    [
        ("won", "closed_at", date(2026, 10, 1), date(2026, 11, 1)), ("open", "expected_close_on", MONDAY, date(2026, 11, 30)),
        ("all", "created_at", date(2026, 9, 1), date(2026, 10, 1)), ("lost", "closed_at", date(2026, 10, 1), date(2026, 11, 24)),
    ],
)  # fmt: skip
def test_during_takes_the_first_day_in_and_the_last_one_out(
    reader: Reader, rows: Frames, state: str, moment: str, start: date, end: date
) -> None:
    of_state = {"open": open_deals(rows), "all": rows["opportunities"]}.get(state)
    deals = in_state(rows, state) if of_state is None else of_state
    first, last = (start, end) if moment == "expected_close_on" else (local(start), local(end))
    within = deals[moment].map(lambda at: at is not None and not pd.isna(at) and first <= at < last)
    found = listed(reader, "deals", Filter(moment, "during", (start, end)), state=state)
    assert keys(found) == set(deals["opportunity_id"][within]) != set()
    if state == "won":
        assert {"D001", "D004"} <= keys(found)
        assert not {"D002", "D003"} & keys(found)


@pytest.mark.parametrize(
    ("op", "days", "first", "last"),
    [
        ("at_least", (date(2026, 10, 1),), date(2026, 10, 1), None), ("more_than", (date(2026, 9, 30),), date(2026, 10, 1), None),
        ("at_most", (date(2026, 9, 30),), None, date(2026, 10, 1)), ("less_than", (date(2026, 10, 1),), None, date(2026, 10, 1)),
        ("between", (date(2026, 10, 1), date(2026, 10, 31)), date(2026, 10, 1), date(2026, 11, 1)),
    ],
)  # fmt: skip
def test_a_moment_is_compared_with_local_days(
    reader: Reader, rows: Frames, op: Any, days: tuple[date, ...], first: date | None, last: date | None
) -> None:
    deals = in_state(rows, "won")
    closed = pd.to_datetime(deals["closed_at"], utc=True)
    fits = closed.notna()
    fits &= closed >= local(first) if first else True
    fits &= closed < local(last) if last else True
    found = listed(reader, "deals", Filter("closed_at", op, days), state="won")
    assert keys(found) == set(deals["opportunity_id"][fits]) != set()


def test_days_between_two_numbers_count_both(reader: Reader, rows: Frames) -> None:
    leads = open_leads(rows)
    since = days_since(leads["lead_id"].map(last_of(rows, "activities", "lead_id", "happened_at", kinds=CONTACTS)))
    found = listed(reader, "leads", Filter("days_since_contact", "between", (1, 7)))
    assert keys(found) == set(leads["lead_id"][since.between(1, 7)]) != set()


# --- sums, and why a list is empty


def test_the_amount_is_that_of_all_deals_found_not_of_those_shown(reader: Reader, rows: Frames) -> None:
    deals = in_state(rows, "won")
    found = listed(reader, "deals", state="won", limit=1)
    assert len(found.rows) == 1
    assert found.total == len(deals)
    assert found.summed == sum(Decimal(str(amount)) for amount in deals["amount"].dropna())
    assert found.summed_rows == deals["amount"].notna().sum() < len(deals)
    own = in_state(rows, "won").query("owner_rep_id == 'R1'")
    assert listed(reader, "deals", state="won", scope=Scope.of("R1")).summed == sum(
        Decimal(str(amount)) for amount in own["amount"].dropna()
    )


def test_an_empty_list_tells_which_filter_leaves_nothing(reader: Reader, rows: Frames) -> None:
    impossible, fine = Filter("amount", "more_than", (10**9,)), Filter("stage", "in", ("proposal",))
    told = Lists(MODEL, reader, CLOCK, Scope.everything()).emptied(ListQuery("deals", (fine, impossible)))
    assert (told.unfiltered, told.barring) == (len(open_deals(rows)), (1,))
    large, small = Filter("amount", "more_than", (100_000,)), Filter("amount", "less_than", (100,))
    told = Lists(MODEL, reader, CLOCK, Scope.everything()).emptied(ListQuery("deals", (large, small, fine)))
    amounts = open_deals(rows)["amount"]
    left = {0: (amounts < 100).sum(), 1: (amounts > 100_000).sum()}  # without the first, without the second
    best = max(left, key=lambda place: left[place])
    assert (told.barring, told.best, told.left) == ((), best, left[best])
    own = Lists(MODEL, reader, CLOCK, Scope.of("R1")).emptied(ListQuery("deals", (impossible,)))
    assert own.unfiltered == (open_deals(rows)["owner_rep_id"] == "R1").sum()


def test_rows_stand_in_the_order_of_names_not_of_ids(reader: Reader) -> None:
    some = Filter("customer", "in", ("C04", "C06", "C07"))  # 苏州恒瑞, o'Brien, bang!
    found = listed(reader, "deals", some, order=Order("customer", False), state="all").rows
    assert list(dict.fromkeys(row["customer"] for row in found)) == ["C07", "C06", "C04"]


def test_what_nobody_recorded_is_told_missing_not_never(reader: Reader) -> None:
    for filters, order in (((Filter("value_class", "in", ("basic",)),), None), ((), Order("lifetime_value"))):
        with pytest.raises(QueryError) as told:
            listed(reader, "customers", *filters, order=order)
        assert told.value.code == "needs_tables"
        assert told.value.offers[0].startswith("predictions of ")


# --- what cannot be asked


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (ListQuery("quotas"), "unknown_list"), (ListQuery("leads", limit=0), "bad_limit"), (ListQuery("leads", limit=MOST_ROWS + 1), "bad_limit"),
        (ListQuery("leads", (Filter("salary", "in", (1,)),)), "unknown_column"), (ListQuery("leads", order=Order("owner_rep_id")), "unknown_column"),
        (ListQuery("leads", (Filter("lead_id; DROP TABLE leads", "in", (1,)),)), "unknown_column"),
        (ListQuery("leads", (Filter("days_since_contact", "contains", ("7",)),)), "bad_filter"),
        (ListQuery("leads", (Filter("days_since_contact", "during", (TODAY, TODAY)),)), "bad_filter"), (ListQuery("leads", state="won"), "unknown_state"),
        (ListQuery("customers", state="open"), "unknown_state"), (ListQuery("leads", columns=("salary",)), "unknown_column"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(reader: Reader, query: ListQuery, code: str) -> None:
    with pytest.raises(QueryError) as told:
        Lists(MODEL, reader, CLOCK, Scope.everything()).run(query)
    assert told.value.code == code


@pytest.mark.parametrize(
    "given",
    [
        Filter("days_since_contact", "at_least", ("lots",)), Filter("days_since_contact", "at_least"), Filter("days_since_contact", "at_least", (10**9,)),
        Filter("created_at", "at_least", (7,)), Filter("created_at", "contains", ("2026",)), Filter("created_at", "during", (TODAY,)),
        Filter("created_at", "during", ("2026-11-01", "2026-12-01")), Filter("created_at", "in", (TODAY,)), Filter("created_at", "more_than", (date.max,)), Filter("company", "contains"),
        Filter("company", "between", ("a",)), Filter("do_not_contact", "in", ("x",)),
    ],
    ids=str,
)  # fmt: skip
def test_a_value_that_does_not_fit_its_column_is_told(reader: Reader, given: Filter) -> None:
    with pytest.raises(QueryError) as told:
        listed(reader, "leads", given)
    assert told.value.code == "bad_filter"


def test_seven_days_are_seven_days_however_a_plan_writes_them(reader: Reader) -> None:
    whole, written = (listed(reader, "leads", Filter("days_since_contact", "at_least", (days,))) for days in (7, 7.0))
    assert keys(whole) == keys(written)


def test_codes_can_be_said_in_words(reader: Reader) -> None:
    by_code = keys(listed(reader, "customers", Filter("size_band", "in", ("S",))))
    assert by_code == keys(listed(reader, "customers", Filter("size_band", "in", ("small",)))) != set()
    assert by_code == keys(listed(reader, "customers", Filter("size_band", "in", ("小型",))))


def test_nothing_in_a_value_reaches_the_statement(reader: Reader) -> None:
    found = listed(reader, "leads", Filter("company", "in", ("x' OR '1'='1", "o'Brien; --")))
    assert {row["company"] for row in found.rows} == {"o'Brien; --"}
    assert "Brien" not in found.provenance.statements[0].sql
