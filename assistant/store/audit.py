"""The audit chain: one row per decision, each carrying the hash of the one before, so that a change shows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from assistant.store.tables import Audit, AuditHead

_ADD = insert(cast(Table, Audit.__table__))
_HEAD = cast(Table, AuditHead.__table__)
_LOCK_HEAD = select(_HEAD.c.seq, _HEAD.c.hash).with_for_update()
_MOVE_HEAD = update(_HEAD).values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))


@dataclass(frozen=True)
class BrokenLink:
    """The first place where the chain does not hold: `seq` of the row and what is wrong with it."""

    seq: int
    fault: str


def append(session: Session, *, at: datetime, kind: str, who: str, what: dict[str, Any]) -> int:
    """Add one row inside the caller's transaction and return its number. `what` must be JSON and hold no secrets."""
    seq, prev_hash = session.execute(_LOCK_HEAD).one()
    text = json.dumps(what, sort_keys=True, separators=(",", ":"))
    link = link_hash(prev_hash, seq + 1, at, kind, who, text)
    row = {"seq": seq + 1, "at": at, "kind": kind, "who": who, "what": text, "prev_hash": prev_hash, "hash": link}
    session.execute(_ADD, row)
    session.execute(_MOVE_HEAD, {"new_seq": seq + 1, "new_hash": link})
    return int(seq) + 1


def verify(session: Session) -> BrokenLink | None:
    """Walk the whole chain; None when every row is as it was written and none is missing."""
    expected, prev_hash = 1, ""
    for row in session.execute(select(Audit).order_by(Audit.seq).execution_options(yield_per=1000)).scalars():
        if row.seq != expected:
            return BrokenLink(expected, "the row is missing")
        if row.prev_hash != prev_hash:
            return BrokenLink(row.seq, "it does not follow the row before it")
        if row.hash != link_hash(prev_hash, row.seq, row.at, row.kind, row.who, row.what):
            return BrokenLink(row.seq, "it was changed after it was written")
        expected, prev_hash = row.seq + 1, row.hash
    head = session.execute(select(AuditHead.seq, AuditHead.hash)).one()
    if (head.seq, head.hash) != (expected - 1, prev_hash):
        return BrokenLink(expected, "rows are missing at the end")
    return None


def link_hash(prev_hash: str, seq: int, at: datetime, kind: str, who: str, what: str) -> str:
    """SHA-256 over the row and the hash before it, as hexadecimal."""
    covered = json.dumps([prev_hash, seq, at.isoformat(), kind, who, what], separators=(",", ":"))
    return hashlib.sha256(covered.encode()).hexdigest()
