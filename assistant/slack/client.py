"""Talking to Slack's Web API, and the two ways in which it may have to be tried again later."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, RetryHandler

CALL_TIMEOUT_SECONDS = 10


class SlackSilent(Exception):
    """Slack could not be reached, or answered nothing of use."""


class RateLimited(Exception):
    """Slack asks to wait `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


def slack_client(token: str, base_url: str = "https://slack.com/api/") -> WebClient:
    """A Web API client for workers and web process alike.

    A broken connection is tried once more at once. A 429 is not slept through: the question goes back to the inbox for
    as long as Slack asks, because a worker that sleeps for one conversation keeps every other asker waiting.
    """
    handlers: list[RetryHandler] = [ConnectionErrorRetryHandler(max_retry_count=1)]
    return WebClient(token=token, base_url=base_url, timeout=CALL_TIMEOUT_SECONDS, retry_handlers=handlers)


def tried_once(client: WebClient) -> WebClient:
    """The same client, which calls once: where a broken connection may have carried a message, others decide."""
    return WebClient(token=client.token, base_url=client.base_url, timeout=client.timeout, retry_handlers=[])


def error_of(error: SlackApiError) -> str:
    """Slack's error code."""
    return str(error.response.get("error") or "")


def as_limit(error: SlackApiError) -> RateLimited | None:
    """The limit that a refused call ran into, or None when it was refused for another reason."""
    answer = error.response  # a plain dict where Slack's answer was no JSON
    status = answer.get("status") if isinstance(answer, dict) else getattr(answer, "status_code", None)
    headers = answer.get("headers") if isinstance(answer, dict) else getattr(answer, "headers", None)
    if status == 429 or error_of(error) in ("ratelimited", "rate_limited"):
        return RateLimited(retry_after(headers or {}))
    return None


def retry_after(headers: Mapping[str, object]) -> float:
    """The seconds a 429 asks to wait; one where it does not say."""
    for name, value in headers.items():
        if name.lower() == "retry-after":
            first = value[0] if isinstance(value, (list, tuple)) and value else value
            return float(str(first)) if str(first).isdigit() else 1.0
    return 1.0
