"""The app manifest that Slack installs from, made from what the code listens to and calls."""

from __future__ import annotations

import json
from typing import Any, Literal

import yaml

from assistant.slack.commands import all_commands
from assistant.slack.listeners import EVENTS

NAME = "Leadline"
COLOUR = "#17324d"
DESCRIPTION = "Ask which leads to call today, in English or Chinese · 问线索、问业绩"

EVENT_SCOPES = {"app_mention": "app_mentions:read", "message.im": "im:history"}
CALL_SCOPES = ("chat:write", "files:write", "im:write", "users:read", "users:read.email")
"""To post, to send charts as pictures, to open direct messages for what is private, and to know the asker by the e-mail
that Slack vouches for."""
CHANNEL_SCOPES = ("channels:history", "channels:read", "groups:history", "groups:read")
"""For subscriptions that go to a channel: to see who is in it, since everybody there must be allowed to see what is
sent, and to find a message that was posted just before a process died, so that it is not posted again."""


def bot_scopes() -> list[str]:
    """The rights the bot needs, and no others."""
    commands = ("commands",) if all_commands() else ()
    return sorted({*CALL_SCOPES, *CHANNEL_SCOPES, *(EVENT_SCOPES[event] for event in EVENTS), *commands})


def manifest(request_url: str | None = None, *, socket_mode: bool = False, name: str = NAME) -> dict[str, Any]:
    """The manifest for events at `request_url` (the public address of /slack/events), or for Socket Mode."""
    if not socket_mode and not request_url:
        raise ValueError("over HTTP, Slack must be told the public address of /slack/events")
    where: dict[str, Any] = {} if socket_mode else {"request_url": request_url}
    url = {} if socket_mode else {"url": request_url}
    commands = [
        {
            "command": command.name,
            "description": command.description,
            "usage_hint": command.usage_hint,
            "should_escape": False,
            **url,
        }
        for command in all_commands()
    ]
    return {
        "display_information": {"name": name, "description": DESCRIPTION, "background_color": COLOUR},
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": commands,
        },
        "oauth_config": {"scopes": {"bot": bot_scopes()}},
        "settings": {
            "event_subscriptions": {**where, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **where},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def manifest_text(wanted: dict[str, Any], form: Literal["yaml", "json"] = "yaml") -> str:
    """A manifest as text, to paste into Slack."""
    if form == "json":
        return json.dumps(wanted, ensure_ascii=False, indent=2) + "\n"
    return yaml.safe_dump(wanted, allow_unicode=True, sort_keys=False)
