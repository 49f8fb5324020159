"""One YAML file of a model: what stands in it, which keys stand twice, and on which line a field is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import yaml

from analytics.semantic.faults import Complaint

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOOL, _TIMESTAMP = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"


class _Loader(_Base):
    """YAML in which only true and false are booleans (a join's `on` and a Norwegian `no` are words), and dates text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in (_BOOL, _TIMESTAMP)]
        for first, resolvers in _Base.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.twice: list[tuple[str, int, int]] = []  # key, line of the first, line of the other

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.value != "<<"]
        if len({key.value for key in keys}) < len(keys):
            lines: dict[str, int] = {}
            for key in keys:
                line = key.start_mark.line + 1
                if key.value in lines:
                    self.twice.append((key.value, lines[key.value], line))
                lines.setdefault(key.value, line)
        return super().construct_mapping(node, deep=deep)


_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))


def load(path: Path, starts_with: str, complaints: list[Complaint]) -> dict[Any, Any] | None:
    """The fields of a file that should start with `starts_with`; None where there are none to go on with."""
    try:
        loader = _Loader(_text(path))
        given = loader.get_single_data()
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        complaints.append(Complaint(path, mark.line + 1 if mark is not None else 1, f"this is no YAML: {problem}"))
        return None
    except UnicodeDecodeError:
        complaints.append(Complaint(path, 1, "the file is not UTF-8; save it as UTF-8"))
        return None
    except OSError as error:
        complaints.append(Complaint(path, 1, f"the file cannot be read: {error.strerror}"))
        return None
    if not isinstance(given, dict):
        complaints.append(Complaint(path, 1, f"the file is empty or no mapping; it starts with `{starts_with}:`"))
        return None
    for key, first, line in loader.twice:
        also = "in this line" if first == line else f"in line {first}"
        complaints.append(Complaint(path, line, f"{key} stands twice, also {also}; keep one of them"))
    return given


def line_of(path: Path, place: tuple[Any, ...]) -> int:
    """The line of a file where the nearest part of `place` (keys and list indexes) stands."""
    node = yaml.compose(_text(path), Loader=_Loader)
    line = 1
    for step in place:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = (node.value[step], node.value[step])
        if found is None:
            continue
        line, node = found[0].start_mark.line + 1, found[1]
    return line


def _text(path: Path) -> str:
    return path.read_text("utf-8-sig")
