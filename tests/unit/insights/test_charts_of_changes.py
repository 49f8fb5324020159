"""Pictures of changes, funnels, heat maps and forecasts: bars where they belong, nothing unknown drawn as zero."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from analytics.insights.charts import (
    Bar,
    Chart,
    HeatCell,
    HeatChart,
    NothingToDraw,
    Point,
    Stage,
    StagesChart,
    Step,
    Target,
    TrendChart,
    WaterfallChart,
    render_png,
)
from analytics.insights.pictures import fonts
from analytics.insights.pictures.canvas import text_width, wrapped
from analytics.insights.pictures.picture import drawn
from analytics.insights.pictures.shades import Shades, is_dark
from analytics.insights.pictures.waterfall import domain
from analytics.vocabulary import Unit

PNG = b"\x89PNG"


def svg(chart: Chart) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(drawn(chart, fonts.LATIN)))


def written(chart: Chart) -> dict[str, tuple[float, float]]:
    found = re.findall(r'transform="translate\(([-\d.]+),([-\d.]+)\)"[^>]*>([^<]+)</text>', svg(chart))
    return {text: (float(x), float(y)) for x, y, text in found}


def bars(chart: Chart) -> list[tuple[str, float, float]]:
    """Colour, left edge and width of each bar, from top to bottom."""
    found = re.findall(r'aria-roledescription="bar"[^>]* d="([^"]*)"[^>]* fill="([^"]*)"', svg(chart))
    spans = []
    for path, colour in found:
        xs = [float(x) for x in re.findall(r"(?:[ML]|\d[ ,])(-?[\d.]+),", path)] or [0.0]
        spans.append((colour, min(xs), max(xs) - min(xs)))
    return spans


def change(before: float, *steps: float, unexplained: float = 0.0) -> WaterfallChart:
    named = [Step(f"team {number}", value, f"{value:+g}") for number, value in enumerate(steps, start=1)]
    named.append(Step("unexplained", unexplained, f"{unexplained:+g}", unexplained=True))
    after = before + sum(steps) + unexplained
    return WaterfallChart(
        "Revenue", Unit.MONEY, Bar("Oct", before, f"{before:g}"), tuple(named), Bar("Nov", after, f"{after:g}"), "why"
    )


def test_each_step_of_a_change_starts_where_the_one_before_ended() -> None:
    at = written(change(100, -40, 20))
    assert list(change(100, -40, 20).levels) == [100, 60, 80, 80]
    assert at["100"][0] > at["80"][0] == pytest.approx(at["+20"][0])
    assert at["-40"][0] == pytest.approx(at["100"][0])
    assert at["Oct"][1] < at["team 1"][1] < at["team 2"][1] < at["unexplained"][1] < at["Nov"][1]


def test_gains_losses_and_the_unexplained_have_colours_of_their_own() -> None:
    colours = [colour for colour, *_ in bars(change(100, -40, 20, unexplained=5))]
    assert len(colours) == 5
    assert colours[0] == colours[-1]
    assert len(set(colours)) == 4


def test_a_small_change_of_a_large_value_is_still_seen() -> None:
    low, high = domain((4.55e6, 4.35e6, 4.12e6))
    assert 0 < low < 4.12e6
    assert high == 4.55e6
    assert domain((100.0, 40.0))[0] == 0
    assert domain((100.0, -40.0)) == (-40.0, 100.0)
    assert domain((0.0, 0.0)) == (0.0, 1.0)


def test_bars_that_do_not_start_at_zero_show_a_cut() -> None:
    cuts = r'aria-roledescription="line mark"'
    assert len(re.findall(cuts, svg(change(100, -2, 1)))) == 4
    assert re.findall(cuts, svg(change(100, -60, 1))) == []


def test_a_change_from_an_unknown_value_is_no_picture() -> None:
    unknown = replace(change(100, 5), before=Bar("Oct", None, "no data"))
    with pytest.raises(NothingToDraw):
        render_png(unknown)


def funnel(*entered: float | None) -> StagesChart:
    stages = tuple(
        Stage(f"stage {place}", value, f"{value}", "" if place == len(entered) else f"{place} lost")
        for place, value in enumerate(entered, start=1)
    )
    return StagesChart("Funnel", Unit.COUNT, stages, "funnel")


def test_a_funnel_tells_between_two_stages_who_was_lost() -> None:
    at = written(funnel(100, 60, 30))
    assert at["stage 1"][1] < at["↓ 1 lost"][1] < at["stage 2"][1] < at["↓ 2 lost"][1] < at["stage 3"][1]
    assert at["100"][0] > at["60"][0] > at["30"][0]


def test_a_stage_nobody_counted_has_no_bar_and_one_nobody_reached_has_none_either() -> None:
    assert len(bars(funnel(100, 60, 30))) == 3
    assert len(bars(funnel(100, None, 30))) == 2
    assert written(funnel(100, None, 0))["None"][0] == pytest.approx(written(funnel(100, None, 0))["0"][0])


def heat(*rows: tuple[float | None, ...], **more: Any) -> HeatChart:
    named = tuple(
        (f"row {number}", tuple(HeatCell(value, "none" if value is None else f"{value:g}") for value in row))
        for number, row in enumerate(rows, start=1)
    )
    columns = tuple(f"c{place}" for place in range(len(rows[0])))
    return HeatChart("Cost per lead", Unit.COUNT, columns, named, "heat", unknown="no data", **more)


def cells(chart: HeatChart) -> list[str]:
    """The colours of the cells, row by row."""
    found = re.findall(r'aria-roledescription="rect mark"[^>]* fill="([^"]*)"', svg(chart))
    return found[: len(chart.rows) * len(chart.columns)]


def lightness(colour: str) -> int:
    return sum(int(part) for part in re.findall(r"\d+", colour)) if "(" in colour else int(colour[1:3], 16)


def test_larger_values_are_darker() -> None:
    shades = [lightness(colour) for colour in cells(heat((1, 2), (3, 4)))]
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == 4


def test_a_cell_without_data_has_a_colour_no_value_has_and_is_explained() -> None:
    chart = heat((0, None), (3, 4))
    colours = cells(chart)
    assert colours.count(colours[1]) == 1
    assert "no data" in written(chart)
    assert "no data" not in written(heat((0, 1), (3, 4)))


def test_columns_of_different_kpis_are_compared_within_themselves() -> None:
    apart = cells(heat((1, 1000), (2, 2000), scale="column"))
    assert apart[0] == apart[1] != apart[2] == apart[3]
    together = cells(heat((1, 1000), (2, 2000)))
    assert together[0] != together[1]


def test_losses_and_gains_are_two_colours_and_zero_lies_between() -> None:
    shades = Shades.between((-10.0, 4.0))
    red = {value: int(shades.of(value)[1:3], 16) - int(shades.of(value)[5:7], 16) for value in (-10, -1, 1, 4)}
    assert red[-10] > 0 < red[-1]
    assert red[4] < 0 > red[1]
    assert is_dark(shades.of(-10))
    assert not is_dark(shades.of(1))


def test_equal_values_are_one_colour() -> None:
    assert len(set(cells(heat((3, 3), (3, 3))))) == 1


def test_values_that_do_not_fit_their_cells_are_left_to_the_colours() -> None:
    wide = heat(tuple(float(1000 + day) for day in range(31)))
    assert "1015" not in written(wide)
    assert {"1000", "1030"} <= set(written(wide))
    assert "1015" in written(heat((1015.0, 3.0)))


def test_long_column_names_stand_over_several_lines_within_their_column() -> None:
    lines = wrapped("Proposal to negotiation drop-off rate of the team", 90, 14, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(text_width(line, 14) <= 90 for line in lines)
    assert "".join(wrapped("方案到谈判的流失率", 70, 14, 3)) == "方案到谈判的流失率"


def weeks(*values: float | None, expected: int = 0) -> tuple[Point, ...]:
    first = date(2026, 8, 3)
    points = []
    for place, value in enumerate(values):
        foreseen = place >= len(values) - expected and value is not None
        bounds = {"expected": True, "low": value - 1, "high": value + 2} if foreseen and value is not None else {}
        points.append(Point(f"W{place}", first + timedelta(7 * place), value, **bounds))  # type: ignore[arg-type]
    return tuple(points)


def forecast(*values: float | None, expected: int, **more: Any) -> TrendChart:
    return TrendChart("Revenue", Unit.MONEY, weeks(*values, expected=expected), "trend", **more)


def test_what_is_expected_is_dashed_within_a_band() -> None:
    picture = svg(forecast(3, 4, 5, 6, expected=2, last_label="6", expected_name="Expected", actual_label="4"))
    assert picture.count("stroke-dasharray") > svg(forecast(3, 4, 5, 6, expected=0)).count("stroke-dasharray")
    assert picture.count('aria-roledescription="area mark"') == 1
    assert 'aria-roledescription="area mark"' not in svg(forecast(3, 4, 5, 6, expected=0))


def test_the_last_actual_value_and_the_expected_one_are_both_named() -> None:
    at = written(forecast(3, 4, 5, 8, expected=1, last_label="eight", expected_name="Expected", actual_label="five"))
    assert at["five"][0] == pytest.approx(at["W2"][0])
    assert at["eight"][0] > at["W3"][0]
    assert at["Expected"][1] > at["eight"][1]


def test_the_axis_holds_the_whole_interval() -> None:
    chart = forecast(3, 4, 5, 8, expected=1)
    assert max(chart.values) == 10
    assert min(chart.values) == 3


def test_one_expected_value_alone_shows_its_interval() -> None:
    assert render_png(forecast(8, expected=1, last_label="8", expected_name="Expected")).startswith(PNG)


def test_the_last_actual_value_is_not_written_across_the_target() -> None:
    chart = forecast(3, 4, 5, 4.5, expected=1, actual_label="five", target=Target(5.4, "target"))
    at = written(chart)
    assert at["five"][1] > at["target"][1] + 20


def test_what_happened_after_a_forecast_is_refused() -> None:
    first, second = weeks(3, 4)
    with pytest.raises(ValueError, match="end of a trend"):
        TrendChart("Revenue", Unit.MONEY, (replace(first, expected=True), second), "trend")


@pytest.mark.parametrize(
    "chart",
    [
        change(1e12, -4e11, 2e11),
        change(-5, -3),
        change(0.0001, 0.00002),
        change(10, *([0.5] * 40)),
        funnel(0, 0),
        heat((None, -3.0), (None, None)),
        heat(*(tuple(float(n) for n in range(31)) for _ in range(40))),
    ],
    ids=["huge", "negative", "tiny", "forty steps", "nobody", "mostly unknown", "a month of forty teams"],
)
def test_extreme_values_are_drawn(chart: Chart) -> None:
    assert render_png(chart, 1).startswith(PNG)
