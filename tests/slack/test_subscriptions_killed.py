"""Processes that die while they send lose nothing and repeat nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from mail_room import send_all


@pytest.mark.xdist_group("subscriptions-killed")
def test_fifty_due_at_once_are_each_sent_once_though_processes_are_killed(tmp_path: Path) -> None:
    found = send_all(tmp_path, 50, 4, people=50, url=f"sqlite:///{tmp_path}/store.db", paced=False)
    assert (found.missed, found.doubled) == (0, 0)
    assert found.kills == 4
    assert found.states == {"sent": 50}
    assert found.chain is None
