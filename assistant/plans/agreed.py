"""Plans about the reviews' books: what was agreed, and closing a month."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from assistant.days import EARLIEST, LATEST
from assistant.plans.parts import Days, Name, PlanPart


def _a_day(text: str) -> str:
    if not EARLIEST <= date.fromisoformat(text) <= LATEST:
        raise ValueError("a day within the years that can be asked about, as 2026-11-27")
    return text


def _a_month(text: str) -> str:
    return _a_day(f"{text}-01")[:7]


DayText = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_a_day)]
Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$"), AfterValidator(_a_month)]
Said = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(lambda text: str(text.encode(), "utf-8"))]


class Agreed(PlanPart):
    """What was agreed in a review: kept (add), shown (list), done, or dropped.

    `text` is what was agreed, in people's own words; for done and drop the words that tell which, unless `task` is its
    id. `who` does it: me or rep:<id>; None: whoever says so, and in a list everybody's. `due_on`: until when, as
    2026-11-27. `state` and `agreed_in` narrow a list.
    """

    kind: Literal["agreed"] = "agreed"
    action: Literal["add", "list", "done", "drop"] = "list"
    text: Said | None = None
    task: Name | None = None
    who: Name | None = None
    due_on: DayText | None = None
    state: Literal["open", "overdue", "done"] | None = None
    agreed_in: Days | None = None
    assumed: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _says_what(self) -> Agreed:
        if self.action == "add" and self.text is None:
            raise ValueError("what was agreed is said in `text`")
        if self.action in ("done", "drop") and self.text is None and self.task is None:
            raise ValueError("`text` or `task` tells which")
        return self


class CloseMonth(PlanPart):
    """Closing a `month` (2026-10), which freezes its figures; reopening it, which takes a reason; which are closed."""

    kind: Literal["close"] = "close"
    action: Literal["close", "reopen", "list"] = "list"
    month: Month | None = None
    why: Said | None = None

    @model_validator(mode="after")
    def _names_its_month(self) -> CloseMonth:
        if self.action != "list" and self.month is None:
            raise ValueError("`month` says which month")
        return self
