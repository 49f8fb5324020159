"""What the files of a model say of each other. Tables first: a KPI over a table that is wrong is not at fault."""

from __future__ import annotations

from analytics.semantic.blame import blamed
from analytics.semantic.check_kpis import check_kpis
from analytics.semantic.check_tables import check_tables
from analytics.semantic.check_words import check_words
from analytics.semantic.found import Found, Layers
from analytics.semantic.model import Model


def mistakes_of(model: Model, layers: Layers) -> list[Found]:
    """Every mistake, each told of the file in which it is to be mended."""
    in_tables = list(check_tables(model))
    if in_tables:
        return blamed(model, in_tables, layers)
    return blamed(model, [*check_kpis(model, layers), *check_words(model, layers)], layers)
