"""Slash commands: one file each, found by scanning this folder; the manifest and the listeners read them."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """A slash command: what follows it is a question. Slack shows `description` and `usage_hint` while one types."""

    name: str
    description: str
    usage_hint: str


def all_commands() -> tuple[Command, ...]:
    """Every command of this folder, by file name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").COMMAND for name in names)
