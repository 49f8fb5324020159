"""Which accounts there are, by name: the customers of one version of the data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Text, select, type_coerce

from analytics.warehouse import Reader
from analytics.warehouse.tables import customers, opportunities, orders


class CustomerName(NamedTuple):
    """What a customer is called; `parent_id` is the group a subsidiary belongs to."""

    customer_id: str
    name: str
    aliases: tuple[str, ...] = ()
    parent_id: str | None = None


def customer_names(reader: Reader) -> list[CustomerName]:
    """Every customer by id, whoever owns it; a customer without any name is left out."""
    written = type_coerce(customers.c.aliases, Text)
    columns = (customers.c.customer_id, customers.c.name, written, customers.c.parent_customer_id)
    rows: list[Any] = reader.rows(select(*columns).order_by(customers.c.customer_id))
    aliases = _lists([row[2] for row in rows])
    return [
        CustomerName(row[0], row[1] or "", also, row[3])
        for row, also in zip(rows, aliases, strict=True)
        if row[1] or also
    ]


def _lists(written: list[str | None]) -> list[tuple[str, ...]]:
    """Lists as JSON, read as one text: fifty thousand by themselves take five times as long."""
    found = json.loads("[" + ",".join(text or "null" for text in written) + "]")
    return [_words(one) for one in found]


def _words(aliases: Any) -> tuple[str, ...]:
    if isinstance(aliases, str):
        return (aliases,) if aliases else ()
    return tuple(word for word in aliases if word and isinstance(word, str)) if isinstance(aliases, list) else ()


def cities_of_customers(reader: Reader) -> list[str]:
    """Where customers are, each city once."""
    found: list[Any] = reader.rows(select(customers.c.city).distinct().where(customers.c.city.is_not(None)))
    return sorted(row[0] for row in found if row[0])


def owners_of_customers(reader: Reader) -> dict[str, str]:
    """Whose each owned customer is, by id."""
    owned = select(customers.c.customer_id, customers.c.owner_rep_id).where(customers.c.owner_rep_id.is_not(None))
    rows: list[Any] = reader.rows(owned)
    return {row[0]: row[1] for row in rows}


def owner_of_deal(reader: Reader, opportunity_id: str) -> str | None:
    """Whose a deal is; None for a deal nobody owns or that is not there."""
    owner = select(opportunities.c.owner_rep_id).where(opportunities.c.opportunity_id == opportunity_id)
    return _one(reader.rows(owner))


def owner_of_customer(reader: Reader, customer_id: str) -> str | None:
    """Whose a customer is; None for a customer nobody owns or that is not there."""
    owner = select(customers.c.owner_rep_id).where(customers.c.customer_id == customer_id)
    return _one(reader.rows(owner))


def works_with(reader: Reader, customer_id: str, reps: frozenset[str]) -> bool:
    """Whether the customer, or a deal or an order of that customer, belongs to one of these reps."""
    owned = (
        (customers, customers.c.owner_rep_id),
        (opportunities, opportunities.c.owner_rep_id),
        (orders, orders.c.rep_id),
    )
    return any(
        reader.rows(
            select(table.c.customer_id).where(table.c.customer_id == customer_id, rep.in_(sorted(reps))).limit(1)
        )
        for table, rep in owned
    )


def _one(rows: Sequence[Any]) -> str | None:
    return rows[0][0] if rows else None
