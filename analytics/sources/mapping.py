"""The mapping language: how one source's export becomes warehouse rows, written in YAML.

A mapping is one file `<source>.yaml`, in this folder or in one of the user's own. Every scalar in it is text
(`No` is the word No, `1` the cell 1). Keys:

    title      what the source is, in en and zh
    company    defaults for the warehouse's company row, used only where no other source has one
    missing    cells that mean "not known"; the empty cell always does
    timezone   the zone of moments that name none (UTC); a date alone is its midnight there
    dates      formats (%d/%m/%Y ...) tried after 2026-11-23, 2026/11/23 and ISO moments
    decimal_comma   true where 1.234,50 means 1234.5
    files      one entry a file of the export, under a short name of your own:
        name          the file's name, `*` allowed; a source of one file takes any file it is pointed at
        key           the column that names a row: without it, or with one seen before, a row is rejected
        needed        columns without which a row is rejected
        optional      columns named in this mapping that the file may lack
        may_be_empty  a header without rows is an error unless this is true
        encoding      only where it is none of UTF-8, UTF-16 and GB18030, which are recognised
        unwrap        read rows that were quoted whole into their first cell; else they are rejected
    mends      corrections, in order: id, file, column, note (en, zh), and one of
        replace    {wrong: right}
        match      file.column, or a list: the entry alike but for case, space and punctuation;
                   with `slips: 1` (or 2) also the only entry that many misspellings away
        unify      true: spellings alike but for case, space and punctuation become the commonest of them
    tables     one entry a warehouse table, or a list of them where its rows come from several places:
        from       a file
        where      {column: value or values}: only these rows; `filled` and `empty` name columns that hold
                   something or nothing, `not_in` {column: file.column} keeps what the other column lacks
        once       true: a key that came before is the same thing again, not a duplicate to reject
        columns    {warehouse column: where its value comes from}
        features   (lead_features) every column of the file becomes a feature of the row, but for
                   `skip`; `numbers` and `leaky` name columns, `leaky` those known only after the decision
    gaps, notes   what the export does not hold, and how it was read: id, en, zh, and `count`, rows selected
                   as in tables (an entry that counts no row is left out)

A value comes from a column (the short form, its name alone), or from an entry with one of `column`, `value`
(the same everywhere) and `text` ("{manager}'s team"; of a list, the first whose columns all hold something), and then
    of, by     the column of another file, in its row where the column `by` holds the same;
               {ours: theirs} where the two are named differently
    map        {cell: value}; other cells become missing and are counted
    bands      {band: least number}, for instance S: 0, M: 250
    as: slug   a stable id made of a name, "Anna Snelling" -> anna-snelling
    when       as `where`: elsewhere the value is missing
How a cell is read (text, number, date, yes/no) follows from the warehouse column. A cell that cannot be read becomes
missing and is counted; in a column of the table's key it takes its row along.

A source of one file, for instance:

    title: {en: Trade show leads, zh: 展会线索}
    files:
      visitors: {name: "visitors*.csv", key: badge}
    tables:
      leads:
        from: visitors
        columns:
          lead_id: badge
          company: firm
          created_at: scanned at
          owner_rep_id: {column: booth staff, as: slug}
          status: {value: open}
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from analytics.sources.errors import SourceError, hint_en, hint_zh

_FILE_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Where = dict[str, Texts]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    """One sentence in both languages."""

    en: str
    zh: str


class File(_Part):
    """One file of the export."""

    name: str
    key: str | None = None
    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    may_be_empty: bool = False
    encoding: str | None = None
    unwrap: bool = False

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        try:
            return value if value is None else codecs.lookup(value).name
        except LookupError as error:
            raise ValueError(f"no encoding is called '{value}'") from error


class MendRule(_Part):
    """One declared correction of a column."""

    id: str
    file: str
    column: str
    replace: dict[str, str] | None = None
    match: Texts | None = None
    unify: bool = False
    slips: int = Field(default=0, ge=0, le=2)
    note: Words | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> MendRule:
        if (self.replace is not None) + (self.match is not None) + self.unify != 1:
            raise ValueError("a mend has exactly one of replace, match and unify")
        if self.slips and self.match is None:
            raise ValueError("slips goes with match only")
        return self

    @property
    def reference(self) -> tuple[str, str] | None:
        """The (file, column) it matches against; None for a list."""
        return reference(self.match[0]) if self.match and len(self.match) == 1 else None


class Cell(_Part):
    """Where the value of one warehouse column comes from."""

    column: str | None = None
    value: str | None = None
    text: Texts | None = None
    of: str | None = None
    by: dict[str, str] | None = None
    map: dict[str, str] | None = None
    bands: dict[str, float] | None = None
    as_: Literal["slug"] | None = Field(default=None, alias="as")
    when: Where = {}

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"column": value}
        if isinstance(value, dict) and isinstance(value.get("by"), str):
            return {**value, "by": {value["by"]: value["by"]}}
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> Cell:
        if (self.column is not None) + (self.value is not None) + (self.text is not None) != 1:
            raise ValueError("a value comes from exactly one of column, value and text")
        if (self.of is None) != (self.by is None) or (self.of and self.column is None):
            raise ValueError("column, of and by go together")
        if self.by is not None and len(self.by) != 1:
            raise ValueError("by names one column")
        return self

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The columns that the text forms name in braces."""
        return tuple(name for form in self.text or () for name in PLACEHOLDER.findall(form))


class Features(_Part):
    """Which of a file's columns become features of its rows, and how each is read."""

    numbers: tuple[str, ...] = ()
    leaky: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()


class Selection(_Part):
    """Some rows of a file."""

    from_: str = Field(alias="from")
    where: Where = {}
    filled: Texts = ()
    empty: Texts = ()
    not_in: dict[str, str] = {}


class RowSet(Selection):
    """Rows of one warehouse table that come from one file."""

    columns: dict[str, Cell]
    once: bool = False
    features: Features | None = None


class Note(Words):
    """A gap of the export or a note on how it was read; with `count`, said only of rows there are."""

    id: str
    count: Selection | None = None


class Mapping(_Part):
    """One source's mapping; `id` is the name of its file."""

    id: str
    title: Words
    company: dict[str, str] = {}
    missing: tuple[str, ...] = ()
    timezone: str = "UTC"
    dates: tuple[str, ...] = ()
    decimal_comma: bool = False
    files: dict[str, File]
    mends: tuple[MendRule, ...] = ()
    tables: dict[str, Annotated[tuple[RowSet, ...], BeforeValidator(_as_list)]]
    gaps: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"no time zone is called '{value}'") from error

    @field_validator("files")
    @classmethod
    def _short_names(cls, value: dict[str, File]) -> dict[str, File]:
        for name in value:
            if not _FILE_NAME.fullmatch(name):
                raise ValueError(f"a file's short name is made of a-z, 0-9 and _, not '{name}'")
        return value


PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def reference(text: str) -> tuple[str, str] | None:
    """The (file, column) that `file.column` names; None when there is no dot."""
    file, dot, column = text.partition(".")
    return (file, column) if dot and _FILE_NAME.fullmatch(file) else None


Lines = dict[tuple[str | int, ...], int]


def read_mapping(path: Path) -> tuple[Mapping, Lines]:
    """The mapping in `path` and the line of each of its entries; SourceError names file, line and entry."""
    plain, lines = _read_yaml(path)
    if not isinstance(plain, dict):
        raise SourceError(
            f"{path.name} is not a mapping: it should start with 'title:'.",
            f"{path.name} 不是映射文件：开头应为“title:”。",
        )
    if "id" in plain:
        raise fault(
            path, lines, ("id",), "a mapping's id is its file's name: leave 'id' out", "映射的编号就是文件名：请删去 id"
        )
    try:
        return Mapping.model_validate({**plain, "id": path.stem}), lines
    except ValidationError as error:
        first = error.errors()[0]
        en, zh = _in_words(first)
        raise fault(path, lines, first["loc"], en, zh) from error


def fault(path: Path, lines: Lines, at: tuple[str | int, ...], en: str, zh: str) -> SourceError:
    """What is wrong in a mapping file, with the line of the entry and its path."""
    known: tuple[str | int, ...] = ()
    entry: list[str] = []
    for step in at:
        if (*known, step) in lines:
            known = (*known, step)
        elif isinstance(step, int):
            continue  # one entry written where a list may stand
        entry.append(str(step))
    line, where = lines.get(known, 1), ".".join(entry)
    return SourceError(f"{path.name}, line {line} ({where}): {en}.", f"{path.name} 第 {line} 行（{where}）：{zh}。")


def _in_words(error: Any) -> tuple[str, str]:
    name = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        known = sorted(
            {
                field.alias or key
                for part in (Mapping, File, MendRule, Cell, RowSet, Features, Note)
                for key, field in part.model_fields.items()
            }
            - {"id"}
        )
        return (
            f"'{name}' is not a word of this language.{hint_en(name, known)}".rstrip("."),
            f"没有“{name}”这个写法。{hint_zh(name, known)}".rstrip("。"),
        )
    if error["type"] == "missing":
        return f"'{name}' is missing", f"缺少“{name}”"
    said = str(error["msg"]).removeprefix("Value error, ")
    return said, f"写法有误（{said}）"


def _read_yaml(path: Path) -> tuple[Any, Lines]:
    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"The mapping file {path} cannot be read.", f"无法读取映射文件 {path}。") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, problem = (mark.line + 1 if mark else 1), getattr(error, "problem", None) or "unreadable"
        raise SourceError(
            f"{path.name}, line {line}: not valid YAML ({problem}).",
            f"{path.name} 第 {line} 行：不是有效的 YAML（{problem}）。",
        ) from error
    except RecursionError as error:
        raise SourceError(f"{path.name} is nested too deeply.", f"{path.name} 嵌套过深。") from error
    lines: Lines = {}
    return _plain(node, (), lines, path, set()), lines


def _plain(node: Any, at: tuple[str | int, ...], lines: Lines, path: Path, seen: set[int]) -> Any:
    """The node as dicts, lists and texts, the line of each noted; nothing is an alias of something else."""
    lines.setdefault(at, node.start_mark.line + 1 if node is not None else 1)
    if id(node) in seen:
        raise fault(path, lines, at, "write it out; anchors and aliases are not read", "请写出全文；不支持锚点和别名")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            lines[(*at, name)] = key.start_mark.line + 1
            if name in found:
                raise fault(path, lines, (*at, name), f"'{name}' stands here twice", f"“{name}”写了两次")
            found[name] = _plain(value, (*at, name), lines, path, seen)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value, (*at, place), lines, path, seen) for place, value in enumerate(node.value)]
    return "" if node is None else str(node.value)
