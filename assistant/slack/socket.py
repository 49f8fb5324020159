"""Slack over Socket Mode: the same listeners, without a public address."""

from __future__ import annotations

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.slack.bolt import SlackRefused


def connect_socket(bolt: App, app_token: str, base_url: str, ping_seconds: float = 5) -> SocketModeHandler:
    """Connect and keep connected until the handler is closed; raises SlackRefused when Slack refuses the app token."""
    handler = SocketModeHandler(
        bolt, app_token, web_client=WebClient(token=app_token, base_url=base_url), ping_interval=ping_seconds
    )
    try:
        handler.connect()  # type: ignore[no-untyped-call]
    except SlackApiError as error:
        handler.close()  # type: ignore[no-untyped-call]
        raise SlackRefused(f"Slack refuses the app-level token: {error.response.get('error')}") from error
    return handler
