"""What can be asked here, by this asker."""

from __future__ import annotations

from assistant.plans import Help
from assistant.question import Role
from assistant.result import Result, Room, quoted


def run(plan: Help, room: Room) -> Result:
    """Examples that work for the asker's role, with a name of their own company in them."""
    asker = room.asker
    role = asker.role if asker else Role.TRAINEE
    return Result(
        route="help",
        facts={
            "role": str(role),
            "name": quoted(asker.name if asker else ""),
            "example_rep": quoted(room.example_rep()) if role is not Role.TRAINEE else None,
        },
    )
