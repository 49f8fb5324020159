"""From an answer to the file somebody asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.export.page import page
from assistant.export.report import Report
from assistant.export.sheet import sheet
from assistant.question import Answer

AsFile = Literal["csv", "pdf", "png"]
MEDIA_TYPES: dict[AsFile, str] = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf", "png": "image/png"}
_PNG_SCALE = 2


class NothingToExport(ValueError):
    """A refusal, a question back or a list: there are no figures in it."""


@dataclass(frozen=True)
class Exported:
    """A file ready to be sent: its name, its media type and its bytes."""

    filename: str
    media_type: str
    content: bytes


def export(answer: Answer | Report, as_file: AsFile) -> Exported:
    """The answer's figures as a table, or its words, table and chart as one A4 page.

    Of several answers in one, the first that has figures. Raises NothingToExport where none has.
    """
    report = answer if isinstance(answer, Report) else report_of(answer)
    content = sheet(report) if as_file == "csv" else _drawn(page(report), as_file)
    return Exported(f"{report.file_name}.{as_file}", MEDIA_TYPES[as_file], content)


def report_of(answer: Answer) -> Report:
    """What of the answer can be exported; NothingToExport where that is nothing."""
    for one in (answer, *answer.parts):
        if one.report is not None:
            return one.report
    raise NothingToExport(f"an answer of the kind {answer.route!r} holds no figures")


def _drawn(svg: str, as_file: AsFile) -> bytes:
    import vl_convert

    if as_file == "pdf":
        return bytes(vl_convert.svg_to_pdf(svg))
    return bytes(vl_convert.svg_to_png(svg, scale=_PNG_SCALE))
