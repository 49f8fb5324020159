"""Templates: the same kinds in both languages, no digit of their own, data only ever marked."""

from __future__ import annotations

import re

import pytest

from prompts.marks import Origin, Quoted, Traced, clean, mark, spans, unmark, untraced_digits
from prompts.renderer import ANSWERS, MissingTemplate, render

TEMPLATES = sorted(path.relative_to(ANSWERS) for path in ANSWERS.rglob("*.md.j2"))
_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_STATEMENT = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


def test_every_kind_is_worded_in_both_languages() -> None:
    english, chinese = ({path.name for path in TEMPLATES if path.parts[0] == folder} for folder in ("en", "zh"))
    assert english == chinese
    assert english


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_no_template_holds_a_digit_or_computes(path: object) -> None:
    source = _COMMENT.sub("", (ANSWERS / str(path)).read_text("utf-8"))
    code = " ".join(_STATEMENT.findall(source))
    assert not re.search(r"\d", _STATEMENT.sub("", source))
    assert not re.search(r"[-+*/%~](?![%}-])", re.sub(r"\"[^\"]*\"|'[^']*'|{%-?|-?%}|{{-?|-?}}", "", code))
    assert not re.search(r"\|\s*(safe|round|int|float|sum|length|count)\b", code)


def test_a_number_printed_raw_is_caught() -> None:
    assert untraced_digits("about 5 of them") == "5"
    assert untraced_digits("约５条和½") == "５½"
    assert untraced_digits(f"{mark(Traced('5'))} of {mark(Quoted('Studio 54'))}") == ""


def test_stretches_keep_where_they_come_from() -> None:
    rendered = f"worth {mark(Traced('¥5'))} at {mark(Quoted('3M'))}."
    assert [(span.text, span.origin) for span in spans(rendered)] == [
        ("worth ", Origin.TEMPLATE), ("¥5", Origin.TRACED), (" at ", Origin.TEMPLATE), ("3M", Origin.QUOTED), (".", Origin.TEMPLATE),
    ]  # fmt: skip
    assert unmark(rendered) == "worth ¥5 at 3M."


def test_data_cannot_forge_marks_or_lines() -> None:
    assert clean("a\ue010b\ue012\n\n**c**\u202e\u200b\x00 d") == "ab **c** d"


def test_a_missing_template_is_named() -> None:
    with pytest.raises(MissingTemplate, match=r"answers/en/nothing\.md\.j2"):
        render("en", "nothing", {})
