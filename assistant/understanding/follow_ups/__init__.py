"""What is typed next in a thread: a change of the plan before, or a question of its own."""

from assistant.understanding.follow_ups.follow_up import FollowUp, follow_up

__all__ = ["FollowUp", "follow_up"]
