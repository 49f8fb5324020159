"""What a question is read against: the words of one warehouse version, the KPI files, the day it is asked on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.understanding.lexicon import Lexicon

if TYPE_CHECKING:
    from analytics.semantic import Model


@dataclass(frozen=True)
class Context:
    """`lexicon` holds the words and names of one warehouse version; `today` is the asker's local day."""

    lexicon: Lexicon
    model: Model
    today: date
    fiscal_year_start: int = 1
