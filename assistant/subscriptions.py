"""The subscriptions that a conversation is about, and the channels of Slack that they can go to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

from assistant.question import Asker, Language, Place

if TYPE_CHECKING:
    from assistant.due_times import Workdays
    from assistant.store.store import Store
    from assistant.store.subscriptions import Subscription

TO_ME: Literal["me"] = "me"
"""The subscriber's direct messages, where a digest goes unless a channel is named."""
MOST_HELD = 20
"""Subscriptions that one person may have."""


@dataclass(frozen=True)
class Channel:
    """A channel of Slack that a digest can go to."""

    channel_id: str
    name: str


NoChannel = Literal["no_slack", "no_channel", "bot_not_in", "asker_not_in"]


class Channels(Protocol):
    """Slack's channels, as far as the bot and the asker are in them."""

    def find(self, named: str, user: str) -> Channel | NoChannel:
        """The channel by name or id, or why nothing can be sent there for this Slack user."""
        ...

    def readers(self, channel: Channel) -> Sequence[Asker] | None:
        """Everybody in the channel; None where it cannot be told who they are in the company."""
        ...


class Subscriptions:
    """Subscriptions of everybody. `opened` gives the operational store; it is asked for at the first use."""

    def __init__(self, opened: Callable[[], Store], channels: Channels | None = None) -> None:
        self._opened = opened
        self._channels = channels

    def of(self, asker: Asker) -> tuple[Subscription, ...]:
        """Those the asker has, active and paused, oldest first."""
        from assistant.store.subscriptions import of_person

        return of_person(self._store, asker.person_id)

    def of_asker(self, asker: Asker, subscription_id: int) -> Subscription | None:
        """One of the asker's own by its number, a stopped one too; None for anybody else's."""
        from assistant.store.subscriptions import get

        found = get(self._store, subscription_id)
        return found if found is not None and found.person_id == asker.person_id else None

    def same(
        self, asker: Asker, plan: dict[str, Any], schedule: dict[str, Any], to: str, made_on: date
    ) -> Subscription | None:
        """What the asker has already of just this."""
        from assistant.store.subscriptions import find_same

        return find_same(self._store, person_id=asker.person_id, plan=plan, made_on=made_on, schedule=schedule, to=to)

    def create(
        self,
        asker: Asker,
        plan: dict[str, Any],
        schedule: dict[str, Any],
        *,
        to: Channel | None,
        only_when_off: bool,
        language: Language,
        timezone: str,
        place: Place | None,
        made_on: date,
        workdays: Workdays,
    ) -> Subscription:
        """Add one, active from now on. `to` None is the asker's direct messages."""
        from assistant.store.subscriptions import TO_ME, create

        return create(
            self._store, person_id=asker.person_id, slack_user_id=place.user if place else None,
            plan=plan, schedule=schedule, timezone=timezone, language=str(language),
            to=to.channel_id if to else TO_ME, channel_name=to.name if to else None,
            only_when_off=only_when_off, made_on=made_on, workdays=workdays,
        )  # fmt: skip

    def change(
        self,
        held: Subscription,
        *,
        schedule: dict[str, Any] | None = None,
        to: Channel | Literal["me"] | None = None,
        only_when_off: bool | None = None,
        workdays: Workdays,
    ) -> Subscription:
        """Change when, where or on which condition it is sent; what is None stays.

        Raises assistant.store.subscriptions.AlreadySubscribed where that makes it the same as another.
        """
        from assistant.store.subscriptions import change

        target, name = (to.channel_id, to.name) if isinstance(to, Channel) else (to, None)
        return change(
            self._store, held.subscription_id,
            schedule=schedule, to=target, channel_name=name, only_when_off=only_when_off, workdays=workdays,
        )  # fmt: skip

    def pause(self, held: Subscription, until: date | None, workdays: Workdays) -> Subscription:
        """Send nothing, up to and without the day `until` where one is given."""
        from assistant.store.subscriptions import pause

        return pause(self._store, held.subscription_id, until=until, workdays=workdays)

    def resume(self, held: Subscription, workdays: Workdays) -> Subscription:
        """Send again, from the next time it is due."""
        from assistant.store.subscriptions import resume

        return resume(self._store, held.subscription_id, workdays=workdays)

    def stop(self, held: Subscription) -> Subscription:
        """Send nothing any more."""
        from assistant.store.subscriptions import stop

        return stop(self._store, held.subscription_id)

    def channel(self, named: str, place: Place | None) -> Channel | NoChannel:
        """A channel by name or id, or why nothing can be sent there for who asks from `place`."""
        if self._channels is None or place is None:
            return "no_slack"
        return self._channels.find(named, place.user)

    def readers(self, channel: Channel) -> Sequence[Asker] | None:
        """Everybody in the channel; None where it cannot be told who they are in the company."""
        return self._channels.readers(channel) if self._channels else None

    @cached_property
    def _store(self) -> Store:
        return self._opened()
