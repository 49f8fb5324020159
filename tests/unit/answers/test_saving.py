"""The command line writes answers into files, and the KPI summary is one command away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from kpi_answers import months, said
from selling_company import PLAIN, fill
from typer.testing import CliRunner

from analytics.semantic import read_model
from analytics.vocabulary import Figure, Grain, Period, Unit
from analytics.warehouse import Warehouse
from assistant import asking, cli, digesting
from assistant.asking import Asking, ask_once
from assistant.desk import Desk
from assistant.digesting import RHYTHMS, digest
from assistant.question import Language, Question
from assistant.result import Trend, TrendPoint, Worded
from assistant.settings import Settings

OCTOBER = "revenue by region in October 2026"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('saving')}/warehouse.duckdb")
    fill(warehouse, PLAIN)
    yield Desk(warehouse, read_model(), today=date(2026, 11, 23))
    warehouse.close()


@pytest.fixture
def at_the_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for module in (asking, digesting):
        monkeypatch.setattr(module, "build_desk", lambda _settings: desk)
    return desk


def run(*words: str) -> Any:
    return CliRunner().invoke(cli.app, list(words))


@pytest.mark.usefixtures("at_the_desk")
@pytest.mark.parametrize(("ending", "start"), [("csv", b"\xef\xbb\xbfKPI"), ("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_an_answer_is_written_into_the_file_its_name_asks_for(
    ending: str, start: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"october.{ending}"
    code = ask_once(Settings(), Asking(as_="exec:P8"), OCTOBER, json_wanted=False, save=file)
    assert code == 0
    assert file.read_bytes().startswith(start)
    assert f"Written to {file}." in capsys.readouterr().err


@pytest.mark.usefixtures("at_the_desk")
def test_what_has_no_figures_is_not_written_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "help.pdf"
    assert ask_once(Settings(), Asking(as_="exec:P8"), "help", json_wanted=False, save=file) == 0
    assert not file.exists()
    assert "has no figures" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ask", "x", "--save", "answer.docx"), "must end in .csv, .pdf or .png"),
        (("ask", "-", "--save", "answer.pdf"), "one question, not to many"),
        (("ask", "x", "--save", "/nowhere/answer.pdf"), "its folder must exist"),
        (("digest", "--pdf", "week.csv"), "must end in .pdf"),
        (("digest", "--period", "decade"), "choose day, week, month, quarter, year"),
        (("digest", "--lang", "fr"), "no language here"),
    ],
)
def test_files_and_periods_are_checked_before_anything_is_asked(words: tuple[str, ...], sentence: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert sentence in done.output


@pytest.mark.parametrize("rhythm", RHYTHMS)
@pytest.mark.parametrize("lang", [None, "zh-Hans", "zh-Hant"])
def test_a_digest_is_the_summary_of_that_rhythm_in_the_language_wanted(
    rhythm: str, lang: str | None, at_the_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Question] = []
    answer = at_the_desk.answer

    def hear(question: Question) -> Any:
        heard.append(question)
        return answer(question)

    monkeypatch.setattr(at_the_desk, "answer", hear)
    monkeypatch.setattr(digesting, "show", lambda shown, _json: heard.append(shown))
    assert digest(Settings(), Asking(as_="exec:P8", lang=lang), rhythm, [], json_wanted=False) == 0
    _, shown = heard
    assert shown.plan["kind"] == "summary"  # type: ignore[attr-defined]
    assert shown.plan["rhythm"] == rhythm  # type: ignore[attr-defined]
    assert shown.language == (lang or "en")


def trend(*starts: date, grain: Grain, days: int) -> Trend:
    points = []
    for start in starts:
        end = (
            date.fromordinal(start.toordinal() + days)
            if days
            else date(start.year + start.month // 12, start.month % 12 + 1, 1)
        )
        period = Period(start, end, grain=grain)
        label = Worded("period", {"period": period, "unfinished": False, "up_to": False})
        points.append(TrendPoint(label, start, Figure("revenue", 5, Unit.COUNT, period)))
    like = months(1, 2)
    return Trend(like.title, like.name, like.alt, tuple(points))


def ticks(given: Trend, language: Language = Language.EN) -> list[str]:
    (chart,) = said(given, language=language).charts
    return [point.on_axis for point in chart.points]  # type: ignore[union-attr]


def test_an_axis_names_weeks_by_their_first_day_and_months_without_repeating_the_year() -> None:
    weeks = trend(date(2026, 11, 9), date(2026, 11, 16), grain=Grain.WEEK, days=7)
    assert ticks(weeks) == ["9 Nov", "16 Nov"]
    assert ticks(weeks, Language.ZH_HANS) == ["11月9日", "11月16日"]
    turn = trend(date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), grain=Grain.MONTH, days=0)
    assert ticks(turn) == ["Dec 2025", "Jan 2026", "Feb"]
    assert ticks(turn, Language.ZH_HANT) == ["2025年12月", "2026年1月", "2月"]


def test_over_more_than_a_year_every_month_has_its_year() -> None:
    long = trend(*(date(2025 + month // 12, month % 12 + 1, 1) for month in range(15)), grain=Grain.MONTH, days=0)
    assert len(set(ticks(long))) == 15
    assert ticks(long)[1] == "Feb 2025"
