"""The settings, `LEADLINE_*`; the only reader of the environment."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.days import EARLIEST, LATEST


class Settings(BaseSettings):
    """What an installation can set. Secrets never show when printed."""

    model_config = SettingsConfigDict(env_prefix="LEADLINE_", extra="ignore")

    home: Path = Field(default=Path(".leadline"), description="Where all state lies.")
    warehouse_url: str | None = Field(
        default=None, description="SQLAlchemy URL of the warehouse; a DuckDB file in the home by default."
    )
    warehouse_schema: str = Field(default="leadline", description="Prefix of the warehouse's schemas on PostgreSQL.")
    store_url: str | None = Field(
        default=None, description="SQLAlchemy URL of the operational store; a SQLite file in the home by default."
    )
    today: date | None = Field(
        default=None, ge=EARLIEST, le=LATEST, description="Answer as of the end of this day instead of now."
    )
    calls_per_day: int = Field(default=12, ge=1, le=100, description="How many leads a day's calling holds.")
    contact: str = Field(default="", description="Whom people without access should ask; shown in refusals.")
    mappings: Path | None = Field(default=None, description="A folder with mapping files of your own.")
    kpi_dir: Path | None = Field(default=None, description="A folder with KPI files of your own.")
    workers: int = Field(default=2, ge=1, le=16, description="Worker processes that answer Slack.")
    slack_bot_token: SecretStr | None = Field(default=None, description="The app's bot token, xoxb-...")
    slack_signing_secret: SecretStr | None = Field(default=None, description="Checks requests over HTTP.")
    slack_app_token: SecretStr | None = Field(default=None, description="Opens Socket Mode, xapp-...")
    slack_api_url: str = Field(default="https://slack.com/api/", description="Another Slack, such as the fake one.")

    @property
    def warehouse(self) -> str:
        """The warehouse's URL."""
        return self.warehouse_url or f"duckdb:///{self.home.absolute() / 'warehouse.duckdb'}"

    @property
    def store(self) -> str:
        """The operational store's URL."""
        return self.store_url or f"sqlite:///{self.home.absolute() / 'store.db'}"

    @property
    def models(self) -> Path:
        """Where model files lie."""
        return self.home.absolute() / "models"
