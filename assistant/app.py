"""The composition root: builds warehouse, desk, store and Slack client from the settings, once a process."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.warehouse import Warehouse
from assistant.settings import Settings

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from analytics.semantic import Model
    from assistant.desk import Desk
    from assistant.slack.parts import Chore, WorkerParts
    from assistant.store.store import Store


class NotConfigured(Exception):
    """A setting that this command needs is missing; the message names it."""


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def mapping_folders(settings: Settings) -> list[Path]:
    """Where mapping files of the company's own lie; NotConfigured for a place that is no folder."""
    if settings.mappings is None:
        return []
    if not settings.mappings.is_dir():
        raise NotConfigured(f"LEADLINE_MAPPINGS names {settings.mappings}, which is no folder.")
    return [settings.mappings]


def open_warehouse(settings: Settings) -> Warehouse:
    """The warehouse the settings name."""
    return Warehouse.open(settings.warehouse, schema_prefix=settings.warehouse_schema)


def build_desk(settings: Settings) -> Desk:
    """The desk over that warehouse."""
    from assistant.conversation import Conversations
    from assistant.desk import Desk
    from assistant.subscriptions import Subscriptions

    return Desk(
        open_warehouse(settings),
        kpi_model(settings),
        settings.calls_per_day,
        settings.contact,
        settings.today,
        conversations=Conversations(lambda: open_store(settings)),
        subscriptions=Subscriptions(lambda: open_store(settings)),
    )


def kpi_model(settings: Settings) -> Model:
    """The KPI files, the company's own among them; ModelError names each mistake."""
    from analytics.semantic import read_model

    return read_model(settings.kpi_dir)


def open_store(settings: Settings) -> Store:
    """The operational store: inbox, conversations, audit."""
    from assistant.store.store import Store

    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    schema = None if settings.store.startswith("sqlite") else f"{settings.warehouse_schema}_store"
    return Store.open(settings.store, utc_now, schema)


def slack_web_client(settings: Settings) -> WebClient:
    """The client that posts; NotConfigured without a bot token."""
    from assistant.slack.client import slack_client

    if settings.slack_bot_token is None:
        raise NotConfigured("Set LEADLINE_SLACK_BOT_TOKEN (xoxb-...), which Slack shows under OAuth & Permissions.")
    return slack_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)


def worker_parts(settings: Settings) -> WorkerParts:
    """What a worker process needs, everything opened and warmed before the first question."""
    from assistant.conversation import Conversations
    from assistant.slack.channel_names import SlackChannels
    from assistant.slack.directory import Directory
    from assistant.slack.parts import WorkerParts
    from assistant.slack.scheduling.channels import ChannelMembers
    from assistant.subscriptions import Subscriptions

    desk, store = build_desk(settings), open_store(settings)
    desk.conversations = Conversations(lambda: store)
    desk.warm_up()
    client = slack_web_client(settings)
    members = ChannelMembers(desk, client, Directory(client, utc_now))
    desk.subscriptions = Subscriptions(lambda: store, SlackChannels(client, members))
    return WorkerParts(desk, store, client, _chores(desk))


def _chores(desk: Desk) -> tuple[Chore, ...]:
    """What a worker does between questions."""
    from datetime import timedelta

    from assistant.slack.parts import Chore

    def issue_forecasts() -> object:
        from analytics.insights.forecast import issue_if_due

        return issue_if_due(desk.warehouse, desk.model, desk.clock(None).now)

    return (Chore("issue_forecasts", timedelta(hours=1), issue_forecasts),)


def worker_command() -> list[str]:
    """The command line that starts a worker; it reads the same environment."""
    return [sys.executable, "-P", "-m", "assistant.cli", "worker"]
