"""The house itself: import rules, light start, and a wheel that answers from an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def python(code: str, *, cwd: Path = ROOT, **environment: str) -> str:
    run = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout


def test_the_import_rules_hold() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]


HEAVY = (
    "pandas", "numpy", "sklearn", "scipy", "skops", "slack_bolt", "slack_sdk", "alembic", "uvicorn", "starlette",
    "langchain_core", "langsmith",
)  # fmt: skip


def test_help_loads_nothing_heavy() -> None:
    loaded = python("import sys, assistant.cli; print(*sys.modules)").split()
    heavier = {*HEAVY, "sqlalchemy", "duckdb", "pydantic", "babel", "jinja2", "opencc"}
    assert not heavier & {name.split(".")[0] for name in loaded}


@pytest.mark.usefixtures("small_company")
def test_a_question_loads_only_what_its_plan_needs() -> None:
    code = """
import sys
from assistant.cli import app
try:
    app(["ask", "--json", "--as", "rep:R1", "--today", "2026-11-23", "which leads should I call today"])
except SystemExit:
    pass
print("LOADED", *sys.modules)
"""
    printed = python(code)
    assert '"route": "leads"' in printed
    loaded = printed[printed.index("LOADED") :].split()
    assert not set(HEAVY) & {name.split(".")[0] for name in loaded}


def test_the_tools_for_a_model_load_langchain_only_when_they_are_made() -> None:
    loaded = python("import sys, assistant.kinds.tools as t; t.tool_schemas(); print(*sys.modules)").split()
    assert "assistant.kinds.tools" in loaded
    assert not {"langchain_core", "langsmith"} & {name.split(".")[0] for name in loaded}


@pytest.mark.timeout(300)
def test_the_built_wheel_answers_from_an_empty_folder(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True, cwd=tmp_path)
    wheel = next(tmp_path.glob("leadline-*.whl"))
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(installed)
    code = f"""
import sys
sys.path.insert(0, {str(installed)!r})
import assistant
assert assistant.__file__.startswith({str(installed)!r}), assistant.__file__
from assistant.cli import app
for words in (["demo", "--scale", "0.02", "--today", "2026-11-23"],
              ["ask", "--json", "--as", "rep:R001", "--today", "2026-11-23", "今天我該打給哪些名單"]):
    try:
        app(words)
    except SystemExit as ended:
        assert not ended.code, ended.code
"""
    printed = python(code, cwd=empty, LEADLINE_HOME=str(empty / ".leadline"))
    answer = json.loads(printed.splitlines()[-1])
    assert answer["route"] == "leads"
    assert answer["language"] == "zh-Hant"
