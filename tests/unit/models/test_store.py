"""Model files are data, and only the registered ones are read."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.models.lifecycle.store import ModelFileError, load, save

PLAIN: dict[str, Any] = {
    "base": -0.25,
    "curves": [{"name": "渠道", "values": ["Partner", "搜索"], "effects": np.array([0.5, -1.0, 0.0])}],
    "table": np.arange(6.0).reshape(2, 3),
    "nothing": None,
}


def test_a_model_file_gives_back_what_was_stored(tmp_path: Path) -> None:
    found = load(tmp_path, *save(PLAIN, tmp_path, "lead_score", "demo-20260630"))
    assert found["curves"][0]["values"] == ["Partner", "搜索"]
    assert found["base"] == -0.25
    assert found["nothing"] is None
    assert (found["table"] == PLAIN["table"]).all()


def test_the_same_model_has_the_same_digest_in_its_name(tmp_path: Path) -> None:
    first, second = save(PLAIN, tmp_path / "a", "m", "demo"), save(PLAIN, tmp_path / "b", "m", "demo")
    assert first == second
    assert first[0] == f"m/demo-{first[1][:8]}.skops"


def test_a_changed_model_file_is_refused(tmp_path: Path) -> None:
    file, digest = save(PLAIN, tmp_path, "m", "demo")
    written = bytearray((tmp_path / file).read_bytes())
    written[len(written) // 2] ^= 1
    (tmp_path / file).write_bytes(written)
    with pytest.raises(ModelFileError, match="not the one that was registered"):
        load(tmp_path, file, digest)


def test_a_missing_model_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"m/gone\.skops cannot be read"):
        load(tmp_path, "m/gone.skops", "0" * 64)


def test_a_file_of_foreign_types_is_refused_even_with_the_right_digest(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression
    from skops.io import dumps

    foreign = dumps({"layout": "{}", "arrays": {}, "model": LogisticRegression()})
    (tmp_path / "foreign.skops").write_bytes(foreign)
    with pytest.raises(ModelFileError, match="LogisticRegression"):
        load(tmp_path, "foreign.skops", hashlib.sha256(foreign).hexdigest())


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.skops").write_bytes(b"not an archive")
    with pytest.raises(ModelFileError, match="no skops archive"):
        load(tmp_path, "text.skops", hashlib.sha256(b"not an archive").hexdigest())
