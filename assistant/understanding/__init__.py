"""Words -> one typed plan, a question back, or a refusal; deterministic, no language model."""

from assistant.understanding.context import Context
from assistant.understanding.understand import understand

__all__ = ["Context", "understand"]
