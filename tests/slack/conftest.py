"""Offices to ask in: each is a fake Slack, the real app over a real connection, and real worker processes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from databases import POSTGRESQL, postgresql_schema
from office import Office


@contextmanager
def open_office(kind: str, home: Path) -> Iterator[Office]:
    """An office by its kind: http, socket or postgresql."""
    if kind == "postgresql":
        with postgresql_schema() as schema, Office(home, store_url=POSTGRESQL, schema=schema) as office:
            yield office
    else:
        with Office(home, socket_mode=kind == "socket") as office:
            yield office


KINDS = [
    pytest.param(kind, marks=pytest.mark.xdist_group(f"slack-{kind}")) for kind in ("http", "socket", "postgresql")
]


@pytest.fixture(scope="session", params=KINDS)
def shared_office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office of each kind for all tests that leave it in order."""
    with open_office(request.param, tmp_path_factory.mktemp(request.param)) as office:
        yield office


@pytest.fixture
def office(shared_office: Office) -> Office:
    """An office, over HTTP, over Socket Mode and on PostgreSQL, in which nothing has been said yet."""
    shared_office.tidy()
    return shared_office


@pytest.fixture(scope="session")
def web_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office for trouble that is the same on every connection and store."""
    with open_office("http", tmp_path_factory.mktemp("web")) as office:
        yield office


@pytest.fixture
def http_office(web_office: Office) -> Office:
    """The HTTP office, in which nothing has been said yet."""
    web_office.tidy()
    return web_office
