"""The demo company, built once for all tests of this folder."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.demo import DemoCompany, build

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def company() -> DemoCompany:
    """At full size: what is planted shows above the noise only there."""
    return build(TODAY)


@pytest.fixture(scope="session")
def small() -> DemoCompany:
    """A fiftieth of it."""
    return build(TODAY, scale=0.02)
