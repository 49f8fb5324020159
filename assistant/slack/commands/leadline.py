"""`/leadline which leads should I call today`: a question from anywhere, answered for the asker only."""

from assistant.slack.commands import Command

COMMAND = Command(
    name="/leadline",
    description="Ask about your leads and figures · 问线索和业绩",
    usage_hint="which leads should I call today | 今天该打给哪些线索",
)
