"""Pictures of KPIs: what is unknown stays a gap, what is written can be read, in English and in Chinese."""

from __future__ import annotations

import logging
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from analytics.insights.charts import Bar, BarChart, NothingToDraw, NumberStyle, Point, Target, TrendChart, render_png
from analytics.insights.pictures import fonts
from analytics.insights.pictures.axis import value_axis
from analytics.insights.pictures.fonts import cjk_font
from analytics.insights.pictures.picture import drawn
from analytics.vocabulary import Unit

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def months(*values: float | None, year: int = 2026) -> tuple[Point, ...]:
    return tuple(
        Point(name, date(year, number, 1), value)
        for number, (name, value) in enumerate(zip(MONTHS, values, strict=False), start=1)
    )


def revenue(*values: float | None, **more: Any) -> TrendChart:
    return TrendChart("Revenue", Unit.MONEY, months(*values), "revenue by month", currency_symbol="¥", **more)


def roi(*bars: tuple[str, float | None, str], **more: Any) -> BarChart:
    return BarChart("Marketing ROI", Unit.RATIO, tuple(Bar(*bar) for bar in bars), "ROI by channel", **more)


def svg(chart: TrendChart | BarChart) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(drawn(chart, fonts.LATIN)))


def lines(chart: TrendChart) -> list[str]:
    """The path of each line, the one of the period before first."""
    return re.findall(r'aria-roledescription="line mark"[^>]* d="([^"]*)"', svg(chart))


def written(chart: TrendChart | BarChart) -> dict[str, tuple[float, float]]:
    """Every text of the picture and where it stands."""
    found = re.findall(r'transform="translate\(([-\d.]+),([-\d.]+)\)"[^>]*>([^<]+)</text>', svg(chart))
    return {text: (float(x), float(y)) for x, y, text in found}


def pixels(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_a_trend_is_a_picture_that_a_phone_shows_well() -> None:
    assert pixels(render_png(revenue(3e6, 4e6, 5e6))) == (1200, 600)


def test_a_month_without_data_is_a_gap_and_not_zero() -> None:
    (whole,) = lines(revenue(3e6, 4e6, 0, 5e6, 6e6))
    (broken,) = lines(revenue(3e6, 4e6, None, 5e6, 6e6))
    assert whole.count("M") == 1
    assert broken.count("M") == 2
    assert broken.count("L") == 2


def test_not_a_number_is_a_gap_too() -> None:
    assert lines(revenue(3e6, 4e6, float("nan"), 5e6, 6e6))[0].count("M") == 2


def test_a_month_between_two_gaps_is_seen() -> None:
    points = svg(revenue(3e6, None, 4e6, None, 5e6, 6e6)).count('aria-roledescription="point"')
    assert points == svg(revenue(3e6, 4e6, 4e6, 4e6, 5e6, 6e6)).count('aria-roledescription="point"') + 2


def test_the_last_value_is_written_beside_its_end() -> None:
    high, low = (written(revenue(3e6, 4e6, last, last_label="as of March")) for last in (6e6, 1e6))
    assert high["as of March"][0] > high["Mar"][0]
    assert high["as of March"][1] < low["as of March"][1]


def test_a_last_value_before_a_gap_is_written_at_its_own_month() -> None:
    at = written(revenue(3e6, 4e6, 3e6, None, last_label="¥3M in March"))
    assert at["¥3M in March"][0] == pytest.approx(at["Mar"][0])


def test_an_unfinished_month_is_reached_by_a_dashed_line() -> None:
    *closed, last = months(3e6, 4e6, 1e6)
    chart = replace(revenue(1.0), points=(*closed, replace(last, unfinished=True)))
    assert len(lines(chart)) == len(lines(revenue(3e6, 4e6, 1e6))) + 1


def test_the_year_before_lies_under_this_one_month_by_month() -> None:
    before, own = lines(revenue(3e6, 4e6, previous=months(3e6, 4e6, 9e6, year=2025), previous_name="last year"))
    assert before == own


def test_names_at_close_ends_do_not_touch() -> None:
    chart = revenue(4e6, 4.1e6, last_label="¥4.1M", name="this year", previous=months(4e6, 4.09e6, year=2025))
    at = written(replace(chart, previous_name="last year", target=Target(4.1e6, "target ¥4.1M")))
    heights = sorted(at[name][1] for name in ("¥4.1M", "this year", "last year", "target ¥4.1M"))
    assert all(lower - upper >= 16 for upper, lower in pairwise(heights))
    assert heights[-1] < 290


def test_the_target_is_in_the_picture_even_far_above_the_line() -> None:
    at = written(revenue(1e6, 1.2e6, target=Target(9e6, "target ¥9M")))
    assert "¥10.0M" in at
    assert 0 < at["target ¥9M"][1] < 100


def test_long_trends_name_some_periods_and_always_the_last() -> None:
    days = tuple(Point(f"{day} Nov", date(2026, 11, day), 20.0 + day) for day in range(1, 31))
    at = written(TrendChart("Leads", Unit.COUNT, days, "leads by day"))
    named = [at[point.label][0] for point in days if point.label in at]
    assert "30 Nov" in at
    assert 4 <= len(named) <= 10
    assert all(later - earlier > 50 for earlier, later in pairwise(named))


def test_one_period_is_drawn_as_a_dot() -> None:
    assert pixels(render_png(revenue(3e6))) == (1200, 600)


@pytest.mark.parametrize(
    ("values", "unit", "style", "labels"),
    [
        ((0, 5.2e6), Unit.MONEY, "en", ("0", "¥2M", "¥4M", "¥6M")),
        ((0, 5.2e6), Unit.MONEY, "zh", ("0", "¥200万", "¥400万", "¥600万")),
        ((0, 5.2e6), Unit.MONEY, "zh-Hant", ("0", "¥200萬", "¥400萬", "¥600萬")),
        ((0, 3.6e8), Unit.MONEY, "zh", ("0", "¥1亿", "¥2亿", "¥3亿", "¥4亿")),
        ((0, 36_000), Unit.MONEY, "en", ("0", "¥10K", "¥20K", "¥30K", "¥40K")),
        ((0, 7_800), Unit.MONEY, "zh", ("0", "¥2,000", "¥4,000", "¥6,000", "¥8,000")),
        ((-3e5, 6e5), Unit.MONEY, "zh", ("−¥50万", "−¥25万", "0", "¥25万", "¥50万", "¥75万")),
        ((0.02, 0.31), Unit.SHARE, "en", ("0%", "10%", "20%", "30%", "40%")),
        ((0.001, 0.004), Unit.SHARE, "en", ("0%", "0.1%", "0.2%", "0.3%", "0.4%")),
        ((3.9, 4.5), Unit.RATIO, "en", ("3.8", "4.0", "4.2", "4.4", "4.6")),
        ((1, 2), Unit.COUNT, "en", ("0", "1", "2")),
        ((0, 0), Unit.COUNT, "en", ("0", "1")),
        ((0, 12), Unit.DAYS, "zh", ("0", "5", "10", "15")),
    ],
)
def test_axes_are_round_and_short_in_each_unit(
    values: tuple[float, float], unit: Unit, style: NumberStyle, labels: tuple[str, ...]
) -> None:
    axis = value_axis(values, unit, "¥", style)
    assert axis.labels == labels
    assert axis.bounds[0] <= values[0]
    assert values[1] <= axis.bounds[1] + 1e-9


def test_bars_stand_in_the_order_given_with_their_values() -> None:
    at = written(roi(("Partner", 6.2, "6.20"), ("Search", 3.9, "3.90"), ("Fairs", 1.1, "1.10")))
    assert at["Partner"][1] < at["Search"][1] < at["Fairs"][1]
    assert at["6.20"][0] > at["3.90"][0] > at["1.10"][0]
    assert at["Search"][1] == at["3.90"][1]


def test_a_channel_without_data_has_a_name_and_no_bar() -> None:
    picture = svg(roi(("Partner", 6.2, "6.20"), ("Organic", None, "no data"), ("Fairs", 0.0, "0.00")))
    assert picture.count('aria-roledescription="bar"') == 2
    assert "no data" in picture


def test_what_pulled_down_goes_left_and_what_pulled_up_goes_right() -> None:
    at = written(roi(("Team 2", -31.0, "−31"), ("Team 1", 6.0, "+6"), ("Team 3", -18.0, "−18")))
    assert at["−31"][0] < at["−18"][0] < at["+6"][0]
    assert at["Team 2"][0] < at["−31"][0]


def test_many_bars_make_the_picture_higher_not_thinner() -> None:
    bars = [(f"Team {number}", float(number), str(number)) for number in range(20)]
    assert pixels(render_png(roi(*bars))) == (1200, 2 * (48 + 20 * 42 + 10))


def test_a_chart_without_a_known_value_is_not_drawn() -> None:
    for chart in (revenue(), revenue(None, None, target=Target(4e6, "target")), roi(("Fairs", None, "no data"))):
        with pytest.raises(NothingToDraw, match="no value"):
            render_png(chart)


def test_a_trend_goes_forward_in_time() -> None:
    with pytest.raises(ValueError, match="forward"):
        TrendChart("Revenue", Unit.MONEY, months(1.0, 2.0)[::-1], "alt")


CHINESE = TrendChart("签单额", Unit.MONEY, months(3e6, 4e6), "按月签单额", last_label="¥400万", number_style="zh")


@pytest.fixture
def font_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The only place where fonts are looked for."""
    monkeypatch.setattr(fonts, "_FOLDERS", (str(tmp_path),))
    fonts._installed.cache_clear()
    yield tmp_path
    fonts._installed.cache_clear()


@pytest.mark.usefixtures("font_folder")
def test_chinese_without_a_font_is_still_drawn_and_says_what_to_install(caplog: pytest.LogCaptureFixture) -> None:
    assert cjk_font() is None
    with caplog.at_level(logging.WARNING):
        assert pixels(render_png(CHINESE)) == (1200, 600)
    assert "fonts-noto-cjk" in caplog.text


@pytest.mark.usefixtures("font_folder")
def test_english_needs_no_chinese_font(caplog: pytest.LogCaptureFixture) -> None:
    render_png(revenue(3e6, 4e6))
    assert not caplog.records


def test_the_best_installed_chinese_font_is_found_in_its_folder(font_folder: Path) -> None:
    (font_folder / "deep").mkdir()
    (font_folder / "deep" / "wqy-zenhei.ttc").touch()
    assert cjk_font() == "WenQuanYi Zen Hei"
    (font_folder / "NotoSansCJK-Regular.ttc").touch()
    (font_folder / "NotoSansCJK-Readme.txt").touch()
    fonts._installed.cache_clear()
    assert cjk_font() == "Noto Sans CJK SC"


@pytest.mark.skipif(cjk_font() is None, reason="no Chinese font is installed here")
def test_each_chinese_character_has_a_shape_of_its_own() -> None:
    one, other = (render_png(replace(CHINESE, title=title)) for title in ("签单额", "赢单率"))
    assert one != other


def test_naming_a_chart_loads_no_drawing_library() -> None:
    code = "import sys, analytics.insights.charts; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"altair", "vl_convert", "pandas", "numpy"} & set(loaded.split())
