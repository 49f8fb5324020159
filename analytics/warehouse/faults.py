"""What can go wrong with a warehouse, in words that tell how to mend it."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import SQLAlchemyError

from analytics.warehouse.storage import StorageFault

DATABASE_FAULTS = (SQLAlchemyError, sqlite3.Error, StorageFault)
UNREACHABLE = (*DATABASE_FAULTS, OSError)


class WarehouseError(Exception):
    """What the person at the keyboard can mend: a URL, a second load at once, rows that do not fit."""


class NothingLoaded(WarehouseError):
    """No load has been published yet, or there is no warehouse at this place at all."""

    def __init__(self) -> None:
        super().__init__("Nothing has been loaded yet. `leadline demo` builds a company to try.")


class TooSlow(WarehouseError):
    """A question that was stopped because it ran longer than it may."""

    def __init__(self, seconds: float) -> None:
        said = f"The question was stopped after {seconds:g} seconds."
        super().__init__(f"{said} Ask for a shorter period or fewer groups.")
