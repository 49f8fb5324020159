"""Worker processes: woken, replaced, stopped in good order, and never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from office import ROOT, Office, wait_until

from assistant.slack.supervise import Workers
from assistant.slack.wake import Bell, Ear, Woken
from assistant.store import inbox

REP = "U0R001"
SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def alive(pid: int) -> bool:
    """Whether a process runs (one that ended and waits to be collected does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_call_wakes_one_worker_at_once() -> None:
    bell = Bell()
    breaker, broken = os.pipe()
    ears = [Ear(bell.handle.fileno()), Ear(bell.handle.fileno())]
    assert ears[0].wait(0, breaker) is Woken.POLL
    bell.ring()
    assert [ear.wait(0.05, breaker) for ear in ears] == [Woken.CALLED, Woken.POLL]
    bell.close()
    assert ears[0].wait(5, breaker) is Woken.ALONE
    os.close(breaker)
    os.close(broken)


def test_calls_that_nobody_hears_do_not_block() -> None:
    bell = Bell()
    began = time.monotonic()
    for _ in range(300_000):
        bell.ring()
    bell.close()
    bell.ring()
    assert time.monotonic() - began < 30


def test_a_worker_that_dies_is_replaced_and_its_death_told() -> None:
    died: list[int] = []
    workers = Workers(SLEEPER, 2, died.append)
    workers.start()
    try:
        wait_until(lambda: len(workers.pids()) == 2)
        victim = workers.pids()[0]
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: len(workers.pids()) == 2 and victim not in workers.pids())
        assert died == [victim]
    finally:
        workers.stop()
    assert workers.pids() == []


def test_a_worker_that_cannot_start_is_not_started_without_pause() -> None:
    died: list[int] = []
    workers = Workers([sys.executable, "-S", "-c", "raise SystemExit(1)"], 1, died.append)
    workers.start()
    time.sleep(1.0)
    workers.stop()
    assert 1 <= len(died) <= 3


def test_stopping_lets_a_worker_finish_its_answer(tmp_path: Path) -> None:
    with Office(tmp_path, workers=1) as office:
        office.fake.people.say(REP, "a slow one")
        office.wait_for_posts(1)
        office.workers.stop()
        assert "a slow one" in office.posts()[0]["text"]
        assert inbox.counts(office.store) == {"new": 0, "claimed": 0}


def test_workers_end_when_the_process_that_started_them_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time; from assistant.slack.supervise import Workers;"
        "w = Workers(sys.argv[1:], 1); w.start(); time.sleep(1.5); print(w.pids()[0], flush=True); time.sleep(60)"
    )
    with Office(tmp_path, workers=0) as office:
        worker = office.worker_command
        starter = subprocess.Popen(
            [sys.executable, "-c", program, *worker], stdout=subprocess.PIPE, cwd=ROOT, text=True
        )
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        assert alive(pid)
        starter.kill()
        starter.wait()
        wait_until(lambda: not alive(pid))
        starter.stdout.close()


def test_a_worker_without_a_bell_looks_for_questions_by_itself(tmp_path: Path) -> None:
    with Office(tmp_path, workers=0) as office:
        alone = subprocess.Popen(office.worker_command, stdin=subprocess.DEVNULL)
        try:
            office.fake.people.say(REP, "hello")
            office.wait_for_posts(1)
        finally:
            alone.terminate()
            assert alone.wait(10) == 0


def test_a_desk_that_never_comes_back_costs_one_answer_and_one_worker(tmp_path: Path) -> None:
    with Office(tmp_path, workers=1) as office:
        wait_until(lambda: office.workers.pids())
        first = office.workers.pids()
        office.fake.people.say(REP, "stuck")
        office.wait_for_posts(1)
        wait_until(lambda: "went wrong" in office.posts()[0]["text"])
        assert "something went wrong on our side" in office.posts()[0]["text"]
        office.fake.people.say(REP, "and now?")
        assert "and now?" in office.wait_for_posts(2)[1]["text"]
        assert office.workers.pids() != first
