"""Model files: skops archives of plain arrays, numbers and texts, named and checked by their SHA-256 digest.

A file holds data, never objects with behaviour: what is written is a tree of dicts, lists, texts, numbers and float
arrays. Reading checks the digest first, then that the archive names no type outside `WRITTEN_TYPES`, and only then
lets skops load it, trusting nothing further. The same model always gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

WRITTEN_TYPES = frozenset({"builtins.dict", "builtins.list", "builtins.str", "numpy.ndarray"})


class ModelFileError(Exception):
    """A model file that must not be used: missing, changed since it was registered, or of types never written here."""


def save(plain: dict[str, Any], models_dir: Path, model_id: str, name: str) -> tuple[str, str]:
    """Write a model file; returns its path relative to `models_dir`, and its digest.

    `name` is the start of the file name (the source and day); the digest's first 8 figures end it.
    """
    written = _same_bytes(_archive(plain))
    digest = hashlib.sha256(written).hexdigest()
    relative = Path(model_id) / f"{name}-{digest[:8]}.skops"
    target = models_dir / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.with_suffix(f".{os.getpid()}.building")
    building.write_bytes(written)
    os.replace(building, target)
    return relative.as_posix(), digest


def load(models_dir: Path, file: str, digest: str) -> dict[str, Any]:
    """What `save` wrote. Raises ModelFileError with a clear sentence when the file is not exactly that."""
    try:
        written = (models_dir / file).read_bytes()
    except OSError as missing:
        raise ModelFileError(f"Model file {file} cannot be read. `leadline train` makes a new one.") from missing
    found = hashlib.sha256(written).hexdigest()
    if found != digest:
        raise ModelFileError(
            f"Model file {file} is not the one that was registered: its digest is {found[:8]}, not {digest[:8]}. "
            "It is not used. `leadline train` makes a new one."
        )
    foreign = _foreign_types(written)
    if foreign:
        named = ", ".join(foreign)
        raise ModelFileError(f"Model file {file} holds types that model files never hold ({named}). It is not used.")
    return _unpacked(written)


def _archive(plain: dict[str, Any]) -> bytes:
    """Arrays as skops arrays, everything between them as one JSON text."""
    from skops import io as skops_io

    arrays: dict[str, Any] = {}
    layout = json.dumps(_without_arrays(plain, arrays), ensure_ascii=False, sort_keys=True)
    return bytes(skops_io.dumps({"layout": layout, "arrays": arrays}))


def _without_arrays(part: Any, arrays: dict[str, Any]) -> Any:
    if isinstance(part, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = np.ascontiguousarray(part, dtype=np.float64)
        return {"$array": name}
    if isinstance(part, dict):
        return {key: _without_arrays(part[key], arrays) for key in sorted(part)}
    if isinstance(part, list | tuple):
        return [_without_arrays(entry, arrays) for entry in part]
    return part


def _with_arrays(part: Any, arrays: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        if part.keys() == {"$array"}:
            return arrays[part["$array"]]
        return {key: _with_arrays(entry, arrays) for key, entry in part.items()}
    return [_with_arrays(entry, arrays) for entry in part] if isinstance(part, list) else part


def _same_bytes(archive: bytes) -> bytes:
    """The archive without what differs from run to run: memory addresses used as names, and the time."""
    with zipfile.ZipFile(io.BytesIO(archive)) as given:
        schema = given.read("schema.json").decode()
        number: dict[str, str] = {}
        for address in re.findall(r'"(?:__id__": |file": ")(\d+)', schema):
            number.setdefault(address, str(len(number) + 1))
        schema = re.sub(r'("__id__": |"file": ")(\d+)', lambda found: found[1] + number[found[2]], schema)
        arrays = [name for name in given.namelist() if name != "schema.json"]
        members = {f"{number[name.removesuffix('.npy')]}.npy": given.read(name) for name in arrays}
    rewritten = io.BytesIO()
    with zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED) as archive_file:
        for name, content in [*sorted(members.items()), ("schema.json", schema.encode())]:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive_file.writestr(entry, content)
    return rewritten.getvalue()


def _foreign_types(written: bytes) -> list[str]:
    """Types the archive names beyond the ones written here; everything skops would not trust is among them."""
    from skops import io as skops_io

    try:
        with zipfile.ZipFile(io.BytesIO(written)) as archive:
            schema = json.loads(archive.read("schema.json"))
        untrusted = skops_io.get_untrusted_types(data=written)
    except (zipfile.BadZipFile, KeyError, ValueError) as broken:
        raise ModelFileError("The model file is no skops archive. It is not used.") from broken
    return sorted((_named_types(schema) - WRITTEN_TYPES) | set(untrusted))


def _named_types(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_named_types, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    named = set().union(*map(_named_types, node.values())) if node else set()
    if "__class__" in node:
        named.add(f"{node.get('__module__')}.{node['__class__']}")
    return named


def _unpacked(written: bytes) -> dict[str, Any]:
    from skops import io as skops_io

    content = skops_io.loads(written, trusted=[])
    unpacked = _with_arrays(json.loads(content["layout"]), content["arrays"])
    if not isinstance(unpacked, dict):
        raise ModelFileError("The model file does not hold a model. It is not used.")
    return unpacked
