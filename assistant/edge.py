"""The edge of a process: the one place where any error is caught, logged and answered with a reference."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger("leadline")


def guarded(run: Callable[[], object]) -> int:
    """Run a command line; 0 or its own exit code, 2 for what the person can mend, 1 for our fault."""
    try:
        run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        return _told(error)
    return 0


def _told(error: Exception) -> int:
    sentence = mendable(error)
    if sentence is not None:
        print(sentence, file=sys.stderr)
        return 2
    reference = fault_logged(error)
    print(f"Something went wrong on our side; the log has it under {reference}.", file=sys.stderr)
    return 1


def mendable(error: Exception) -> str | None:
    """The sentence that tells how to mend it, or None where the fault is ours."""
    from analytics.warehouse import WarehouseError

    mendables: tuple[type[Exception], ...] = (WarehouseError,)
    for module, name in (
        ("analytics.semantic.faults", "ModelError"),
        ("analytics.sources.errors", "SourceError"),
        ("assistant.app", "NotConfigured"),
        ("assistant.slack.bolt", "SlackRefused"),
        ("assistant.slack.client", "SlackSilent"),
        ("assistant.store.store", "StoreError"),
    ):
        loaded = sys.modules.get(module)
        if loaded is not None:
            mendables = (*mendables, getattr(loaded, name))
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}. Where state lies is set by LEADLINE_HOME."
    return str(error) if isinstance(error, mendables) else None


def fault_logged(error: Exception) -> str:
    """Log our fault with its traceback in the home's log; returns the reference it is found under."""
    reference = secrets.token_hex(4)
    log.error("fault %s", reference, exc_info=error)
    return reference


def log_to(home: Path) -> None:
    """Write what goes wrong to `leadline.log` in the home, made with the first line written."""

    class _InHome(logging.FileHandler):
        def emit(self, record: logging.LogRecord) -> None:
            try:
                home.mkdir(parents=True, exist_ok=True)
                super().emit(record)
            except OSError as unwritable:
                print(f"{self.format(record)}\n(not in the log: {unwritable})", file=sys.stderr)

    handler = _InHome(home / "leadline.log", encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(process)d %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
