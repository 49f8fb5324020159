"""Does Slack take our token? For the doctor."""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.slack.client import SlackSilent


def slack_state(client: WebClient) -> tuple[bool, str]:
    """Whether Slack answers our token, and who we are there or what it says."""
    try:
        found = client.auth_test()
    except SlackApiError as refused:
        return False, f"Slack refuses the bot token: {refused.response.get('error')}"
    except (SlackSilent, OSError):
        return False, f"Slack does not answer at {client.base_url}"
    return True, f"connected to {found.get('team')} as {found.get('user')}"
