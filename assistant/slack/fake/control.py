"""The fake's own addresses under /_fake/: what tests and the web view steer it with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.slack.fake.delivery import Delivery
from assistant.slack.fake.faults import Fault, Faults
from assistant.slack.fake.people import People
from assistant.slack.fake.workspace import BOT_USER, Refused, Workspace

LONGEST_WAIT_SECONDS = 20.0


class Control:
    """Steers a fake Slack over HTTP."""

    def __init__(
        self, space: Workspace, people: People, delivery: Delivery, faults: Faults, commands: tuple[str, ...]
    ) -> None:
        self._space = space
        self._people = people
        self._delivery = delivery
        self._faults = faults
        self._commands = commands

    def routes(self) -> list[Route]:
        """The addresses."""
        acts = {
            "say": self._say,
            "command": self._command,
            "press": self._press,
            "event": self._event,
            "faults": self._fault,
            "clear": self._clear,
            "users": self._user,
            "disconnect": self._disconnect,
        }
        posts = [Route(f"/_fake/{name}", _answering(act), methods=["POST"]) for name, act in acts.items()]
        looks = {"state": self._state, "deliveries": self._deliveries, "calls": self._calls}
        return posts + [Route(f"/_fake/{name}", look, methods=["GET"]) for name, look in looks.items()]

    async def _say(self, given: dict[str, Any]) -> dict[str, Any]:
        message, deliveries = self._people.say(
            given["user"], given["text"], given.get("channel"), given.get("thread_ts"), int(given.get("times", 1))
        )
        return {"ts": message["ts"], "deliveries": len(deliveries)}

    async def _command(self, given: dict[str, Any]) -> dict[str, Any]:
        self._people.command(given["user"], given["command"], given.get("text", ""), given.get("channel"))
        return {}

    async def _press(self, given: dict[str, Any]) -> dict[str, Any]:
        self._people.press(given["user"], given["channel"], given["ts"], given["action_id"])
        return {}

    async def _event(self, given: dict[str, Any]) -> dict[str, Any]:
        self._people.event(given["event"], given.get("event_id"))
        return {}

    async def _fault(self, given: dict[str, Any]) -> dict[str, Any]:
        self._faults.add(Fault(**given))
        return {}

    async def _clear(self, _given: dict[str, Any]) -> dict[str, Any]:
        self._faults.clear()
        return {}

    async def _user(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"user": self._space.add_user(given)}

    async def _disconnect(self, _given: dict[str, Any]) -> dict[str, Any]:
        links = list(self._delivery.links)
        for link in links:
            await anyio.to_thread.run_sync(link.tell, {"type": "disconnect", "reason": "refresh_requested"})
        return {"links": len(links)}

    async def _state(self, request: Request) -> Response:
        seen, user = int(request.query_params.get("since", -1)), request.query_params.get("user", "")
        await anyio.to_thread.run_sync(partial(self._wait, seen), abandon_on_cancel=True)
        with self._space.lock:
            places = [
                {
                    "id": place.id,
                    "name": place.name,
                    "person": place.person,
                    "messages": [one for one in place.messages if one.get("ephemeral_to") in (None, user)],
                }
                for place in self._space.conversations.values()
                if place.person in (None, user)
            ]
            known = {"version": self._space.version, "users": list(self._space.users.values()), "bot": BOT_USER}
            return JSONResponse(
                {
                    **known,
                    "conversations": places,
                    "commands": self._commands,
                    "connected": bool(self._delivery.links) or self._delivery.app_url is not None,
                }
            )

    def _wait(self, seen: int) -> None:
        with self._space.changed:
            self._space.changed.wait_for(lambda: self._space.version != seen, LONGEST_WAIT_SECONDS if seen >= 0 else 0)

    async def _deliveries(self, _request: Request) -> Response:
        with self._delivery.lock:
            tries = [asdict(attempt) for attempt in self._delivery.attempts]
        return JSONResponse([{**attempt, "reply": attempt["reply"].decode(errors="replace")} for attempt in tries])

    async def _calls(self, _request: Request) -> Response:
        with self._space.lock:
            return JSONResponse([{"method": method, "arguments": given} for method, given in self._space.calls])


def _answering(act: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse(
                {"ok": False, "error": "send JSON"}, status_code=415
            )  # also keeps other sites' forms out
        try:
            return JSONResponse({"ok": True, **await act(await request.json())})
        except Refused as refusal:
            return JSONResponse({"ok": False, "error": refusal.error}, status_code=400)
        except (KeyError, TypeError, ValueError) as fault:
            return JSONResponse({"ok": False, "error": f"not understood: {fault}"}, status_code=400)

    return answer
