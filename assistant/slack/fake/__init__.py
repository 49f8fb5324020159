"""A small stateful Slack, to try the whole loop without a workspace: for the tests, and `leadline fake-slack`."""

from assistant.slack.fake.server import FakeSlack, run_fake
from assistant.slack.fake.workspace import APP_TOKEN, BOT_TOKEN

__all__ = ["APP_TOKEN", "BOT_TOKEN", "FakeSlack", "run_fake"]
