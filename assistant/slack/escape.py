"""Slack's own escaping, both ways."""

from __future__ import annotations

import re

_LINK = re.compile(r"<((?:https?|mailto|tel):[^>|]+)(?:\|([^>]*))?>")
_MEMBER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|([^>]*))?>")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def escape(text: str) -> str:
    """Text as Slack must receive it, so that data never becomes a mention, a link or a channel call."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def question_text(text: str, bot_user: str | None) -> str:
    """The words a person typed: without the bot's mention, people by their id, links and channels by their label
    (a channel that has none, by its id)."""
    words = _UNSTORABLE.sub("", text)
    if bot_user:
        words = re.sub(rf"<@{re.escape(bot_user)}(?:\|[^>]*)?>", " ", words)
    words = _MEMBER.sub(r"\1", words)
    words = _LINK.sub(lambda link: link[2] or link[1].removeprefix("mailto:").removeprefix("tel:"), words)
    words = _CHANNEL.sub(lambda channel: f"#{channel[2] or channel[1]}", words)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def mrkdwn(text: str) -> str:
    """Terminal Markdown as a plain Slack message: escaped, bold in Slack's spelling."""
    return re.sub(r"\*\*(.+?)\*\*", r"*\1*", escape(text))
