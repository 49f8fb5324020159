"""One question in three scripts, as people type it in each, is one plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.plans import Plan
from assistant.understanding import Context, understand

_TRIPLES: list[dict[str, str]] = yaml.safe_load(Path(__file__).with_name("parallel.yaml").read_text("utf-8"))
_IN_OWN_WORDS = ("words", "understood")  # what a plan keeps of the question as it was typed


def meant(plan: Plan) -> dict[str, Any]:
    """The plan without the asker's own words."""
    return {name: value for name, value in plan.model_dump(mode="json").items() if name not in _IN_OWN_WORDS}


@pytest.mark.parametrize("triple", _TRIPLES, ids=[triple["en"] for triple in _TRIPLES])
def test_a_question_means_the_same_in_every_script(triple: dict[str, str], context: Context) -> None:
    english, simplified, traditional = (meant(understand(triple[name], context)) for name in ("en", "hans", "hant"))
    assert english["kind"] == triple["kind"]
    assert simplified == english
    assert traditional == english
