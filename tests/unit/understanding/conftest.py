"""A small company's words to read questions against."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.semantic import Model, read_model
from assistant.understanding import Context
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.names import names_of

TODAY = date(2026, 11, 23)  # a Monday

REPS = [
    ("anna schmidt", "rep:R008"),
    ("anna", "rep:R008"),
    ("张伟", "rep:R001"),
    ("陈静", "rep:R005"),
    ("陈静", "rep:R041"),
    ("may", "rep:R042"),
]
VALUES = {
    "region": [("East", "East"), ("West", "West"), ("South", "South"), ("North", "North")],
    "team": [("T1", "East 1"), ("T2", "East 2"), ("T7", "East")],
    "channel": [("CH01", "Search"), ("CH02", "Social"), ("CH03", "Display"), ("CH09", "Trade show")],
    "campaign": [("CP002", "Search Brand 2023 Q1")],
    "industry": [("Automotive", "Automotive"), ("Electronics", "Electronics")],
    "product": [("PR01", "X500 Control System 控制系统"), ("PR21", "Display Panel 显示面板")],
    "product_category": [("Sensors", "Sensors"), ("Services", "Services")],
}


@pytest.fixture(scope="session")
def model() -> Model:
    """The KPI files that ship with the product."""
    return read_model()


@pytest.fixture(scope="session")
def context(model: Model) -> Context:
    """That company on a Monday in November."""
    names = [named for dimension, values in VALUES.items() for named in names_of(dimension, values)]
    return Context(Lexicon([*REPS, *names], model), model, TODAY)
