"""Loads are versions: readers keep theirs, a failed load changes nothing, what people wrote outlives them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Column, MetaData, String, func, insert, select

from analytics.warehouse import Warehouse, WarehouseError, upgrade
from analytics.warehouse.tables import INDEXED, LOADED, leads, load_runs, orders, predictions, slack_identities

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OpenWarehouse = Callable[[], Warehouse]


def lead_rows(*ids: str) -> pd.DataFrame:
    return pd.DataFrame({"lead_id": list(ids), "company": [f"Company {lead_id}" for lead_id in ids]})


def load_leads(warehouse: Warehouse, source: str, *ids: str) -> None:
    with warehouse.load(source, NOON) as load:
        load.put("leads", lead_rows(*ids))


def lead_ids(warehouse: Warehouse) -> list[str]:
    with warehouse.reader() as reader:
        return [row.lead_id for row in reader.rows(select(leads.c.lead_id).order_by(leads.c.lead_id))]


def test_an_import_replaces_its_own_rows_and_leaves_the_others(open_warehouse: OpenWarehouse) -> None:
    warehouse = open_warehouse()
    load_leads(warehouse, "crm", "C1", "C2")
    load_leads(warehouse, "web", "W1")
    load_leads(warehouse, "crm", "C3")
    assert lead_ids(warehouse) == ["C3", "W1"]


def test_a_reader_keeps_its_version_while_another_process_loads(open_warehouse: OpenWarehouse) -> None:
    reading, loading = open_warehouse(), open_warehouse()
    load_leads(loading, "crm", "C1")
    with reading.reader() as reader:
        assert len(reader.rows(select(leads.c.lead_id))) == 1
        load_leads(loading, "crm", "C2", "C3")
        load_leads(loading, "crm", "C4", "C5", "C6")
        assert [row.lead_id for row in reader.rows(select(leads.c.lead_id))] == ["C1"]
    assert lead_ids(reading) == ["C4", "C5", "C6"]


def test_versions_nobody_reads_are_deleted(open_warehouse: OpenWarehouse) -> None:
    warehouse = open_warehouse()
    for number in range(4):
        load_leads(warehouse, "crm", f"C{number}")
    assert warehouse._storage.built_versions() == [warehouse.current_version()]


def test_a_version_somebody_reads_is_not_deleted(open_warehouse: OpenWarehouse) -> None:
    reading, loading = open_warehouse(), open_warehouse()
    load_leads(loading, "crm", "C1")
    with reading.reader() as reader:
        load_leads(loading, "crm", "C2")
        assert reader.version in loading._storage.built_versions()
    assert lead_ids(reading) == ["C2"]
    load_leads(loading, "crm", "C3")
    assert lead_ids(reading) == ["C3"]


def test_a_failed_load_changes_nothing(open_warehouse: OpenWarehouse) -> None:
    warehouse = open_warehouse()
    load_leads(warehouse, "crm", "C1")
    before = warehouse.current_version()
    with pytest.raises(ZeroDivisionError), warehouse.load("crm", NOON) as load:
        load.put("leads", lead_rows("C2"))
        raise ZeroDivisionError
    assert (lead_ids(warehouse), warehouse.current_version()) == (["C1"], before)
    assert warehouse._storage.built_versions() == [before]


def test_kept_rows_of_a_failed_load_are_not_written(open_warehouse: OpenWarehouse) -> None:
    warehouse = open_warehouse()
    load_leads(warehouse, "crm", "C1")
    prediction = pd.DataFrame(
        {
            "model_id": ["m"],
            "version": ["1"],
            "subject_kind": ["lead"],
            "subject_id": ["C1"],
            "as_of": [NOON],
            "value": [0.5],
        }
    )
    with pytest.raises(WarehouseError, match="same key twice"), warehouse.load("crm", NOON) as load:
        load.put("leads", lead_rows("C1", "C1"))
        load.keep("predictions", prediction)
    with warehouse.reader() as reader:
        assert reader.rows(select(predictions)) == []


def test_a_killed_load_changes_nothing_and_the_next_one_works(open_warehouse: OpenWarehouse, tmp_path: Path) -> None:
    warehouse = open_warehouse()
    load_leads(warehouse, "crm", "C1")
    script = textwrap.dedent(f"""
        import sys, time
        sys.path.insert(0, {str(Path(__file__).parents[3])!r})
        import pandas as pd
        from datetime import datetime, UTC
        from analytics.warehouse import Warehouse
        from sqlalchemy import make_url
        w = Warehouse.open({_url(warehouse)!r}, schema_prefix={_prefix(warehouse)!r})
        with w.load("crm", datetime(2026, 11, 23, tzinfo=UTC)) as load:
            load.put("leads", pd.DataFrame({{"lead_id": ["K1"]}}))
            print("loading", flush=True)
            time.sleep(60)
    """)
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"loading\n"
    with pytest.raises(WarehouseError, match="Another load is running"):
        load_leads(warehouse, "web", "W1")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert lead_ids(warehouse) == ["C1"]
    load_leads(warehouse, "crm", "C2")
    assert lead_ids(warehouse) == ["C2"]


def test_what_people_wrote_outlives_every_load(open_warehouse: OpenWarehouse) -> None:
    warehouse = open_warehouse()
    load_leads(warehouse, "crm", "C1")
    with warehouse.kept() as connection:
        connection.execute(insert(slack_identities).values(slack_user_id="U1", person_id="anna", linked_at=NOON))
    load_leads(warehouse, "crm", "C2")
    with warehouse.reader() as reader:
        assert [row.person_id for row in reader.rows(select(slack_identities))] == ["anna"]


def test_what_a_load_keeps_replaces_what_the_same_source_kept_before(open_warehouse: OpenWarehouse) -> None:
    warehouse = open_warehouse()

    def keep(source: str, version: str, subject: str) -> None:
        row = {
            "model_id": "m",
            "version": version,
            "subject_kind": "lead",
            "subject_id": subject,
            "as_of": NOON,
            "value": 0.5,
        }
        with warehouse.load(source, NOON) as load:
            load.keep("predictions", pd.DataFrame([row]), replacing={"as_of": NOON})

    keep("web", "1", "W1")
    keep("crm", "9", "C1")
    keep("crm", "2", "C2")
    with warehouse.reader() as reader:
        found = reader.rows(select(predictions.c.version, predictions.c.subject_id).order_by(predictions.c.subject_id))
    assert found == [("2", "C2"), ("1", "W1")]


def test_a_home_of_an_older_version_gains_the_columns_that_are_new(
    open_warehouse: OpenWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = open_warehouse()
    load_leads(warehouse, "crm", "C1")
    with warehouse.kept() as connection:
        connection.execute(insert(slack_identities).values(slack_user_id="U1", person_id="anna", linked_at=NOON))
    with warehouse.reader() as reader:
        before = reader.kept_state("slack_identities")
    newer = slack_identities.to_metadata(MetaData(schema="kept"))
    newer.append_column(Column("nickname", String))
    monkeypatch.setattr(upgrade, "KEPT", newer.metadata)
    again = open_warehouse()
    with again.reader() as reader:
        after = reader.kept_state("slack_identities")
    assert before is None or after != before, "copies without the column would be read on"
    with again.kept() as connection:
        connection.execute(newer.update().values(nickname="Annie"))
        assert connection.execute(select(newer.c.person_id, newer.c.nickname)).all() == [("anna", "Annie")]
    assert lead_ids(again) == ["C1"]


def test_kept_rows_join_loaded_ones_as_soon_as_they_are_written(open_warehouse: OpenWarehouse) -> None:
    reading, writing = open_warehouse(), open_warehouse()
    load_leads(writing, "crm", "C1")
    joined = select(leads.c.company, predictions.c.value, predictions.c.reasons, predictions.c.as_of).join(
        predictions, predictions.c.subject_id == leads.c.lead_id
    )
    row = {"model_id": "m", "version": "1", "subject_kind": "lead", "subject_id": "C1", "as_of": NOON}
    for value in (0.25, 0.75):
        with writing.kept() as connection:
            connection.execute(predictions.delete())
            connection.execute(
                insert(predictions).values(**row, value=value, reasons=[{"feature": "渠道", "contribution": 1}])
            )
        with reading.reader() as reader:
            assert reader.rows(joined) == [("Company C1", value, [{"feature": "渠道", "contribution": 1}], NOON)]


def test_several_threads_read_one_warehouse_while_it_is_loaded(open_warehouse: OpenWarehouse) -> None:
    warehouse = open_warehouse()
    load_leads(warehouse, "crm", "C1")
    seen: list[int] = []

    def read() -> None:
        for _ in range(20):
            seen.append(len(lead_ids(warehouse)))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(3):
        load_leads(warehouse, "crm", *(f"C{number}{one}" for one in range(5)))
    for thread in threads:
        thread.join()
    assert len(seen) == 80
    assert set(seen) <= {1, 5}


def test_money_is_exact_and_moments_keep_their_zone(open_warehouse: OpenWarehouse) -> None:
    warehouse = open_warehouse()
    with warehouse.load("crm", NOON) as load:
        load.put(
            "orders",
            pd.DataFrame(
                {
                    "order_id": ["O1", "O2", "O3"],
                    "line_no": [1, 1, 1],
                    "amount": [0.1, 0.2, -12345678.99],
                    "ordered_at": pd.to_datetime(["2026-01-01T23:00:00+08:00", None, "2026-01-02T00:00:00Z"], utc=True),
                }
            ),
        )
    with warehouse.reader() as reader:
        total = reader.rows(select(func.sum(orders.c.amount)))[0][0]
        moments = [row.ordered_at for row in reader.rows(select(orders.c.ordered_at).order_by(orders.c.order_id))]
    assert total == Decimal("-12345678.69")
    assert moments == [datetime(2026, 1, 1, 15, tzinfo=UTC), None, datetime(2026, 1, 2, tzinfo=UTC)]


def test_each_load_leaves_its_record(open_warehouse: OpenWarehouse) -> None:
    warehouse = open_warehouse()
    with warehouse.load("crm", NOON) as load:
        load.put("leads", lead_rows("C1", "C2"))
        load.report("leads", rows_in=3, rows_rejected=1)
    with pytest.raises(WarehouseError), warehouse.load("crm", NOON) as load:
        load.put("leads", lead_rows("C1", "C1"))
    with warehouse.reader() as reader:
        runs = reader.rows(select(load_runs).order_by(load_runs.c.started_at, load_runs.c.table_name))
    whole, table, failed = runs
    assert (table.table_name, table.rows_in, table.rows_out, table.rows_rejected, table.source) == (
        "leads",
        3,
        2,
        1,
        "crm",
    )
    assert whole.finished_at is not None
    assert len(table.checksum) == 16
    assert (failed.table_name, failed.finished_at) == ("*", None)


@pytest.mark.parametrize(
    ("table", "frame", "sentence"),
    [
        ("leads", pd.DataFrame({"lead": ["C1"]}), "has no column 'lead'"),
        ("leadz", pd.DataFrame({"lead_id": ["C1"]}), "no loaded table 'leadz'"),
        ("orders", pd.DataFrame({"order_id": ["O1"], "amount": ["much"]}), "orders.amount"),
    ],
)
def test_rows_that_do_not_fit_are_refused_with_a_sentence(
    tmp_path: Path, table: str, frame: pd.DataFrame, sentence: str
) -> None:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path}/w.duckdb")
    with pytest.raises(WarehouseError, match=sentence), warehouse.load("crm", NOON) as load:
        load.put(table, frame)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "is no database URL"),
        ("mysql://x/y", "not supported"),
        ("duckdb:///:memory:", "outlives the process"),
    ],
)
def test_a_url_that_cannot_hold_a_warehouse_is_refused(url: str, sentence: str) -> None:
    with pytest.raises(WarehouseError, match=sentence):
        Warehouse.open(url)


def test_two_warehouses_may_share_a_folder(tmp_path: Path) -> None:
    first, second = (
        Warehouse.open(f"{kind}:///{tmp_path}/crm.{ending}")
        for kind, ending in (("duckdb", "duckdb"), ("sqlite", "db"))
    )
    load_leads(first, "crm", "C1")
    load_leads(second, "crm", "C2")
    assert (lead_ids(first), lead_ids(second)) == (["C1"], ["C2"])


def test_reading_files_through_duckdb_is_switched_off(tmp_path: Path) -> None:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path}/w.duckdb")
    load_leads(warehouse, "crm", "C1")
    with warehouse.reader() as reader, pytest.raises(Exception, match="Permission Error"):
        reader.rows(select(func.count()).select_from(func.read_csv("/etc/passwd").table_valued("column0")))


def test_indexed_columns_exist() -> None:
    for table_name, columns in INDEXED.items():
        assert set(columns) <= set(LOADED.tables[f"loaded.{table_name}"].columns.keys())


def _url(warehouse: Warehouse) -> str:
    storage = warehouse._storage
    if warehouse.dialect == "postgresql":
        return storage._url.render_as_string(hide_password=False)
    return f"{warehouse.dialect}:///{storage._files.path}"


def _prefix(warehouse: Warehouse) -> str:
    return getattr(warehouse._storage, "_prefix", "leadline")
