"""A second, independent look at every statement before it runs: it may only read, and only declared tables."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

_DIALECTS = {"duckdb": "duckdb", "sqlite": "sqlite", "postgresql": "postgres"}


class NotReadOnly(RuntimeError):
    """A statement that would do more than read declared tables; our fault, never the asker's."""

    def __init__(self, why: str) -> None:
        super().__init__(f"a statement was stopped before it ran: {why}")


def check_read_only(sql: str, dialect: str, tables: Iterable[str]) -> None:
    """Raises NotReadOnly unless `sql` is one SELECT over `tables` (and what it names itself) without side effects."""
    _checked(sql, dialect, frozenset(tables))


@lru_cache(maxsize=1024)
def _checked(sql: str, dialect: str, tables: frozenset[str]) -> None:
    import sqlglot
    from sqlglot import exp

    try:
        statements = sqlglot.parse(sql, read=_DIALECTS.get(dialect, dialect))
    except sqlglot.errors.SqlglotError as error:
        raise NotReadOnly(f"it cannot be parsed: {str(error).splitlines()[0]}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
        raise NotReadOnly("it is not one SELECT")
    tree = statements[0]
    changing = next(
        tree.find_all(
            exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.TruncateTable,
            exp.Command, exp.Copy, exp.Attach, exp.Detach, exp.Pragma, exp.Set, exp.Into, exp.Lock, exp.Use,
            exp.Transaction,
        ),
        None,
    )  # fmt: skip
    if changing is not None:
        raise NotReadOnly(f"it holds {type(changing).__name__.upper()}")
    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.Anonymous) and table.this.name.lower() == "json_each":
            continue  # a table made of a bound text
        if not isinstance(table.this, exp.Identifier):
            raise NotReadOnly(f"it reads {table.this.sql()} and not a table")
        declared = table.name in tables and table.db in _SCHEMAS and not table.catalog
        if not declared and (table.db or not _named_around(table)):
            raise NotReadOnly(f"it reads {table.sql()}, which is not declared")
    stranger = next((call for call in tree.find_all(exp.Anonymous) if call.name.lower() not in _FUNCTIONS), None)
    if stranger is not None:
        raise NotReadOnly(f"it calls {stranger.name}")


def _named_around(table: Any) -> bool:
    """Whether a WITH of a select around the table defines its name."""
    from sqlglot import exp

    around = table.parent_select
    while around is not None:
        with_ = around.args.get("with_") or around.args.get("with")
        if with_ is not None and any(cte.alias == table.name for cte in with_.find_all(exp.CTE)):
            return True
        around = around.parent_select
    return False


_SCHEMAS = frozenset({"", "loaded", "kept"})
_FUNCTIONS = frozenset({"json_each", "cume_dist", "julianday", "date", "datetime", "strftime"})
