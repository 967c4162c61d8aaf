"""Reads calendars as check-calendars.c does, and prints the same lines, by python3-icalendar."""

import sys
from datetime import timezone

from icalendar import Calendar


def line(text: bytes) -> str:
    try:
        calendar = Calendar.from_ical(text)
    except ValueError as error:
        return f"unreadable: {error}"
    events = calendar.walk("VEVENT")
    if len(events) != 1:
        return "not one event"
    errors = [error for component in calendar.walk() for error in component.errors]
    if errors:
        return f"errors: {errors}"
    start, end = (events[0].decoded(name) for name in ("DTSTART", "DTEND"))
    return f"{round(start.astimezone(timezone.utc).timestamp())} {round(end.astimezone(timezone.utc).timestamp())}"


number = 0
stream = sys.stdin.buffer
while head := stream.readline():
    print(number, line(stream.read(int(head))))
    number += 1
