"""The Bolt app, the same for HTTP and for Socket Mode."""

from __future__ import annotations

from collections.abc import Callable
from urllib.error import URLError

from slack_bolt import App
from slack_bolt.error import BoltError
from slack_sdk import WebClient

from assistant.slack.commands import all_commands
from assistant.slack.listeners import register
from assistant.store import Store


class SlackRefused(Exception):
    """Slack cannot be used with what was configured; says why, never with the token."""


def build_bolt(client: WebClient, store: Store, wake: Callable[[], None] = lambda: None) -> App:
    """An app whose listeners store questions in `store` and call `wake`.

    Asks Slack once who the bot is; raises SlackRefused when Slack refuses the token or cannot be reached. Signatures
    are checked by the gate in front (HTTP) or by the connection itself (Socket Mode), not here.
    """
    try:
        app = App(
            client=client,
            process_before_response=True,
            request_verification_enabled=False,
            signing_secret="",
            name="leadline",
        )
    except BoltError as error:
        raise SlackRefused(f"Slack refuses the bot token: {error}") from error
    except (URLError, OSError) as error:
        raise SlackRefused(f"Slack cannot be reached at {client.base_url}: {error}") from error
    register(app, store, wake, all_commands())
    return app
