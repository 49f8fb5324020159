"""How good a model is: "how accurate is the lead score", 线索评分准不准."""

from __future__ import annotations

from typing import Literal, cast

from assistant.plans import ModelQuestion
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.shaped import fillers
from assistant.understanding.kinds.figures import surely_asked
from assistant.understanding.kinds.reader import KindReader, candidate
from assistant.understanding.reading import Candidate, Reading

_MODELS = ("lead_score", "customer_value", "clv", "churn", "forecast", "sentiment", "price")
_ABOUT = ("version", "reasons", "fairness")


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    models = [name for name in _MODELS if asked.places(f"of_{name}")]
    about = next((name for name in _ABOUT if asked.places(name)), "quality")
    named = [f"of_{name}" for name in _MODELS]
    if len(models) > 1:
        return None
    strong = surely_asked(asked)
    if not (strong or asked.places("good", *_ABOUT)):
        return None
    asked = asked.having_read(asked.places("asks", "good", "fills", *_ABOUT, *named))
    asked = fillers(asked, context)
    asked = asked.having_read(asked.places("definition", "mine", "change", "now"))
    if about == "fairness":  # it is told across all groups, whichever were named
        asked = asked.having_read(asked.of_kind("dim"))
    plan = ModelQuestion(
        about=cast(Literal["quality", "version", "reasons", "fairness"], about),
        model=cast(Literal["lead_score"], models[0]) if models else None,
    )
    return candidate(plan, asked, reading)


READER = KindReader("model", _read)
