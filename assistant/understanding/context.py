"""What a question is read against: the words of one warehouse version, the KPI files, the day it is asked on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.understanding.lexicon import Lexicon

if TYPE_CHECKING:
    from analytics.semantic import Model
    from assistant.understanding.naming import NameIndex


@dataclass(frozen=True)
class Context:
    """`lexicon` holds the words and values of one warehouse version, `names` its customers and colleagues; `today` is
    the asker's local day. `allowed` tells of whom the asker may be reminded ("did you mean"): None of everybody.
    `performance` is what the company means by the word: revenue, won, cash or a KPI; None where it declares nothing.
    `currency` is the company's: an amount in another one is no amount of its data; None takes any.
    """

    lexicon: Lexicon
    model: Model
    today: date
    fiscal_year_start: int = 1
    names: NameIndex | None = None
    allowed: Callable[[str], bool] | None = None
    performance: str | None = None
    currency: str | None = None
