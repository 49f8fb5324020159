"""An invented company that sells subscriptions: its rows, its three databases, and its KPIs counted by hand."""

from __future__ import annotations

import random
import sqlite3
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import psycopg

from analytics.vocabulary import Clock

ZONE = "Australia/Sydney"
CLOCK = Clock(datetime(2026, 8, 20, 9, 30, tzinfo=UTC), ZONE)
Row = dict[str, Any]
Place = Callable[[Row, date], str | None]

# As its own people declared the tables: more columns than the KPI files know of.
COLUMNS = {
    "accounts": "account_id text, name text, country text, size text, note text",
    "stewards": "account_id text, agent text, from_on date, to_on date",
    "plans": "plan_id text, title text, tier text",
    "subscriptions": "subscription_id text, account_id text, plan_id text, trial_at moment, started_at moment, "
    "cancelled_at moment, price money, trial flag",
    "invoices": "invoice_id text, line_no whole, account_id text, plan_id text, billed_at moment, kind text, amount money",
    "usage_days": "account_id text, day date, minutes whole",
    "support_chats": "chat_id text, account_id text, opened_at moment, answered_at moment, stars number, escalated flag",
}
_TYPES = {
    "duckdb": {"whole": "INTEGER", "moment": "TIMESTAMP", "money": "DECIMAL(18,2)", "flag": "BOOLEAN", "number": "DOUBLE"},
    "postgresql": {
        "whole": "INTEGER", "moment": "TIMESTAMP", "money": "NUMERIC(18,2)", "flag": "BOOLEAN", "number": "DOUBLE PRECISION",
    },
    "sqlite": {"whole": "INTEGER", "moment": "TEXT", "money": "INTEGER", "flag": "INTEGER", "number": "REAL", "date": "TEXT"},
}  # fmt: skip


def build() -> dict[str, list[Row]]:
    """A year of business, up to some days after the clock; the same rows each time."""
    chance = random.Random(11)

    def moment(first: int = 0, last: int = 355) -> datetime:
        day = datetime(2025, 9, 1) + timedelta(days=chance.randint(first, last))
        return day + timedelta(hours=chance.choice([0, 9, 13, 14, 15, 23]), minutes=chance.choice([0, 17, 59]))

    accounts = [
        {"account_id": f"K{n:02d}", "name": f"Account {n % 37}", "country": chance.choice(["Kenya", "Chile", "挪威", None]),
         "size": chance.choice("SML"), "note": "seen"}
        for n in range(40)
    ]  # fmt: skip
    stewards = []
    for account in accounts[1:]:
        first, second = chance.sample(["A1", "A2", "A3", "A4"], 2)
        until = chance.choice([None, None, date(2026, 7, 1)])
        stewards.append(
            {"account_id": account["account_id"], "agent": first, "from_on": date(2025, 1, 1), "to_on": until}
        )
        if chance.random() < 0.5:
            taken = date(2026, 1, 1) + timedelta(days=chance.randint(0, 170))
            stewards.append({"account_id": account["account_id"], "agent": second, "from_on": taken, "to_on": None})
    plans = [
        {"plan_id": "P1", "title": "Solo", "tier": "basic"}, {"plan_id": "P2", "title": "Team", "tier": "basic"},
        {"plan_id": "P3", "title": "Team", "tier": "pro"}, {"plan_id": "P4", "title": "Company 100%", "tier": "pro"},
    ]  # fmt: skip
    subscriptions, invoices = [], []
    for number in range(130):
        trial = chance.random() < 0.6
        trial_at = moment() if trial else None
        started_at = _paid_at(chance, trial_at) if trial_at else moment()
        begun = started_at or trial_at
        assert begun is not None
        ends = begun + timedelta(days=chance.randint(3, 200), minutes=chance.randint(0, 999))
        row = {
            "subscription_id": f"S{number:03d}", "account_id": chance.choice(accounts)["account_id"],
            "plan_id": chance.choice(plans)["plan_id"], "trial_at": trial_at, "started_at": started_at,
            "cancelled_at": ends if chance.random() < 0.6 else None,
            "price": None if number == 7 else Decimal(chance.randint(900, 9999)) / 100, "trial": trial,
        }  # fmt: skip
        subscriptions.append(row)
        invoices += list(_billed(chance, row))
    usage = [
        {
            "account_id": account["account_id"],
            "day": date(2025, 9, 1) + timedelta(days=day),
            "minutes": chance.choice([0, 5, 40, None]),
        }
        for account in accounts
        for day in sorted(chance.sample(range(360), 20))
    ]
    chats = []
    for number in range(120):
        opened = moment() + timedelta(seconds=chance.randint(0, 59))
        waited = timedelta(seconds=chance.randint(1, 90_000), microseconds=chance.choice([0, 250_000]))
        chats.append({
            "chat_id": f"C{number}", "account_id": chance.choice(accounts)["account_id"], "opened_at": opened,
            "answered_at": opened + waited if chance.random() < 0.8 else None, "stars": chance.choice([1.0, 3.5, 5.0, None]),
            "escalated": chance.random() < 0.2,
        })  # fmt: skip
    return {
        "accounts": accounts, "stewards": stewards, "plans": plans, "subscriptions": subscriptions, "invoices": invoices,
        "usage_days": usage, "support_chats": chats,
    }  # fmt: skip


def _paid_at(chance: random.Random, trial_at: datetime) -> datetime | None:
    if chance.random() < 0.3:
        return None
    if chance.random() < 0.1:
        return trial_at + timedelta(days=14)  # a moment too late
    return trial_at + timedelta(days=chance.randint(0, 25), minutes=chance.randint(0, 600))


def _billed(chance: random.Random, subscription: Row) -> Iterable[Row]:
    at, number = subscription["started_at"], 0
    while at is not None and at < min(subscription["cancelled_at"] or datetime(2026, 8, 27), datetime(2026, 8, 27)):
        common = {"account_id": subscription["account_id"], "plan_id": subscription["plan_id"]}
        invoice = f"{subscription['subscription_id']}-{number}"
        price = subscription["price"] or Decimal(0)
        yield {"invoice_id": invoice, "line_no": 1, **common, "billed_at": at, "kind": "charge", "amount": price}
        if chance.random() < 0.2:
            back = at + timedelta(days=chance.randint(0, 45))
            kind = chance.choice(["refund", "refund", "credit", None])
            yield {
                "invoice_id": invoice,
                "line_no": 2,
                **common,
                "billed_at": back,
                "kind": kind,
                "amount": round(price / 2, 2),
            }
        at, number = at + timedelta(days=30), number + 1


# --- its databases


def fill_duckdb(path: Path, tables: dict[str, list[Row]]) -> None:
    """Write them to a DuckDB file."""
    with duckdb.connect(str(path)) as connection:
        for name, rows in tables.items():
            connection.execute(_create(name, "duckdb"))
            width = len(rows[0])
            for start in range(0, len(rows), 200):
                some = rows[start : start + 200]
                places = ", ".join([f"({', '.join('?' * width)})"] * len(some))
                connection.execute(
                    f"INSERT INTO {name} VALUES {places}", [cell for row in some for cell in row.values()]
                )


def fill_sqlite(path: Path, tables: dict[str, list[Row]]) -> None:
    """Write them to a SQLite file: moments as texts of one length, money as cents."""
    with sqlite3.connect(path) as connection:
        for name, rows in tables.items():
            connection.execute(_create(name, "sqlite"))
            places = ", ".join("?" * len(rows[0]))
            stored = [tuple(_in_sqlite(cell) for cell in row.values()) for row in rows]
            connection.executemany(f"INSERT INTO {name} VALUES ({places})", stored)
    connection.close()


def fill_postgresql(url: str, schema: str, tables: dict[str, list[Row]]) -> None:
    """Write them to a new schema of a PostgreSQL database."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema}"')
        cursor.execute(f'SET search_path = "{schema}"')
        for name, rows in tables.items():
            cursor.execute(_create(name, "postgresql"))
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {name} VALUES ({places})", [tuple(row.values()) for row in rows])


def _create(name: str, database: str) -> str:
    columns = []
    for column in COLUMNS[name].split(", "):
        called, kind = column.split()
        columns.append(f"{called} {_TYPES[database].get(kind, kind)}")
    return f"CREATE TABLE {name} ({', '.join(columns)})"


def _in_sqlite(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(cell, date):
        return cell.isoformat()
    return int(cell * 100) if isinstance(cell, Decimal) else cell


# --- its KPIs by hand


def local_day(moment: datetime) -> date:
    """The day in Sydney of a moment stored as UTC without a zone."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE)).date()


def everywhere(row: Row, day: date) -> bool:
    """All rows."""
    return True


Where = Callable[[Row, date], bool]


class ByHand:
    """Each KPI in plain Python over the rows. `start` and `end` are local days, half-open; None is no data."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables
        self._accounts = {row["account_id"]: row for row in tables["accounts"]}
        self._plans = {row["plan_id"]: row for row in tables["plans"]}

    def value(self, kpi: str, start: date, end: date, where: Where = everywhere) -> Any:
        """The KPI's value of the rows for which `where` holds on their day."""
        return getattr(self, kpi)(start, end, where)

    def place(self, dimension: str) -> Place:
        """How a row's group is told on its day."""
        return {
            "account": lambda row, day: row["account_id"],
            "country": lambda row, day: self._accounts[row["account_id"]]["country"],
            "plan": lambda row, day: row["plan_id"],
            "tier": lambda row, day: self._plans[row["plan_id"]]["tier"],
            "agent": lambda row, day: self._agent(row["account_id"], day),
        }[dimension]

    def only(self, dimension: str, *keys: str | None) -> Where:
        """The rows of these groups."""
        place = self.place(dimension)
        return lambda row, day: place(row, day) in keys

    def groups(self, dimension: str) -> set[str | None]:
        """Every group there is."""
        agents: set[str | None] = {row["agent"] for row in self.tables["stewards"]}
        if dimension == "agent":
            return agents | {None}
        place = self.place(dimension)
        return {place(row, CLOCK.today) for row in self.tables["subscriptions"]}

    def _agent(self, account: str, day: date) -> str | None:
        """Whoever took the account over last, as long as it was not given up."""
        held = [row for row in self.tables["stewards"] if row["account_id"] == account and row["from_on"] <= day]
        if not held:
            return None
        newest = max(held, key=lambda row: row["from_on"])
        return newest["agent"] if newest["to_on"] is None or day < newest["to_on"] else None

    def _rows(self, table: str, time: str, start: date, end: date, where: Where, **values: Any) -> list[Row]:
        """Rows of local days [start, end), none later than the clock."""
        found = []
        for row in self.tables[table]:
            at = row[time]
            if at is None or any(row[name] != value for name, value in values.items()):
                continue
            moment = isinstance(at, datetime)
            day = local_day(at) if moment else at
            seen = at <= CLOCK.now.replace(tzinfo=None) if moment else at <= CLOCK.today
            if seen and start <= day < end and where(row, day):
                found.append(row)
        return found

    def mrr(self, start: date, end: date, where: Where) -> Decimal | None:
        last = min(end, CLOCK.today + timedelta(days=1)) - timedelta(days=1)

        def runs(row: Row) -> bool:
            at, gone = row["started_at"], row["cancelled_at"]
            now = CLOCK.now.replace(tzinfo=None)
            began = at is not None and at <= now and local_day(at) <= last
            over = gone is not None and gone <= now and local_day(gone) <= last
            return began and not over

        prices = [row["price"] for row in self.tables["subscriptions"] if runs(row) and where(row, last)]
        known = [price for price in prices if price is not None]
        return sum(known, Decimal(0)) if known else None

    def new_subscriptions(self, start: date, end: date, where: Where) -> int:
        return len(self._rows("subscriptions", "started_at", start, end, where))

    def churned_subscriptions(self, start: date, end: date, where: Where) -> int:
        gone = self._rows("subscriptions", "cancelled_at", start, end, where)
        return len([row for row in gone if row["started_at"] is not None])

    def silent_share(self, start: date, end: date, where: Where) -> float | None:
        end = min(end, CLOCK.today + timedelta(days=1))

        def billed(until: date, where: Where) -> set[str]:
            rows = self._rows("invoices", "billed_at", _two_months_before(until), until, where)
            return {row["account_id"] for row in rows}

        before, still = billed(start, where), billed(end, everywhere)
        return len(before - still) / len(before) if before else None

    def arpa(self, start: date, end: date, where: Where) -> Decimal | None:
        charged = self._rows("invoices", "billed_at", start, end, where, kind="charge")
        active = {row["account_id"] for row in self._rows("usage_days", "day", start, end, where) if row["minutes"]}
        return sum((row["amount"] for row in charged), Decimal(0)) / len(active) if active else None

    def trial_conversion(self, start: date, end: date, where: Where) -> float | None:
        if CLOCK.today - end < timedelta(days=14):
            return None
        trials = self._rows("subscriptions", "trial_at", start, end, where, trial=True)
        paid = [row for row in trials if row["started_at"] and row["started_at"] - row["trial_at"] < timedelta(days=14)]
        return len(paid) / len(trials) if trials else None

    def usage_minutes(self, start: date, end: date, where: Where) -> float | None:
        known = [
            row["minutes"] for row in self._rows("usage_days", "day", start, end, where) if row["minutes"] is not None
        ]
        return float(sum(known)) if known else None

    def net_revenue(self, start: date, end: date, where: Where) -> Decimal | None:
        charged = self._rows("invoices", "billed_at", start, end, where, kind="charge")
        refunded = self._rows("invoices", "billed_at", start, end, where, kind="refund")
        if not charged and not refunded:
            return None
        return sum((row["amount"] for row in charged), Decimal(0)) - sum(
            (row["amount"] for row in refunded), Decimal(0)
        )

    def refund_share(self, start: date, end: date, where: Where) -> float | None:
        charged = sum(row["amount"] for row in self._rows("invoices", "billed_at", start, end, where, kind="charge"))
        refunded = sum(row["amount"] for row in self._rows("invoices", "billed_at", start, end, where, kind="refund"))
        return float(refunded / charged) if charged else None

    def net_revenue_per_hour(self, start: date, end: date, where: Where) -> Decimal | None:
        net, minutes = self.net_revenue(start, end, where), self.usage_minutes(start, end, where)
        if not minutes:
            return None
        return (net or Decimal(0)) / (Decimal(minutes) / 60)

    def answer_minutes(self, start: date, end: date, where: Where) -> float | None:
        chats = self._rows("support_chats", "opened_at", start, end, where)
        waits = [row["answered_at"] - row["opened_at"] for row in chats if row["answered_at"] is not None]
        return sum(wait.total_seconds() for wait in waits) / 60 / len(waits) if waits else None


def _two_months_before(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month - 3, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
