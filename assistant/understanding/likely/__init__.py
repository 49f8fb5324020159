"""What a question is likely after when no rule reads it whole: a small classifier, trained beforehand."""

from assistant.understanding.likely.likely import Likely, likely

__all__ = ["Likely", "likely"]
