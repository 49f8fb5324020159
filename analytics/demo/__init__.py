"""The demo company: invented people, customers and deals since 2023, with known truths planted in them."""

from __future__ import annotations

from analytics.demo.company import DemoCompany, build
from analytics.demo.truth import write_truth

__all__ = ["DemoCompany", "build", "write_truth"]
