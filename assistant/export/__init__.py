"""Answers as files: a table for a spreadsheet, one page as PDF or as a picture."""

from assistant.export.exported import MEDIA_TYPES, AsFile, Exported, NothingToExport, export
from assistant.export.report import Report

__all__ = ["MEDIA_TYPES", "AsFile", "Exported", "NothingToExport", "Report", "export"]
