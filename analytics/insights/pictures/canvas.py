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
BLUE, ORANGE, GREY, AMBER, DARK = "#1D6FD8", "#D9622B", "#A3A7AE", "#A86B12", "#4A4E57"

Rows = list[dict[str, Any]]
_CLOSING, _OPENING = " ，。、；：！？）】》」』”’…％%", "（【《「『“‘¥"


@dataclass(frozen=True)
class Words:
    """A line of text at a place of the canvas; `most` is the width it is cut to, 0 for none.

    `outline`: drawn in white and wider, to lie behind words that lines cross.
    """

    text: str
    x: float
    y: float
    size: int
    colour: str = INK
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    most: float = 0
    outline: bool = False


def written(words: Words) -> altair.Chart:
    """The words as a layer."""
    import altair

    text = altair.Chart(inline([{"text": words.text}])).mark_text(
        align=words.align,
        baseline="middle",
        fontSize=words.size,
        fontWeight="bold" if words.bold else "normal",
        color="white" if words.outline else words.colour,
        stroke="white" if words.outline else "transparent",
        strokeWidth=5 if words.outline else 0,
        limit=words.most,
    )
    layer: altair.Chart = text.encode(x=altair.value(words.x), y=altair.value(words.y), text="text:N")
    return layer


def text_width(text: str, size: int, *, bold: bool = False) -> float:
    """About how wide a text is in a sans-serif font, a little on the safe side; a Chinese character fills a square."""
    wide = sum(1.0 if is_cjk(character) else _WIDTHS.get(character, _USUAL) for character in text)
    return size * wide * (1.08 if bold else 1.03)


_USUAL = 0.56
"""The width of a digit and of most small letters, in parts of the size."""
_WIDTHS = {
    character: wide
    for wide, characters in (
        (0.23, "ijl'|"),
        (0.29, "ft.,:;!I/\\ \u00a0"),
        (0.34, 'r()[]-`"'),
        (0.50, "ckszvxyJ"),
        (0.61, "FTLZ+−=<>"),
        (0.69, "ABEKPSVXY&"),
        (0.75, "CDHNRUw"),
        (0.79, "GOQ"),
        (0.88, "mM%"),
        (1.00, "W@—…"),
    )
    for character in characters
}


def wrapped(text: str, width: float, size: int, most: int) -> list[str]:
    """The text over at most so many lines, broken between words or Chinese characters, the rest cut off."""
    lines = [""]
    for piece in _pieces(text):
        if text_width(lines[-1] + piece.rstrip(), size) <= width or not lines[-1]:
            lines[-1] += piece
        else:
            lines.append(piece)
    shown = [line.strip() for line in lines]
    if len(shown) > most:
        shown = [*shown[: most - 1], f"{shown[most - 1]}…"]
    return [_cut(line, width, size) for line in shown]


def _pieces(text: str) -> list[str]:
    """Parts of a text between which a line may end."""
    pieces = [""]
    for character in text:
        if pieces[-1] and is_break(pieces[-1][-1], character):
            pieces.append("")
        pieces[-1] += character
    return pieces


def is_break(before: str, after: str) -> bool:
    """Whether a line may end between two characters: not before what closes, nor after what opens."""
    if after in _CLOSING or before in _OPENING:
        return False
    return before == " " or is_cjk(before) or is_cjk(after)


def _cut(text: str, width: float, size: int) -> str:
    if text_width(text, size) <= width:
        return text
    kept = text.rstrip("…")
    while kept and text_width(f"{kept}…", size) > width:
        kept = kept[:-1]
    return f"{kept}…"


def inline(rows: Rows) -> altair.InlineData:
    """Rows that travel inside the specification."""
    import altair

    return altair.InlineData(values=rows)
