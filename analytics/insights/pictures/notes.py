"""What is written beside a trend, where its lines end, instead of a legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analytics.insights.charts import TrendChart, known
from analytics.insights.pictures.canvas import AMBER, AXIS_SIZE, BLUE, LABEL_SIZE, SOFT, Words, text_width
from analytics.insights.pictures.frame import Frame

_WIDEST = 170
_BOLD_LINE, _PLAIN_LINE = 20, 18


@dataclass(frozen=True)
class Note:
    """Words at the height of `value`: a bold line, a plain one, or both."""

    value: float
    colour: str
    bold: str = ""
    plain: str = ""

    @property
    def width(self) -> float:
        """Its width in points."""
        return max(text_width(self.bold, LABEL_SIZE, bold=True), text_width(self.plain, AXIS_SIZE))

    @property
    def height(self) -> float:
        """Its height in points; 0 when it says nothing."""
        return _BOLD_LINE * bool(self.bold) + _PLAIN_LINE * bool(self.plain)


def notes_of(chart: TrendChart) -> list[Note]:
    """The last value, the names of the lines and the target."""
    notes = []
    if last := known([chart.points[-1].value]):
        name = chart.expected_name or (chart.name if chart.previous else "")
        notes.append(Note(last[0], BLUE, chart.last_label, name))
    if before := known(point.value for point in chart.compared_points):
        notes.append(Note(before[-1], SOFT, plain=chart.previous_name))
    if chart.target:
        notes.append(Note(chart.target.value, AMBER, plain=chart.target.label))
    return [note for note in notes if note.height]


def room_for(notes: Sequence[Note]) -> float:
    """The room they take at the right edge."""
    return 14 + min(max(note.width for note in notes), _WIDEST) if notes else 8


def written_notes(notes: Sequence[Note], chart: TrendChart, frame: Frame) -> list[Words]:
    """The notes at their places; a last value inside the drawing is named above its dot instead."""
    words = []
    for note, middle in _apart([(note, frame.up(note.value)) for note in notes], frame):
        at = middle - note.height / 2 + _PLAIN_LINE / 2
        for text, size, bold in ((note.bold, LABEL_SIZE, True), (note.plain, AXIS_SIZE, False)):
            if text:
                words.append(Words(text, frame.right + 12, at, size, note.colour, bold=bold, most=_WIDEST))
                at += _BOLD_LINE
    last = chart.last_place
    inside = [(last, chart.last_label)] if last < len(chart.points) - 1 else [(chart.actual_place, chart.actual_label)]
    return [*words, *(layer for place, text in inside if text for layer in _named(place, text, chart, frame))]


def _named(place: int, text: str, chart: TrendChart, frame: Frame) -> tuple[Words, Words]:
    """A value of the line named above its dot; below it where the target's line or what is expected lies above."""
    value = known([chart.points[place].value])[0]
    middle = frame.up(value)
    near = chart.target is not None and 0 <= middle - frame.up(chart.target.value) < 2 * _BOLD_LINE
    rises = any(following > value for following in known(point.value for point in chart.points[place + 1 :][:1]))
    below = (near or rises) and middle + 1.5 * _BOLD_LINE < frame.bottom
    half = text_width(text, LABEL_SIZE, bold=True) / 2
    x = min(max(frame.across(place), frame.left + half), frame.right - half)
    words = Words(text, x, middle + (_BOLD_LINE if below else -_BOLD_LINE), LABEL_SIZE, BLUE, bold=True, align="center")
    return replace(words, outline=True), words


def _apart(notes: list[tuple[Note, float]], frame: Frame) -> list[tuple[Note, float]]:
    """Each note with the middle it is written at: as near its own height as the others let it."""
    placed: list[tuple[Note, float]] = []
    least = frame.top - 10
    for note, middle in sorted(notes, key=lambda pair: pair[1]):
        middle = max(middle, least + note.height / 2)
        placed.append((note, middle))
        least = middle + note.height / 2
    most = frame.bottom + 12
    for place in reversed(range(len(placed))):
        note, middle = placed[place]
        placed[place] = (note, min(middle, most - note.height / 2))
        most = placed[place][1] - note.height / 2
    return placed
