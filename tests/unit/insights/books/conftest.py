"""Lets the tests of the books use the small company that answers are tested with."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "answers"))
