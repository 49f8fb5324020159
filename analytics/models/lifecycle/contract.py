"""What a model hands back when it is refreshed: rows for the kept tables `models` and `predictions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MODEL_COLUMNS = ("model_id", "version", "trained_at", "used", "verdict", "file", "digest", "source")
PREDICTION_COLUMNS = (
    "model_id",
    "version",
    "subject_kind",
    "subject_id",
    "as_of",
    "value",
    "class",
    "reasons",
    "source",
)


@dataclass(frozen=True)
class Refresh:
    """Frames for `load.keep("models", ...)` and `load.keep("predictions", ...)`; either may have no rows."""

    models: pd.DataFrame
    predictions: pd.DataFrame

    @classmethod
    def of(cls, models: Sequence[dict[str, Any]], predictions: Sequence[dict[str, Any]]) -> Refresh:
        """From rows with the columns above."""
        import pandas as pd

        registry = pd.DataFrame(list(models), columns=list(MODEL_COLUMNS), dtype=object)
        rows = pd.DataFrame(list(predictions), columns=list(PREDICTION_COLUMNS), dtype=object)
        return cls(registry.astype({"used": bool}), rows.astype({"value": float}))

    @classmethod
    def together(cls, parts: Sequence[Refresh]) -> Refresh:
        """The rows of several refreshes."""
        import pandas as pd

        return cls(
            pd.concat([cls.of([], []).models, *(part.models for part in parts)], ignore_index=True),
            pd.concat([cls.of([], []).predictions, *(part.predictions for part in parts)], ignore_index=True),
        )


@dataclass(frozen=True)
class Trained:
    """One trained model of one source: its verdict and, where there is a model at all, its file."""

    model_id: str
    source: str
    as_of: datetime
    verdict: dict[str, Any]
    file: str | None = None
    digest: str | None = None

    @property
    def used(self) -> bool:
        """Whether its predictions may be shown."""
        return bool(self.verdict["used"])

    @property
    def version(self) -> str:
        """`<source>-<yyyymmdd>-<first 8 of the file's digest>`, or `...-none` without a file."""
        return version_of(self.source, self.as_of, self.digest)

    def row(self) -> dict[str, Any]:
        """Its row of the registry."""
        return {
            "model_id": self.model_id,
            "version": self.version,
            "trained_at": self.as_of,
            "used": self.used,
            "verdict": {"source": self.source, **self.verdict},
            "file": self.file,
            "digest": self.digest,
            "source": self.source,
        }

    def prediction(self, lead_id: str, value: float, reasons: list[dict[str, Any]]) -> dict[str, Any]:
        """Its row of `predictions` about one lead."""
        return {
            "model_id": self.model_id,
            "version": self.version,
            "subject_kind": "lead",
            "subject_id": lead_id,
            "as_of": self.as_of,
            "value": value,
            "class": None,
            "reasons": reasons,
            "source": self.source,
        }


def version_of(source: str, as_of: datetime, digest: str | None) -> str:
    """The version of a model of `source` trained at `as_of`."""
    return f"{source}-{as_of:%Y%m%d}-{digest[:8] if digest else 'none'}"
