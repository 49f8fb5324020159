"""What table files and dimensions.yaml say: do tables, columns and joins exist, does no join repeat rows."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.semantic.check_conditions import check_where
from analytics.semantic.columns import NUMBERS, TIMES, Columns, comparable
from analytics.semantic.definition import Dimension, Join, Latest, TableFile
from analytics.semantic.found import Found, Trouble, near
from analytics.semantic.model import Model
from analytics.semantic.schema import BrokenJoin, Schema

_NO_PERIOD = "a view is read without a period"


def check_tables(model: Model) -> Iterator[Found]:
    """Every mistake in a table file or in dimensions.yaml."""
    for name, table in model.tables.items():
        yield from (Found(f"table {name}", place, says) for place, says in _table(model, name, table))
    for name, dimension in model.dimensions.items():
        yield from (Found(f"dimension {name}", place, says) for place, says in _dimension(model, dimension))


def _table(model: Model, name: str, file: TableFile) -> Iterator[Trouble]:
    schema = model.schema
    if file.latest is not None:
        unread = list(_read_by_view(schema, name, file.latest))
        yield from unread
        if unread:
            return
    elif schema.table(name) is None:
        yield ("table",), f"{name} is no declared table; give it `columns` and a `key`, or correct the name"
        return
    columns = Columns(schema, name)
    if file.latest is not None:
        _check_view(columns, file, file.latest)
    for join_name, join in file.joins.items():
        _check_join(schema, columns, join_name, join)
    for rule, path in (("owner", file.owner), ("team", file.team)):
        if path is not None:
            columns.must_be(("text",), path, (rule,), "a row rule is the id of a rep or a team")
    if file.time is not None:
        columns.must_be(TIMES, file.time, ("time",), "time is a date or a moment")
    _check_dimensions(model, columns, file)
    yield from columns.troubles


def _read_by_view(schema: Schema, name: str, latest: Latest) -> Iterator[Trouble]:
    """A view reads a table, under a name of its own."""
    if schema.declares(name):
        yield ("view",), f"{name} is a table; give the view a name of its own"
    elif latest.of == name:
        yield ("latest", "of"), "the view reads itself; name the table it reads"
    elif schema.file(latest.of).latest is not None:
        yield ("latest", "of"), f"{latest.of} is a view; a view reads a table"
    elif schema.table(latest.of) is None:
        yield ("latest", "of"), f"{latest.of} is no declared table{near(latest.of, schema.names())}"


def _check_view(columns: Columns, file: TableFile, latest: Latest) -> None:
    columns.kind(latest.by, ("latest", "by"))
    columns.must_be(("moment",), latest.at, ("latest", "at"), "the newest row is told by a moment")
    for column in latest.then:
        columns.kind(column, ("latest", "then"))
    check_where(columns, latest.where, ("latest", "where"), timeless=_NO_PERIOD)
    for rank, column in file.ranks.items():
        columns.must_be(NUMBERS, column, ("ranks", rank), "ranks order numbers")


def _check_join(schema: Schema, columns: Columns, name: str, join: Join) -> None:
    place, view = ("joins", name), schema.file(join.to).latest
    if view is not None and not schema.has(join.to, view.by):
        return  # the view is told
    try:
        schema.join(columns.table, name)
    except BrokenJoin as error:
        columns.note(place, str(error.args[0]))
        return
    there = Columns(schema, join.to)
    for here, key in join.on.items():
        own = columns.kind(here, (*place, "on", here), own="a join starts from columns of its own table")
        other = there.kind(key, (*place, "on", here), own="a join leads to columns of the table it joins")
        if own and other and not comparable(own, other):
            columns.note(
                (*place, "on", here), f"{columns.called(here, own)}, {there.called(key, other)}; they never meet"
            )
    if join.during is not None and view is not None:
        columns.note((*place, "during"), f"{join.to} is a view and has no during; leave it out")
    elif join.during is not None:
        for end, column in (("from", join.during.begins), ("to", join.during.ends)):
            there.must_be(("date",), column, (*place, "during", end), "a row is valid from a date to a date")
    for at, says in there.troubles:
        columns.note(at, says)


def _check_dimensions(model: Model, columns: Columns, file: TableFile) -> None:
    for name, path in file.dimensions.items():
        place, dimension = ("dimensions", name), model.dimensions.get(name)
        if dimension is None:
            columns.note(place, f"{name} is not in dimensions.yaml; add its names there{near(name, model.dimensions)}")
        elif dimension.labels or dimension.values:
            columns.must_be(("text",), path, place, f"the dimension {name} has words for texts")
        else:
            columns.kind(path, place)


def _dimension(model: Model, dimension: Dimension) -> Iterator[Trouble]:
    yield from _values_told_apart(dimension)
    labels, schema = dimension.labels, model.schema
    if labels is None:
        return
    if schema.table(labels.table) is None:
        yield ("labels", "table"), f"{labels.table} is no declared table{near(labels.table, schema.names())}"
        return
    if schema.file(labels.table).latest is not None:
        yield ("labels", "table"), f"{labels.table} is a view; labels come from a table"
        return
    columns = Columns(schema, labels.table)
    columns.must_be(("text",), labels.key, ("labels", "key"), "labels are looked up by a text")
    columns.must_be(("text",), labels.name, ("labels", "name"), "labels are texts")
    yield from columns.troubles


def _values_told_apart(dimension: Dimension) -> Iterator[Trouble]:
    """A word that people filter by means one value."""
    taken: dict[str, str] = {}
    for code, words in dimension.values.items():
        for place, word in (((), code), (("en",), words.en), (("zh",), words.zh)):
            other = taken.setdefault(word.casefold(), code)
            if other != code:
                yield ("values", code, *place), f"{word!r} already means {other}; a word means one value"
