"""The warehouse: declared tables, three databases, versioned loads.

`Warehouse.open(url)` is the way in; `tables` declares what is in it.
"""

from analytics.warehouse.warehouse import Load, Reader, Warehouse, WarehouseError

__all__ = ["Load", "Reader", "Warehouse", "WarehouseError"]
