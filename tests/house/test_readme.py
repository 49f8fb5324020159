"""The README tells the truth: its transcripts are what the commands print, and every setting stands in it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from assistant.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.timeout(300)
def test_every_transcript_is_what_its_commands_print(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("transcripts", Path(__file__).with_name("transcripts.py"))
    assert spec is not None
    assert spec.loader is not None
    transcripts = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(transcripts)
    assert _without_digests(transcripts.rewritten(README, tmp_path)) == _without_digests(README)


def _without_digests(text: str) -> str:
    """A model file's digest follows the last bit of its coefficients, which another processor may round otherwise."""
    return re.sub(r"(demo-\d{8})-[0-9a-f]{8}", r"\1-xxxxxxxx", text)


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = set(re.findall(r"`(LEADLINE_[A-Z_]+)`", README))
    assert documented == {f"LEADLINE_{name.upper()}" for name in Settings.model_fields}


def test_every_make_target_the_readme_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"\bmake ([a-z]+)\b", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_command_the_readme_names_exists() -> None:
    from assistant.cli import app

    known = {
        command.name or command.callback.__name__.replace("_", "-")
        for command in app.registered_commands
        if command.callback
    }
    named = set(re.findall(r"(?:^|[`$] ?|\| )leadline ([a-z][a-z-]+)", README, re.MULTILINE))
    assert named <= known
    assert {"ask", "demo", "import", "serve", "manifest", "doctor"} <= named


def test_no_package_index_is_named_anywhere() -> None:
    rooms = ("analytics", "assistant", "knowledge", "prompts", "tests", ".ci")
    files = [path for room in rooms for path in (ROOT / room).rglob("*") if path.suffix != ".pyc"]
    files += [path for path in ROOT.iterdir() if path.suffix in (".md", ".toml", ".lock") or path.name == "Makefile"]
    hosts = ("py" + "pi.org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian")
    for path in files:
        if path.is_file():
            text = path.read_text("utf-8", "replace")
            assert not any(host in text for host in hosts), path
