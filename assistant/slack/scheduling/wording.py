"""The messages of a subscription: what was asked for, what stands around it, and notes to the subscriber."""

from __future__ import annotations

import json
from typing import Any

from analytics.organisation import Company
from analytics.vocabulary import Clock
from assistant.explain import Explanation, Speaker, explain, plain
from assistant.kinds.described_parts import schedule_words
from assistant.plans import Schedule
from assistant.question import Answer, Language
from assistant.result import Result, quoted
from assistant.slack.deliver import Post, To
from assistant.slack.escape import mrkdwn
from assistant.slack.limits import check_message
from assistant.slack.words import language_named
from assistant.store.sendings import FAILURES_IN_A_ROW, Sending
from assistant.store.subscriptions import TO_ME

Block = dict[str, Any]
_FIRST_BUTTON = 900  # beyond the numbers of the answer's own buttons
_LABELS: dict[Language, tuple[str, str, str, str]] = {
    Language.EN: ("Pause", "Change time", "Stop", "My subscriptions"),
    Language.ZH_HANS: ("暂停", "改时间", "取消订阅", "我的订阅"),
    Language.ZH_HANT: ("暫停", "改時間", "取消訂閱", "我的訂閱"),
}


def digest_post(held: Sending, answer: Answer, first: Post, company: Company, *, late: bool) -> Post:
    """The answer as a digest: said to be late when it is, with what it is and buttons to pause or stop it.

    `first` is the answer's own post. What does not fit into a message is left out, the buttons last.
    """
    said = _said("digest", held, company, {"late": late})
    top, last = plain(said.headline).strip(), plain(said.small).strip()
    around = ([_small(top)] if top else [], [_small(last)], [_buttons(held)])
    body = list(first.blocks) or [{"type": "section", "text": {"type": "plain_text", "text": answer.headline[:2900]}}]
    text = f"{mrkdwn(top)}\n\n{first.text}" if top else first.text
    for kept in (around, (around[0], [], around[2]), (around[0], [], [])):
        blocks = [*kept[0], *body, *kept[1], *kept[2]]
        if check_message(None, blocks) is None:
            return Post("answer", To.PERSON, text, tuple(blocks))
    return Post("answer", To.PERSON, text, tuple(body))


def note_post(held: Sending, refusal: str | None, company: Company) -> Post:
    """What the subscriber is told when a digest was not sent; `refusal` is the refusal's own words, if any."""
    subscription = held.subscription
    state = held.state.removeprefix("tell_")
    facts = {
        "state": state,
        "reason": held.reason or "",
        "paused": subscription.state == "paused" and (state == "refused" or subscription.failures >= FAILURES_IN_A_ROW),
        "kind": str(subscription.plan.get("kind", "")),
        "channel": None if subscription.to == TO_ME else quoted(f"#{subscription.channel_name or subscription.to}"),
    }
    said = _said("digest_note", held, company, facts)
    lines = [plain(part).strip() for part in (said.headline, said.body)]
    lines += [refusal.strip() if refusal else "", plain(said.small).strip()]
    text = "\n".join(filter(None, lines))
    section = {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn(text)[:2900]}}
    return Post("note", To.PERSON, mrkdwn(text), (section, _buttons(held)))


def _said(template: str, held: Sending, company: Company, facts: dict[str, Any]) -> Explanation:
    subscription = held.subscription
    due = held.due_at.replace(second=0, microsecond=0)
    given = {
        **facts,
        "due": due,
        "when": schedule_words(Schedule.model_validate(subscription.schedule)),
        "only_when_off": subscription.only_when_off,
    }
    clock = Clock(held.claimed_at, subscription.timezone)
    speaker = Speaker(language_named(subscription.language), company, clock)
    return explain(Result(route="digest", template=template, facts=given), speaker)


def _small(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text, "emoji": False}]}


def _buttons(held: Sending) -> Block:
    """Pause (or nothing where it is paused), another time, stop, and the list of all; each a plan, checked again when
    pressed."""
    held_by = {"which": held.subscription.subscription_id}
    pause, change, stop, everything = _LABELS[language_named(held.subscription.language)]
    plans: list[tuple[str, dict[str, Any]]] = [
        (change, {"action": "change", **held_by}),
        (stop, {"action": "stop", **held_by}),
        (everything, {"action": "list"}),
    ]
    if held.subscription.state != "paused":
        plans.insert(0, (pause, {"action": "pause", **held_by}))
    elements = [
        {
            "type": "button",
            "action_id": f"choice:{_FIRST_BUTTON + place}",
            "text": {"type": "plain_text", "text": label, "emoji": False},
            "value": json.dumps({"kind": "subscribe", **plan}),
        }
        for place, (label, plan) in enumerate(plans)
    ]
    return {"type": "actions", "elements": elements}
