"""The canvas a chart is laid out on, in points: its measures, its colours, and words at their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from analytics.insights.pictures.fonts import is_cjk

if TYPE_CHECKING:
    import altair

WIDTH, HEIGHT, MARGIN = 600, 300, 18
TITLE_SIZE, SUBTITLE_SIZE, AXIS_SIZE, LABEL_SIZE = 19, 14, 14, 16
"""Sizes of type: legible where a phone shows the picture at half its width."""
INK, SOFT, GRID, BASE = "#1D1C1D", "#616061", "#E8E8EA", "#B9BBBF"
BLUE, ORANGE, GREY, AMBER = "#1D6FD8", "#D9622B", "#A3A7AE", "#A86B12"

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Words:
    """A line of text at a place of the canvas; `most` is the width it is cut to, 0 for none."""

    text: str
    x: float
    y: float
    size: int
    colour: str = INK
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    most: float = 0


def written(words: Words) -> altair.Chart:
    """The words as a layer."""
    import altair

    text = altair.Chart(inline([{"text": words.text}])).mark_text(
        align=words.align,
        baseline="middle",
        fontSize=words.size,
        fontWeight="bold" if words.bold else "normal",
        color=words.colour,
        limit=words.most,
    )
    layer: altair.Chart = text.encode(x=altair.value(words.x), y=altair.value(words.y), text="text:N")
    return layer


def text_width(text: str, size: int, *, bold: bool = False) -> float:
    """About how wide a text is: a Chinese character fills a square, others a little more than half of one."""
    return size * sum(1.0 if is_cjk(character) else 0.6 if bold else 0.56 for character in text)


def inline(rows: Rows) -> altair.InlineData:
    """Rows that travel inside the specification."""
    import altair

    return altair.InlineData(values=rows)
