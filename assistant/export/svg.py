"""Pieces of a page as SVG: text, lines and pictures at their places, every word escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from analytics.insights.pictures.canvas import is_break, text_width

Anchor = Literal["start", "end"]
_NO_XML = {*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF} - {0x09}  # what XML 1.0 does not take, or nobody sees


@dataclass(frozen=True)
class Run:
    """Words in one style."""

    text: str
    bold: bool = False


def escaped(text: str) -> str:
    """Text that XML takes, whatever stands in it."""
    kept = (sign for sign in text if ord(sign) not in _NO_XML and not 0xD800 <= ord(sign) < 0xE000)
    return escape("".join(kept))


def text(runs: Sequence[Run] | str, x: float, y: float, size: float, colour: str, anchor: Anchor = "start") -> str:
    """A line of text, `y` its baseline."""
    given = [Run(runs)] if isinstance(runs, str) else runs
    words = "".join(
        f'<tspan font-weight="bold">{escaped(run.text)}</tspan>' if run.bold else f"<tspan>{escaped(run.text)}</tspan>"
        for run in given
    )
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}" '
        f'xml:space="preserve">{words}</text>'
    )


def tick(x: float, y: float, size: float, colour: str, *, good: bool) -> str:
    """A tick or a cross that ends at `x`, `y` its baseline: fonts have neither as a rule."""
    left, top = x - size * 0.6, y - size * 0.6
    if good:
        path = f"M{left:.1f} {y - size * 0.28:.1f}L{left + size * 0.22:.1f} {y - size * 0.05:.1f}L{x:.1f} {top:.1f}"
    else:
        path = f"M{left:.1f} {top:.1f}L{x:.1f} {y:.1f}M{x:.1f} {top:.1f}L{left:.1f} {y:.1f}"
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{size * 0.14:.2f}"/>'


def rule(x: float, y: float, width: float, colour: str, weight: float = 0.75) -> str:
    """A horizontal line."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{weight:g}" fill="{colour}"/>'


def lines_within(runs: Sequence[Run], width: float, size: int) -> list[list[Run]]:
    """The words over as many lines as they need, broken between words and between Chinese characters."""
    lines: list[list[Run]] = [[]]
    used = 0.0
    for unit in _units(runs):
        wide = sum(text_width(run.text, size, bold=run.bold) for run in unit)
        if used and used + wide - _trailing(unit[-1], size) > width:
            lines.append([])
            used = 0.0
        used += wide
        for run in unit:
            line = lines[-1]
            if line and line[-1].bold == run.bold:
                line[-1] = Run(line[-1].text + run.text, run.bold)
            else:
                line.append(run)
    return [line for line in lines if line]


def _units(runs: Sequence[Run]) -> list[list[Run]]:
    """Parts of a text between which a line may end; such a part may change its style within."""
    units: list[list[Run]] = []
    last = ""
    for run in runs:
        for sign in run.text:
            if (
                not units
                or (last and is_break(last, sign))
                or sum(len(part.text) for part in units[-1]) > _LONGEST_WORD
            ):
                units.append([])
            unit = units[-1]
            if unit and unit[-1].bold == run.bold:
                unit[-1] = Run(unit[-1].text + sign, run.bold)
            else:
                unit.append(Run(sign, run.bold))
            last = sign
    return units


def _trailing(run: Run, size: int) -> float:
    """The room of the blank a line would end with."""
    return text_width(" ", size, bold=run.bold) if run.text.endswith(" ") else 0.0


_LONGEST_WORD = 40  # characters; a longer one is broken anywhere
