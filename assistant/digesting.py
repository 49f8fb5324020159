"""The KPI summary on the command line: printed, and written into files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

from assistant.app import build_desk
from assistant.asking import Asking, answered, exit_code, show
from assistant.desk import Desk
from assistant.saving import CannotSave, saved
from assistant.settings import Settings

Rhythm = Literal["day", "week", "month", "quarter", "year"]
RHYTHMS: tuple[str, ...] = get_args(Rhythm)
_ASKED = {
    "day": ("daily summary", "日报"),
    "week": ("weekly summary", "周报"),
    "month": ("monthly summary", "月报"),
    "quarter": ("quarterly summary", "季报"),
    "year": ("yearly summary", "年报"),
}  # in English and in Chinese, as people ask for it


def digest(settings: Settings, asking: Asking, rhythm: str, files: Sequence[Path], *, json_wanted: bool) -> int:
    """Print the summary of the last full `rhythm`, and write it into `files`; the exit code."""
    desk = build_desk(settings)
    answer = answered(desk, _ASKED[rhythm][_in_chinese(desk, asking)], replace(asking, thread=None))
    show(answer, json_wanted)
    try:
        for sentence in saved(answer, files):
            print(sentence, file=sys.stderr)
    except CannotSave as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return exit_code(answer)


def _in_chinese(desk: Desk, asking: Asking) -> bool:
    """Whether it is wanted in Chinese: as the command line says, else as the asker's locale does."""
    asker = desk.asker(asking.as_) if asking.as_ else None
    wanted = asking.lang or (asker.locale if asker else None) or ""
    return wanted.lower().startswith("zh")
