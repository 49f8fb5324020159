"""Learning: "start my training", "quiz me on pricing", 我的培训进度."""

from __future__ import annotations

from typing import Literal, cast

from assistant.plans import Training
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.shaped import fillers
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.reading import Candidate, Reading

_ACTIONS = ("quiz", "progress", "next")
_LONGEST_TOPIC = 60
_OWNERS = ("mine", "my_team", "company", "everyone")


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    """What is left over is the topic: which lessons there are is known only when it runs."""
    action = next((name for name in _ACTIONS if asked.places(name)), "start")
    team = asked.places("my_team", "company", "who", "others")
    if team and action in ("progress", "start"):
        action = "team"
    weak = all(asked.pieces[place].is_a("weak") for place in asked.places("asks"))
    if weak and not asked.places("lesson"):
        return None
    said = asked.places("asks", "lesson", "fills", "others", "who", *_ACTIONS, *_OWNERS)
    asked = asked.having_read(said)
    topical = [place for kind in ("kpi", "dim", "value", "unsettled") for place in asked.of_kind(kind)]
    asked = fillers(asked, context)
    words = [asked.pieces[place] for place in topical]
    left = unread_in(asked, reading.original)
    topic = " ".join(left) if left else " ".join(reading.original[piece.start : piece.end] for piece in words)
    if len(topic) > _LONGEST_TOPIC:
        return None
    plan = Training(
        action=cast(Literal["start", "next", "quiz", "progress", "team"], action),
        topic=(topic or None) if action in ("start", "quiz") else None,
    )
    return Candidate(plan, () if action in ("start", "quiz") else left)


READER = KindReader("training", _read)
