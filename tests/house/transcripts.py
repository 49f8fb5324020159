"""The README's transcripts: its console blocks, run in order in a home of their own.

`python tests/house/transcripts.py` (`make readme`) writes them anew; the test compares.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def rewritten(text: str, home: Path) -> str:
    """The README with every console block holding what its commands print."""
    return _CONSOLE.sub(lambda block: f"```console\n{_played(block[1], home)}```", text)


def _played(block: str, home: Path) -> str:
    commands = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"$ {command}\n{_run(command, home)}" for command in commands)


def _run(command: str, home: Path) -> str:
    words = shlex.split(command)
    if words[0] != "leadline":
        raise ValueError(f"a transcript runs leadline only, not {words[0]}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEADLINE_")}
    run = subprocess.run(
        [sys.executable, "-P", "-m", "assistant.cli", *words[1:]],
        env={**kept, "LEADLINE_HOME": ".leadline", "COLUMNS": "100"},
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    printed = "\n".join(line.rstrip() for line in run.stdout.rstrip().splitlines())
    return f"{printed}\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        README.write_text(rewritten(README.read_text("utf-8"), Path(folder)), "utf-8")
