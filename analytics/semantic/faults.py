"""What can be wrong with a KPI file or with a question to the semantic layer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong with a file of the model, where it stands, and how to mend it."""

    file: Path
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


class ModelError(ValueError):
    """KPI files that cannot be used; `complaints` names each mistake with its file and line."""

    def __init__(self, complaints: list[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(str(complaint) for complaint in complaints))


class QueryError(ValueError):
    """A query that cannot be computed as asked.

    `code` says why: unknown_kpi, unknown_dimension, dimension_not_allowed, too_fine, too_short, not_your_rows,
    no_share, bad_filter, bad_order, bad_running, too_many_groups, too_slow. `about` holds the names it is about,
    `offers` what works instead.
    """

    def __init__(self, code: str, *about: str, offers: tuple[str, ...] = ()) -> None:
        self.code, self.about, self.offers = code, about, offers
        super().__init__(f"{code}: {', '.join(about)}" + (f" (instead: {', '.join(offers)})" if offers else ""))
