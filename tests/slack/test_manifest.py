"""The manifest asks Slack for what the code uses, no more and no less."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from office import Office

from assistant.slack.commands import all_commands
from assistant.slack.fake.methods import SCOPES
from assistant.slack.listeners import EVENTS
from assistant.slack.manifest import CHANNEL_SCOPES, EVENT_SCOPES, bot_scopes, manifest, manifest_text

pytestmark = pytest.mark.xdist_group("slack-web")
URL = "https://leadline.demo.example/slack/events"
SOURCES = Path(__file__).parents[2] / "assistant/slack"


def test_every_command_file_stands_in_the_manifest() -> None:
    files = {f"/{path.stem}" for path in (SOURCES / "commands").glob("*.py") if path.stem != "__init__"}
    commands = manifest(URL)["features"]["slash_commands"]
    assert {command["command"] for command in commands} == files == {command.name for command in all_commands()}
    assert all(command["url"] == URL and len(command["description"]) <= 100 for command in commands)


def test_the_app_is_told_of_every_event_it_listens_to(http_office: Office) -> None:
    listened = {listener.ack_function.__name__ for listener in http_office.bolt._listeners}
    assert listened == {"on_event", "on_command", "on_choice", "on_other_button"}
    assert manifest(URL)["settings"]["event_subscriptions"] == {"request_url": URL, "bot_events": sorted(EVENTS)}
    assert set(EVENT_SCOPES) == set(EVENTS)


def test_the_rights_asked_for_are_those_the_calls_need() -> None:
    code = "".join(path.read_text() for path in SOURCES.glob("*.py"))
    called = {method for method in SCOPES if f".{method.replace('.', '_')}(" in code}
    needed = (
        {SCOPES[method] for method in called}
        | set(EVENT_SCOPES.values())
        | {"commands", "files:write", "users:read.email"}
        | set(CHANNEL_SCOPES)
    )
    assert set(bot_scopes()) == needed


def test_over_the_socket_no_public_address_is_needed() -> None:
    made = manifest(socket_mode=True)
    assert made["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(made)


def test_over_http_the_public_address_is_needed() -> None:
    with pytest.raises(ValueError, match="public address"):
        manifest()


def test_the_manifest_reads_back_the_same_in_both_forms() -> None:
    made = manifest(URL)
    assert yaml.safe_load(manifest_text(made)) == made
    assert json.loads(manifest_text(made, "json")) == made
    assert "问线索" in manifest_text(made)
