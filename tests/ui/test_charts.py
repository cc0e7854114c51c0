"""Bars and step charts: what they draw, and what they say to screen readers."""

import re

from ui import charts
from ui.charts import Part, Span, StepChart, Tick
from ui.icons import icon


def steps(*spans: Span) -> str:
    return charts.step_chart(
        StepChart(
            key="c",
            title="Items <by> state",
            description="From 1 to 2",
            bands=("ticked", "half", "empty"),
            top=4,
            spans=spans,
            months=[Tick(50, "Apr")],
            posts=[Tick(100, "End")],
        )
    )


def test_bar_leaves_out_what_is_none_and_leads_to_the_rest() -> None:
    parts = [Part("empty", 4, "No action: 4", "?a=1&b=2"), Part("ticked", 0, "Completed: 0", "?c")]
    drawn = charts.bar(parts, label="Four")
    assert drawn.count("<rect") == 1
    assert 'href="?a=1&amp;b=2" aria-label="No action: 4"' in drawn
    assert 'role="group" aria-label="Four"' in drawn


def test_bar_keeps_narrow_parts_readable_and_fills_its_width() -> None:
    drawn = charts.bar([Part("empty", 99, "a"), Part("ticked", 1, "b")], label="x")
    widths = [float(width) for width in re.findall(r'width="([\d.]+)%"', drawn)]
    assert widths[1] >= 16 and abs(sum(widths) - 100) < 0.1


def test_bar_draws_the_sign_of_each_state_however_few_it_counts() -> None:
    counts = (("empty", 40), ("half", 59), ("ticked", 1))
    drawn = charts.bar([Part(state, count, "a") for state, count in counts], label="x")
    assert all(icon(state) in drawn for state, _count in counts)


def test_bar_of_nothing_is_empty_and_steps_show_the_axis_alone() -> None:
    assert "<rect" not in charts.bar([Part("empty", 0, "a")], label="x")
    assert "url(#" not in steps() and "Apr" in steps()


def test_steps_join_stretches_of_one_height() -> None:
    drawn = steps(Span(0, 10, (0, 0, 4)), Span(10, 10, (0, 1, 3)), Span(20, 10, (0, 1, 3)))
    boxes = re.findall(r'fill="url\(#c-(\w+)\)" x="([\d.]+)%" y="([\d.]+)" width="([\d.]+)%"', drawn)
    assert boxes == [
        ("half", "10.00", "99.0", "20.00"),
        ("empty", "0.00", "0.0", "10.00"),
        ("empty", "10.00", "0.0", "20.00"),
    ]
    assert drawn.count("chart__edge chart__band--danger") == 1


def test_steps_speak_and_name_their_newest_numbers() -> None:
    drawn = steps(Span(0, 10, (1, 0, 3)))
    assert '<title id="c-title">Items &lt;by&gt; state</title>' in drawn
    assert 'aria-labelledby="c-title c-words"' in drawn
    assert re.findall(r'class="chart__number"[^>]*>(\d+)<', drawn) == ["1", "3"]
    assert "style=" not in drawn
