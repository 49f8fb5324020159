"""Words of the KPI files as sentences need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.semantic.definition import Words
from assistant.result import Worded, quoted

if TYPE_CHECKING:
    from analytics.semantic import Model


def titled(words: Words) -> Words:
    """With a capital at the start of a sentence."""
    return Words(en=words.en[:1].upper() + words.en[1:], zh=words.zh)


def table_words(name: str, model: Model) -> Worded:
    """What a KPI lacks, as people call it, with its name in the warehouse: "order lines (orders)"."""
    table = name.partition(".")[0].partition(" ")[0]
    known = model.tables.get(table)
    _, predicted, model_id = name.partition(" of ")
    rows = known.rows if known and known.rows and known.rows.en != name else None
    facts = {"rows": rows, "table": quoted(name)}
    return Worded("table_words", {**facts, "predicted": quoted(model_id) if predicted else None})
