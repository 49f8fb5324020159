"""Names in a question -> the customers and colleagues they may mean: by any form of the name, by surname and title,
and, in words nothing else reads, by a slip of the pen."""

from assistant.understanding.naming.index import NameHit, NameIndex

__all__ = ["NameHit", "NameIndex"]
