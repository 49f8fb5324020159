"""From an Answer to the messages that carry it, and their way to Slack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.webhook import WebhookClient

from assistant.question import Answer, Picture
from assistant.slack import words
from assistant.slack.asked import Asked
from assistant.slack.blocks import NOTICE_CHARACTERS
from assistant.slack.client import CALL_TIMEOUT_SECONDS, RateLimited, SlackSilent, as_limit, error_of, retry_after
from assistant.slack.directory import Directory
from assistant.slack.escape import mrkdwn
from assistant.slack.limits import MESSAGE_CHARACTERS, UPDATE_CHARACTERS, check_message, refuses_blocks
from assistant.slack.tables_and_charts import chart_block, without_native
from assistant.slack.uploads import Wanted, upload_of, wanted_in

_FENCE = "```"
_FENCED = re.compile(rf"^{_FENCE}$.*?^{_FENCE}$\n*", re.DOTALL | re.MULTILINE)
_ASKED_BY_A_PERSON = ("message", "mention", "command", "button")
_CODE = re.compile(r"[a-z_]+")
_PASSING = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_CANNOT_UPDATE = {"message_not_found", "cant_update_message", "edit_window_closed", "msg_too_long"}
CANNOT_REACH = {
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "thread_not_found",
    "user_not_in_channel",
    "restricted_action_read_only_channel",
    "restricted_action_non_threadable_channel",
    "restricted_action_thread_locked",
}


class To(StrEnum):
    """Where a message goes: the conversation it was asked in, the asker alone there, or the asker's direct messages."""

    CHANNEL = "channel"
    WHISPER = "whisper"
    PERSON = "person"


@dataclass(frozen=True)
class Post:
    """One message. `part` names it in the deliveries: answer, note, picture or placeholder, those of the second
    question of a message answer-2 and picture-2. `text` is ready for Slack; `pictures` follow the answer to where it
    stands. A post that has pictures and words says these where its pictures cannot be sent.
    """

    part: str
    to: To
    text: str
    blocks: tuple[dict[str, Any], ...] = ()
    pictures: tuple[Picture | Wanted, ...] = ()


class PictureRefused(Exception):
    """A picture that cannot be drawn or that Slack will not take; the answer stands without it."""


def posts_of(asked: Asked, answer: Answer) -> tuple[Post, ...]:
    """The messages of an answer. What is private goes to the asker; the channel gets one line that says so."""
    if answer.parts:
        return _posts_of_each(asked, answer.parts)
    here = home_of(asked)
    file = wanted_in(answer)
    short = file is not None and asked.kind in _ASKED_BY_A_PERSON
    if asked.direct or not answer.private:
        return (_answer(here, answer, short=short), *_pictures(here, answer, file))
    note = words.sent_privately(words.language_named(answer.language))
    return (_answer(To.PERSON, answer, short=short), Post("note", here, note), *_pictures(To.PERSON, answer, file))


def _posts_of_each(asked: Asked, parts: Sequence[Answer]) -> tuple[Post, ...]:
    """One message for each of several questions; one line says that some of them went to the asker alone."""
    posts: list[Post] = []
    for number, part in enumerate(parts, start=1):
        own = posts_of(asked, part)
        noted = any(post.part == "note" for post in posts)
        ending = f"-{number}" if number > 1 else ""
        posts += [
            post if post.part == "note" else replace(post, part=f"{post.part}{ending}")
            for post in own
            if not (noted and post.part == "note")
        ]
    return tuple(posts)


def home_of(asked: Asked) -> To:
    """Where an answer belongs that anybody there may see."""
    if asked.kind == "command" and asked.direct:
        return To.PERSON  # it may come from a direct conversation that the bot is not part of
    return To.WHISPER if asked.whisper else To.CHANNEL


def _answer(to: To, answer: Answer, *, short: bool = False) -> Post:
    """The message; of an answer whose rest is in a file, its first line."""
    if short:
        return Post("answer", to, mrkdwn(answer.headline), tuple(answer.blocks[:1]))
    return Post("answer", to, mrkdwn(answer.text or answer.headline), tuple(answer.blocks))


def _pictures(to: To, answer: Answer, file: Wanted | None) -> tuple[Post, ...]:
    """The pictures of charts that the message does not draw itself, or the file that the answer is wanted as."""
    if file is not None:
        return (replace(_answer(to, answer), part="picture", pictures=(file,)),)
    wanted = tuple(picture for picture in answer.pictures if chart_block(picture.chart) not in answer.blocks)
    return (Post("picture", to, "", pictures=wanted),) if wanted else ()


class Mail:
    """Sends posts to Slack. Raises RateLimited, SlackSilent or SlackApiError when a later try may succeed."""

    def __init__(self, client: WebClient, directory: Directory) -> None:
        self._client = client
        self._directory = directory

    def send(self, asked: Asked, post: Post, instead_of: tuple[str, str] | None = None) -> tuple[str, str | None]:
        """Send one post, updating the placeholder `instead_of` (channel, ts) where given; where it stands now.

        Refused blocks are sent again with tables as text, then as text alone; a channel that cannot be reached is
        replaced by a direct message.
        """
        try:
            return self._send_with_blocks_or_text(asked, post, instead_of)
        except (OSError, HTTPException) as error:
            raise SlackSilent(f"{type(error).__name__}: {error}") from error
        except SlackApiError as error:
            if post.to is To.PERSON or error_of(error) not in CANNOT_REACH:
                raise as_limit(error) or error from error
            if post.part == "note":  # it says in the channel that the answer went elsewhere; there it would say nothing
                return "", None
            return self.send(asked, replace(post, to=To.PERSON))

    def send_to(self, channel: str, post: Post, metadata: dict[str, Any]) -> tuple[str, str]:
        """Send one post to a conversation, or to a person, by its id, and nowhere else; where it stands now.

        `metadata` is kept with the message. Refused blocks are sent again as with `send`.
        """
        try:
            content = _content(post, MESSAGE_CHARACTERS)
            sent = self._client.chat_postMessage(
                channel=channel, metadata=metadata, unfurl_links=False, unfurl_media=False, **content
            )
        except SlackApiError as error:
            if post.blocks and refuses_blocks(error_of(error)):
                return self.send_to(channel, _plainer(post), metadata)
            raise as_limit(error) or error from error
        except (OSError, HTTPException) as error:
            raise SlackSilent(f"{type(error).__name__}: {error}") from error
        return str(sent["channel"]), str(sent["ts"])

    def send_pictures(self, asked: Asked, post: Post, answered: tuple[str, str | None]) -> tuple[str, str | None]:
        """Draw the pictures of a post and send them after the answer, which stands at `answered` (channel, ts).

        A whispered answer has no ts: a file cannot be whispered, so its pictures go to the asker directly. Raises
        PictureRefused, or RateLimited and SlackSilent when a later try may succeed.
        """
        channel, ts = answered
        here = ts is not None and channel == asked.channel
        try:
            files = [upload_of(picture) for picture in post.pictures]
            channel = channel if ts is not None else self._directory.direct_conversation(asked.user)
            thread_ts = asked.reply_thread if here else None
            self._client.files_upload_v2(file_uploads=files, channel=channel, thread_ts=thread_ts)
        except SlackApiError as error:
            if limit := as_limit(error):
                raise limit from error
            if passes(error_of(error)):
                raise SlackSilent(f"files: {error_of(error)}") from error
            raise PictureRefused(error_of(error)) from error
        except (OSError, HTTPException) as error:
            raise SlackSilent(f"{type(error).__name__}: {error}") from error
        except (SlackRequestError, ValueError) as error:
            raise PictureRefused(f"{type(error).__name__}: {error}") from error
        return channel, None

    def _send_with_blocks_or_text(
        self, asked: Asked, post: Post, instead_of: tuple[str, str] | None
    ) -> tuple[str, str | None]:
        try:
            return self._send(asked, post, instead_of)
        except SlackApiError as error:
            if not post.blocks or not refuses_blocks(error_of(error)):
                raise
            return self._send_with_blocks_or_text(asked, _plainer(post), instead_of)

    def _send(self, asked: Asked, post: Post, instead_of: tuple[str, str] | None) -> tuple[str, str | None]:
        if post.to is To.WHISPER:
            return self._whisper(asked, post)
        if instead_of:
            channel, ts = instead_of
            try:
                content = _content(post, UPDATE_CHARACTERS)
                return channel, str(self._client.chat_update(channel=channel, ts=ts, **content)["ts"])
            except SlackApiError as error:
                if error_of(error) not in _CANNOT_UPDATE:
                    raise
        thread_ts = asked.reply_thread if post.to is To.CHANNEL else None
        channel = asked.channel if post.to is To.CHANNEL else self._directory.direct_conversation(asked.user)
        sent = self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread_ts,
            unfurl_links=False,
            unfurl_media=False,
            **_content(post, MESSAGE_CHARACTERS),
        )
        return str(sent["channel"]), str(sent["ts"])

    def _whisper(self, asked: Asked, post: Post) -> tuple[str, str | None]:
        content = _content(post, MESSAGE_CHARACTERS)
        if asked.response_url is None:
            self._client.chat_postEphemeral(channel=asked.channel, user=asked.user, **content)
            return asked.channel, None
        hook = WebhookClient(asked.response_url, timeout=CALL_TIMEOUT_SECONDS)
        answer = hook.send(**content, response_type="ephemeral", replace_original=False, unfurl_links=False)
        if answer.status_code == 429:
            raise RateLimited(retry_after(answer.headers))
        if answer.status_code >= 500:
            raise SlackSilent(f"the reply address answered {answer.status_code}")
        if answer.status_code != 200:
            refused = answer.body if refuses_blocks(answer.body) else "channel_not_found"
            raise SlackApiError("the reply address refused", {"ok": False, "error": refused})  # type: ignore[no-untyped-call]
        return asked.channel, None


def _plainer(post: Post) -> Post:
    """The same without Slack's own tables and charts; without any block where it has none of these."""
    blocks = without_native(list(post.blocks))
    if blocks == list(post.blocks) or check_message(None, blocks) is not None:
        blocks = []
    return replace(post, blocks=tuple(blocks))


def passes(error: str) -> bool:
    """Whether a later try may succeed: Slack says so, or did not answer with a code at all."""
    return error in _PASSING or not _CODE.fullmatch(error)


def _content(post: Post, most: int) -> dict[str, Any]:
    if not post.blocks:
        return {"text": _shortened(post.text, most)}
    notice = _FENCED.sub("", post.text).strip() or post.text
    return {"text": _shortened(notice, NOTICE_CHARACTERS), "blocks": list(post.blocks)}


def _shortened(text: str, most: int) -> str:
    """At most so many characters; a block of code that is cut is closed again."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    if cut.count(_FENCE) % 2 == 0:
        return f"{cut}…"
    cut = text[: most - len(_FENCE) - 2]
    return f"{cut}…\n{_FENCE}" if cut.count(_FENCE) % 2 else f"{cut.rstrip('`')}…"
