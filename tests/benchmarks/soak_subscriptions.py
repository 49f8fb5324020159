"""Subscriptions due at one minute, sent through a fake Slack at its rate limit by two processes that are killed.

Run as `python tests/benchmarks/soak_subscriptions.py [--subscriptions 1000] [--people 500] [--kills 20] [--postgresql]`.
The clocks of the two processes differ by 25 minutes. Exits 1 when one is missed or sent twice.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "slack"))

from mail_room import Count, send_all


def main() -> int:
    """Send, kill, count; print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--subscriptions", type=int, default=1000)
    options.add_argument("--people", type=int, default=500)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--postgresql", action="store_true")
    chosen = options.parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url, schema = f"sqlite:///{home}/store.db", ""
        if chosen.postgresql:
            from databases import POSTGRESQL, postgresql_schema

            url, schema = POSTGRESQL, stack.enter_context(postgresql_schema())
        found = send_all(home, chosen.subscriptions, chosen.kills, people=chosen.people, url=url, schema=schema)
    return _judge(found, "postgresql" if chosen.postgresql else "sqlite")


def _judge(found: Count, store: str) -> int:
    for name, value in (
        ("store", store),
        ("subscriptions due at once", found.due),
        ("processes / killed", f"2 / {found.kills}"),
        ("seconds", f"{found.seconds:.1f}"),
        ("messages a second", f"{found.due / found.seconds:.1f}"),
        ("tries / refused for the limit", f"{found.tries} / {found.limited}"),
        ("missed (bar: 0)", found.missed),
        ("sent twice (bar: 0)", found.doubled),
        ("audit chain", "unbroken" if found.chain is None else str(found.chain)),
    ):
        print(f"{name:30}{value!s:>16}")
    return 1 if found.missed or found.doubled or found.chain else 0


if __name__ == "__main__":
    sys.exit(main())
