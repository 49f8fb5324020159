"""Lets the tests of forecasts, of their answers too, share one trading company."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "answers"))
