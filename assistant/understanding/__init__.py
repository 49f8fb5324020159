"""Words -> one typed plan, a question back, or a refusal; deterministic, no language model."""

from assistant.understanding.context import Context
from assistant.understanding.understand import Understood, understand, understood

__all__ = ["Context", "Understood", "understand", "understood"]
