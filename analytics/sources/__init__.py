"""Exports of other systems, read by one interpreter from one mapping file each (`<source>.yaml`).

`find.find_mapping` finds a mapping, `extract.read_source` reads an export by it into warehouse tables and a
report, `intake.import_source` loads them. The mapping language stands in `mapping`.
"""
