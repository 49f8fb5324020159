"""What the files of a model are made of: names, columns, values, words in two languages; each says how to mend it."""

from __future__ import annotations

from math import isfinite
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

MISFIT = "misfit"
NAME, CARD = r"^[a-z][a-z0-9_]*$", r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Written(BaseModel):
    """A part of a file: frozen, and without fields that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def misfit(says: str, *at: str) -> PydanticCustomError:
    """What is wrong with fields that do not fit each other; `at` leads to the one to mend."""
    return PydanticCustomError(MISFIT, "{says}", {"says": says, "at": at})


def shown(given: object) -> str:
    """A value as it stands in a file."""
    if given is None:
        return "nothing"
    return str(given).lower() if isinstance(given, bool) else repr(list(given) if isinstance(given, tuple) else given)


def _is_path(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))


def _path(given: object) -> str:
    if isinstance(given, str) and _is_path(given):
        return given
    raise ValueError(f"{shown(given)} is no column; write a column, or join.column")


def scalar(given: object) -> object:
    """A word, a number, true or false; ValueError for anything else."""
    if isinstance(given, str | bool | int) or (isinstance(given, float) and isfinite(given)):
        return given
    raise ValueError(f"{shown(given)} is no value; write a word, a number, true or false")


def _bound(given: object) -> object:
    number = isinstance(given, int | float) and not isinstance(given, bool) and isfinite(given)
    if number or (isinstance(given, str) and _is_path(given)):
        return given
    raise ValueError(f"{shown(given)} is no bound; write a number, or a column to compare with")


Path = Annotated[str, BeforeValidator(_path)]
Name = Annotated[str, Field(pattern=NAME)]
Scalar = str | bool | int | float
Value = Annotated[Scalar, BeforeValidator(scalar)]
Bound = Annotated[float | str, BeforeValidator(_bound)]


class Words(Written):
    """One thing said in both languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)

    def of(self, folder: str) -> str:
        """The words in `en` or `zh`."""
        return self.zh if folder == "zh" else self.en


class Synonyms(Written):
    """Other words for it, per language."""

    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()
