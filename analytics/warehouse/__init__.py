"""The warehouse: declared tables, three databases, versioned loads.

`Warehouse.open(url)` is the way in; `tables` declares what is in it.
"""

from analytics.warehouse.faults import NothingLoaded, TooSlow, WarehouseError
from analytics.warehouse.load import Load
from analytics.warehouse.reader import Reader
from analytics.warehouse.warehouse import Warehouse

__all__ = ["Load", "NothingLoaded", "Reader", "TooSlow", "Warehouse", "WarehouseError"]
