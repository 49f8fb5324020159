"""What the assistant remembers: the inbox, conversations, what was posted, and the audit chain."""

from assistant.store.store import Store, StoreError

__all__ = ["Store", "StoreError"]
