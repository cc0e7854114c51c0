"""The calendar file: what RFC 5545 demands, whatever a text holds, read back by a parser."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from reminders.calendar_file import CalendarEvent, render_calendar

MALAY = (
    "Memperkukuh penyiasatan, pendakwaan dan penghakiman; termasuk pegawai yang bersubahat, “dengan segera” 🇲🇾 "
    "serta melindungi semua mangsa di seluruh negeri tanpa mengira kewarganegaraan"
)
AT = datetime(2023, 9, 14, 2, 0, 0, 123456, tzinfo=UTC)


def occasion(**values: object) -> CalendarEvent:
    facts: dict[str, object] = {
        "uid": "update_due-31@jejak.example",
        "day": date(2023, 10, 16),
        "summary": "Syor 4 · 2023: Kemas kini seterusnya",
        "description": "Latih pegawai…\nhttps://jejak.example/assignments/31/update/",
        "url": "https://jejak.example/assignments/31/update/",
        "category": "Kemas kini seterusnya",
        "sequence": 3,
        "changed_at": AT,
        "is_cancelled": False,
    }
    return CalendarEvent(**(facts | values))


def lines_of(*occasions: CalendarEvent, name: str = "Jejak · PDRM") -> list[str]:
    """The unfolded lines."""
    text = render_calendar(occasions, name=name).decode()
    return text.replace("\r\n ", "").split("\r\n")


def test_calendar_says_what_it_is() -> None:
    lines = lines_of()
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert {
        "VERSION:2.0",
        "PRODID:-//Jejak//Jejak//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Jejak · PDRM",
        "X-WR-CALNAME:Jejak · PDRM",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    } <= set(lines)


def test_event_has_all_that_is_demanded() -> None:
    lines = lines_of(occasion())
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("BEGIN:VALARM")]
    assert event == [
        "BEGIN:VEVENT",
        "SUMMARY:Syor 4 · 2023: Kemas kini seterusnya",
        "DTSTART;VALUE=DATE:20231016",
        "DTEND;VALUE=DATE:20231017",
        "DTSTAMP:20230914T020000Z",
        "UID:update_due-31@jejak.example",
        "SEQUENCE:3",
        "CATEGORIES:Kemas kini seterusnya",
        "DESCRIPTION:Latih pegawai…\\nhttps://jejak.example/assignments/31/update/",
        "LAST-MODIFIED:20230914T020000Z",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "URL:https://jejak.example/assignments/31/update/",
    ]


def test_alarms_ring_at_nine_three_days_before_and_on_the_day() -> None:
    event = Calendar.from_ical(render_calendar([occasion()], name="Jejak")).walk("VEVENT")[0]
    start = datetime.combine(event.decoded("DTSTART"), datetime.min.time(), tzinfo=UTC)
    alarms = event.walk("VALARM")
    assert [start + alarm.decoded("TRIGGER") for alarm in alarms] == [
        datetime(2023, 10, 13, 9, tzinfo=UTC),
        datetime(2023, 10, 16, 9, tzinfo=UTC),
    ]
    assert [line for line in lines_of(occasion()) if line.startswith("TRIGGER")] == [
        "TRIGGER:-P2DT15H",
        "TRIGGER:PT9H",
    ]
    assert {str(alarm["ACTION"]) for alarm in alarms} == {"DISPLAY"}
    assert all(str(alarm["DESCRIPTION"]) == str(event["SUMMARY"]) for alarm in alarms)


def test_cancelled_event_and_one_without_words_or_a_day_after_it() -> None:
    lines = lines_of(occasion(is_cancelled=True))
    assert "STATUS:CANCELLED" in lines and "STATUS:CONFIRMED" not in lines
    assert "BEGIN:VALARM" not in lines
    assert {"DTSTART;VALUE=DATE:20231016", "UID:update_due-31@jejak.example", "SEQUENCE:3"} <= set(lines)
    lines = lines_of(occasion(description="", url=""))
    assert not [line for line in lines if line.startswith(("DESCRIPTION:\r", "URL"))]
    assert sum(line.startswith("DESCRIPTION") for line in lines) == 2, "the alarms' own"
    # Anybody of an agency may plan a step for it; without an end a day lasts that day.
    lines = lines_of(occasion(day=date.max))
    assert "DTSTART;VALUE=DATE:99991231" in lines
    assert not any(line.startswith("DTEND") for line in lines)


def test_lines_are_folded_at_75_octets_and_never_inside_a_character() -> None:
    body = render_calendar([occasion(summary=MALAY, description="🇲🇾" * 60)], name=MALAY)
    assert b"\n" not in body.replace(b"\r\n", b"") and b"\r" not in body.replace(b"\r\n", b"")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    event = Calendar.from_ical(body).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == MALAY and str(event["DESCRIPTION"]) == "🇲🇾" * 60


def test_what_people_wrote_is_escaped() -> None:
    (line,) = [
        line for line in lines_of(occasion(summary="a,b;c\\d\ne\r\nf\rg")) if line.startswith("SUMMARY")
    ]
    assert line == "SUMMARY:a\\,b\\;c\\\\d\\ne\\nf\\ng"
    planted = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:planted"
    body = render_calendar([occasion(summary=planted, category=planted, description=planted)], name=planted)
    assert len(Calendar.from_ical(body).walk("VEVENT")) == 1
    assert b"\r\nUID:planted" not in body
    event = Calendar.from_ical(render_calendar([occasion(category="Satu, dua")], name="Jejak")).walk(
        "VEVENT"
    )[0]
    assert event.categories == ["Satu, dua"]


@given(st.text(max_size=300))
@example(r"\N")
@example(r"C:\Notes\new, \\N")
def test_any_text_comes_back_but_for_control_characters(text: str) -> None:
    body = render_calendar([occasion(summary=f"|{text}|")], name="Jejak")
    event = Calendar.from_ical(body).walk("VEVENT")[0]
    breaks = text.replace("\r\n", "\n").replace("\r", "\n")
    expected = "".join(each for each in breaks if each in "\n\t" or (each >= " " and each != "\x7f"))
    assert str(event["SUMMARY"]) == f"|{expected}|"
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


def test_same_occasions_give_the_same_bytes() -> None:
    occasions = [
        occasion(),
        occasion(uid="final_due-31@jejak.example", changed_at=AT + timedelta(seconds=1)),
    ]
    assert render_calendar(occasions, name="Jejak") == render_calendar(occasions, name="Jejak")


def test_round_trip_keeps_every_field() -> None:
    for is_cancelled in (False, True):
        given_one = occasion(is_cancelled=is_cancelled)
        event = Calendar.from_ical(render_calendar([given_one], name="Jejak")).walk("VEVENT")[0]
        back = CalendarEvent(
            uid=str(event["UID"]),
            day=event.decoded("DTSTART"),
            summary=str(event["SUMMARY"]),
            description=str(event["DESCRIPTION"]),
            url=str(event["URL"]),
            category=event.categories[0],
            sequence=int(event["SEQUENCE"]),
            changed_at=event.decoded("DTSTAMP").replace(microsecond=AT.microsecond),
            is_cancelled=event["STATUS"] == "CANCELLED",
        )
        assert back == given_one, is_cancelled
