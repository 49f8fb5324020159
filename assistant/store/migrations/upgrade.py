"""Bring a store's tables to the current version; the only place that imports Alembic at run time."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, text

from assistant.store.store import StoreError


def upgrade(engine: Engine, schema: str | None = None) -> None:
    """Run the missing steps in one transaction; several processes may call it at once, one does the work."""
    if schema:
        with engine.begin() as connection:
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    with engine.execution_options(writing=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('leadline store'))"))
        config = alembic_config()
        config.attributes["connection"] = connection
        _refuse_newer(MigrationContext.configure(connection).get_current_revision(), config)
        command.upgrade(config, "head")


def alembic_config() -> Config:
    """Alembic's settings, from this folder alone: no ini file is needed where the package is installed."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def _refuse_newer(revision: str | None, config: Config) -> None:
    if revision is None:
        return
    try:
        ScriptDirectory.from_config(config).get_revision(revision)
    except CommandError as error:
        raise StoreError(
            f"This store was made by a newer Leadline (schema {revision}). Install that version or newer."
        ) from error
