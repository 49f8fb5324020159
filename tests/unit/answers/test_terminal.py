"""A KPI answer on a terminal and in a pipe: no fence, nothing cut but names, the trend under the headline."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpi_answers import answer, months, ranking, regions
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from analytics.insights.charts import Bar, Chart, HeatCell, HeatChart, Stage, StagesChart, Step, WaterfallChart
from analytics.vocabulary import Unit
from assistant import asking, cli, terminal
from assistant.asking import Asking, ask_once
from assistant.question import Answer, Language
from assistant.settings import Settings
from assistant.terminal import show_answer
from assistant.terminal_charts import drawn_lines
from assistant.terminal_pieces import Coded, grid_of, pieces
from assistant.terminal_table import text_table

PNG = b"\x89PNG\r\n\x1a\n"


def printed(shown: Answer, monkeypatch: pytest.MonkeyPatch, *, width: int = 80, on_terminal: bool = False) -> str:
    paper = io.StringIO()
    console = Console(
        file=paper,
        width=width,
        force_terminal=on_terminal,
        color_system="standard" if on_terminal else None,
        highlight=False,
    )
    monkeypatch.setattr(terminal, "console", console)
    show_answer(shown)
    return paper.getvalue()


def test_in_a_pipe_a_table_is_plain_and_has_no_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(answer(regions()), monkeypatch)
    assert "\x1b" not in text
    assert "```" not in text
    assert "华东    ¥4,123,457\n" in text
    assert "西南       no data\n" in text


def test_on_a_terminal_a_table_has_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(answer(regions()), monkeypatch, on_terminal=True)
    assert "\x1b[1;36mRegion" in text
    assert "¥4,123,457" in text
    assert "```" not in text


@pytest.mark.parametrize("width", [20, 24, 30, 40])
def test_a_narrow_terminal_shortens_names_and_keeps_numbers(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    long = regions((("江苏省苏州市工业园区恒瑞汽车零部件有限公司", 4_123_457), ("North", 0)))
    text = printed(answer(long), monkeypatch, width=width, on_terminal=True)
    code = [line for line in text.splitlines() if "¥" in line and "revenue" not in line]
    assert "¥4,123,457" in text
    assert code
    assert all(cell_len(line) <= width for line in code)


def test_a_trend_is_a_line_under_the_headline(monkeypatch: pytest.MonkeyPatch) -> None:
    headline, trend, *_ = printed(answer(months(1, None, 6), regions()), monkeypatch).splitlines()
    assert headline.startswith("The figures of this answer")
    assert trend == "M1 ▁ ▇ M3"


def test_bars_need_no_line_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "▇" not in printed(answer(ranking()), monkeypatch)


def drawn(chart: Chart, width: int = 60) -> list[str]:
    return [line.plain for line in drawn_lines(chart, width)]


def test_a_change_is_drawn_step_by_step() -> None:
    steps = (Step("苏州二队", -40, "−¥40"), Step("unexplained", 10, "+¥10", unexplained=True))
    ends = Bar("Oct", 100, "¥100"), Bar("Nov", 70, "¥70")
    lines = drawn(WaterfallChart("Revenue", Unit.MONEY, ends[0], steps, ends[1], "why"))
    bars = [(line.index("█"), line.count("█")) for line in lines]
    ends_at = [start + long for start, long in bars]
    assert bars[0][0] < bars[1][0] < bars[2][0]
    assert ends_at[1] + cell_len("苏州二队") - len("苏州二队") == ends_at[0]
    assert ends_at[2] == ends_at[3]
    assert [line.split()[-1] for line in lines] == ["¥100", "−¥40", "+¥10", "¥70"]


def test_a_funnel_is_drawn_with_who_was_lost() -> None:
    stages = (Stage("Leads", 100, "100", "75% lost"), Stage("Won", 25, "25"), Stage("Paid", None, "no data"))
    leads, lost, won, paid = drawn(StagesChart("Funnel", Unit.COUNT, stages, "funnel"))
    assert leads.count("█") == pytest.approx(4 * won.count("█"), abs=2)
    assert lost.strip() == "↓ 75% lost"
    assert "█" not in paid
    assert paid.endswith("no data")


def test_a_heat_map_tells_no_data_from_little() -> None:
    rows = (("Mon", (HeatCell(0, "0"), HeatCell(9, "9"))), ("Tue", (HeatCell(None, "no data"), HeatCell(5, "5"))))
    chart = HeatChart("Calls", Unit.COUNT, ("9h", "10h"), rows, "heat")
    assert drawn(chart) == ["    9h  10h", "Mon ░░░ ███", "Tue ··· ▓▓▓"]
    assert drawn(chart, width=8) == []


def test_bars_without_room_leave_the_values() -> None:
    stages = (Stage("Leads", 100, "100"), Stage("Won", 25, "25"))
    assert drawn(StagesChart("Funnel", Unit.COUNT, stages, "funnel"), width=12) == ["Leads 100", "Won   25"]


def test_of_a_long_trend_the_end_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    trend = printed(answer(months(*range(1, 13))), monkeypatch, width=14).splitlines()[1]
    assert cell_len(trend) <= 14
    assert trend.startswith("M7 ▁")
    assert trend.endswith("▇ M12")


def test_a_fence_that_is_never_closed_is_a_line() -> None:
    assert list(pieces("a\n```\nb\n```\nc\n```")) == ["a", Coded(("b",)), "c", "```"]


WORDS = st.text(st.characters(categories=("L", "N", "P", "Zs"), include_characters="华东¥▁─"), min_size=1, max_size=12)


@given(
    st.integers(1, 4).flatmap(
        lambda columns: st.tuples(
            st.lists(st.sampled_from(["left", "right"]), min_size=columns, max_size=columns),
            st.lists(st.lists(WORDS, min_size=columns, max_size=columns), min_size=2, max_size=6),
        )
    )
)
def test_a_table_read_back_is_the_table_that_was_written(given_table: tuple[list[str], list[list[str]]]) -> None:
    aligns, (headers, *rows) = given_table
    lines = text_table(headers, rows, aligns, 100).splitlines()  # type: ignore[arg-type]
    grid = grid_of(lines)
    if grid is not None:  # else it is shown as it stands
        assert text_table(grid.headers, grid.rows, grid.aligns, 100).splitlines() == lines


def test_numbers_of_a_table_read_back_stay_whole() -> None:
    lines = text_table(("团队", "签单额"), [("苏州二队", "¥412万"), ("Hangzhou", "¥1,286万")], ("left", "right"), 60)
    grid = grid_of(lines.splitlines())
    assert grid is not None
    assert grid.headers == ("团队", "签单额")
    assert grid.aligns == ("left", "right")
    assert grid.rows == (("苏州二队", "¥412万"), ("Hangzhou", "¥1,286万"))


class OneAnswer:
    """A desk that always says the same."""

    conversations = None

    def __init__(self, shown: Answer) -> None:
        self._shown = shown

    def clock(self, *_given: object) -> None:
        return None

    def answer(self, _question: object) -> Answer:
        return self._shown


def ask(shown: Answer, chart: Path, monkeypatch: pytest.MonkeyPatch, *, json_wanted: bool = False) -> int:
    monkeypatch.setattr(asking, "build_desk", lambda _settings: OneAnswer(shown))
    return ask_once(Settings(), Asking(), "revenue by month", json_wanted=json_wanted, chart=chart)


@pytest.mark.parametrize("language", [Language.EN, Language.ZH_HANS])
def test_a_chart_is_written_as_a_picture(
    language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = tmp_path / "revenue.png"
    assert ask(answer(months(1, 2), ranking(), language=language), chart, monkeypatch, json_wanted=True) == 0
    assert chart.read_bytes().startswith(PNG)
    out, err = capsys.readouterr()
    assert out.startswith("{")
    assert f"Chart written to {chart}." in err


def test_an_answer_without_a_chart_says_so_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = tmp_path / "revenue.png"
    assert ask(answer(regions()), chart, monkeypatch) == 0
    assert not chart.exists()
    assert "This answer has no chart" in capsys.readouterr().err


def test_a_chart_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(answer(months(1, 2)), tmp_path / "gone" / "revenue.png", monkeypatch) == 2
    assert "cannot be written: No such file or directory." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("revenue", "--chart", "/nowhere/revenue.png"), "its folder must exist"),
        (("revenue", "--chart", "revenue.pdf"), "must end in .png"),
        (("-", "--chart", "revenue.png"), "one question"),
    ],
)
def test_a_chart_s_path_is_checked_before_the_question(words: tuple[str, ...], sentence: str) -> None:
    run = CliRunner().invoke(cli.app, ["ask", *words])
    assert run.exit_code == 2
    assert sentence in run.output


def test_the_doctor_names_the_font_for_chinese_and_does_not_fail_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from analytics.insights.pictures import fonts
    from assistant.doctor import _fonts

    monkeypatch.setattr(fonts, "cjk_font", lambda: "Noto Sans CJK SC")
    assert (_fonts(Settings()).state, "Noto Sans CJK SC" in _fonts(Settings()).note) == ("ok", True)
    monkeypatch.setattr(fonts, "cjk_font", lambda: None)
    assert _fonts(Settings()).state == "off"
    assert _fonts(Settings()).note == "Chinese in charts needs a font: apt-get install fonts-noto-cjk"
