"""What every test may use: warehouses on three databases, the shared data, a small company."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from analytics.warehouse import Warehouse

POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/test"
SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("LEADLINE_") and name != "LEADLINE_REQUIRE_SERVICES"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LEADLINE_HOME", str(tmp_path / "home"))


@pytest.fixture
def postgresql_prefix() -> Iterator[str]:
    """A schema prefix of this test's own; every schema under it is dropped afterwards."""
    engine = create_engine(POSTGRESQL, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError as error:
        if os.environ.get("LEADLINE_REQUIRE_SERVICES") == "1":
            raise
        pytest.skip(f"no PostgreSQL server answers: {error.orig}")
    prefix = f"leadline_{uuid.uuid4().hex[:10]}"
    try:
        yield prefix
    finally:
        with engine.begin() as connection:
            found = text("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE :mine")
            for name in connection.scalars(found, {"mine": f"{prefix}%"}).all():
                connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))
        engine.dispose()


@pytest.fixture(params=["duckdb", "sqlite", "postgresql"])
def open_warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Warehouse]]:
    """Opens the same warehouse again at each call, as another process would; once per database."""
    if request.param == "postgresql":
        url, prefix = POSTGRESQL, request.getfixturevalue("postgresql_prefix")
    else:
        url, prefix = f"{request.param}:///{tmp_path}/warehouse.{request.param}", "leadline"
    opened: list[Warehouse] = []

    def open_one() -> Warehouse:
        opened.append(Warehouse.open(url, schema_prefix=prefix))
        return opened[-1]

    yield open_one
    for warehouse in opened:
        warehouse.close()


@pytest.fixture
def shared_data() -> Path:
    """The real data beside the project; skips where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the shared data is not beside the project")
    return SHARED / "data"


@pytest.fixture
def corpora() -> Path:
    """The hostile strings beside the project; skips where they are absent."""
    if not (SHARED / "corpora").is_dir():
        pytest.skip("the corpora are not beside the project")
    return SHARED / "corpora"
