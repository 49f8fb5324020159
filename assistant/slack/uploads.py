"""What goes to Slack as a file: pictures of charts, and answers that were wanted as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.question import Answer, Picture

if TYPE_CHECKING:
    from assistant.export import AsFile, Report

_ALT = 1_000  # characters that Slack takes to describe a picture
_TITLE = 250


@dataclass(frozen=True)
class Wanted:
    """A whole answer, wanted as a file of this kind."""

    report: Report
    as_file: AsFile
    alt: str


def wanted_in(answer: Answer) -> Wanted | None:
    """The answer as the file its plan asks for; None where it asks for none, or nothing can be exported."""
    as_file = answer.plan.get("as_file")
    if as_file is None or answer.report is None:
        return None
    return Wanted(answer.report, as_file, answer.headline)


def upload_of(part: Picture | Wanted) -> dict[str, Any]:
    """A file as `files_upload_v2` takes it, drawn or written now. Raises ValueError where there is nothing to show."""
    if isinstance(part, Picture):
        from analytics.insights.charts import render_png

        named = {"filename": f"{part.name}.png", "title": _cut(part.chart.title, _TITLE)}
        return {**named, "alt_txt": _cut(part.alt, _ALT), "content": render_png(part.chart)}
    from assistant.export import export

    file = export(part.report, part.as_file)
    title = _cut(part.report.say(part.report.title), _TITLE)
    shown = {"alt_txt": _cut(part.alt, _ALT)} if part.as_file == "png" else {}
    return {"filename": file.filename, "title": title, "content": file.content, **shown}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
