"""The semantic layer: KPI files in, figures out, the same on every database."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analytics.semantic.faults import Complaint, ModelError, QueryError
    from analytics.semantic.model import Model
    from analytics.semantic.query import Comparison, Filter, Order, SemanticQuery
    from analytics.semantic.read import read_model
    from analytics.semantic.run import Outcome, Semantics

_HOMES = {
    "Complaint": "faults",
    "ModelError": "faults",
    "QueryError": "faults",
    "Model": "model",
    "Comparison": "query",
    "Filter": "query",
    "Order": "query",
    "SemanticQuery": "query",
    "read_model": "read",
    "Outcome": "run",
    "Semantics": "run",
}

__all__ = [
    "Comparison", "Complaint", "Filter", "Model", "ModelError", "Order", "Outcome", "QueryError", "SemanticQuery",
    "Semantics", "read_model",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Loaded when first used: periods and queries need no database."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
