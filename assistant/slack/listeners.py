"""What the app listens to. Each listener stores the question and acknowledges; workers answer.

Bolt runs them before it responds, so a question that cannot be stored is answered 500 and Slack delivers it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext

from assistant.slack.asked import asked_by_button, asked_by_command, asked_by_event
from assistant.slack.commands import Command
from assistant.store import Store
from assistant.store.inbox import Arrival, receive

EVENTS = ("app_mention", "message.im")
"""What the manifest subscribes to. Messages of channels are understood too, where a workspace subscribes to them."""

CHOICE = re.compile(r"^choice:\d+$")


def register(app: App, store: Store, wake: Callable[[], None], commands: tuple[Command, ...]) -> None:
    """Attach every listener to `app`; `wake` tells an idle worker that a question waits."""

    def keep(arrival: Arrival | None) -> None:
        if arrival is not None and receive(store, arrival):
            wake()

    def on_event(body: dict[str, Any], context: BoltContext) -> None:
        keep(asked_by_event(body, context.bot_user_id))

    def on_command(body: dict[str, Any], ack: Ack) -> None:
        keep(asked_by_command(body))
        ack()

    def on_choice(body: dict[str, Any], ack: Ack) -> None:
        keep(asked_by_button(body))
        ack()

    def on_other_button(ack: Ack) -> None:
        ack()  # a link button opens its page by itself and only wants to be acknowledged

    for event in sorted({name.split(".")[0] for name in EVENTS}):
        app.event(event)(on_event)
    for command in commands:
        app.command(command.name)(on_command)
    app.action(CHOICE)(on_choice)
    app.action(re.compile(".*"))(on_other_button)
