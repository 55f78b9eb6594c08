"""When a block ends, as a moderator types it: a span from now, or a time of the server's clock."""

import re
from datetime import datetime, timedelta, tzinfo

from bot.domain.moderation.errors import EndNotAhead, EndNotRead, EndTooFar

MOST_S = 10 * 365 * 86_400.0
_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_PART = r"\d{1,6}\s*[mhdw]"
_SPAN = re.compile(rf"{_PART}(?:\s*{_PART})*")
_MOMENT = re.compile(
    r"(?:(?P<date>\d{4}-\d{1,2}-\d{1,2})(?:[ T]+(?P<at>\d{1,2}:\d{2}))?|(?P<time>\d{1,2}:\d{2}))"
)


def end_of(typed: str, now: float, zone: tzinfo) -> float:
    """Return when a block ends, in unix seconds, that begins at `now`.

    `3d`, `1d 12h` or `90m` from now; `2026-12-24` is that day's beginning, `2026-12-24 18:00` that
    minute, `18:00` the next time the clock shows it. Raises EndNotRead, EndNotAhead or EndTooFar.
    """
    text = typed.strip().casefold()
    at = now + _span(text) if _SPAN.fullmatch(text) else _moment(text, typed, now, zone)
    if at <= now:
        raise EndNotAhead(typed=typed)
    if at - now > MOST_S:
        raise EndTooFar(typed=typed, years=10)
    return at


def _span(text: str) -> float:
    return sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)\s*([mhdw])", text))


def _moment(text: str, typed: str, now: float, zone: tzinfo) -> float:
    found = _MOMENT.fullmatch(text.upper())
    if found is None:
        raise EndNotRead(typed=typed)
    try:
        return _read(found, now, zone).timestamp()
    except (ValueError, OverflowError) as error:  # no such day, no such minute, no such year
        raise EndNotRead(typed=typed) from error


def _read(found: re.Match[str], now: float, zone: tzinfo) -> datetime:
    clock = datetime.strptime(found["at"] or found["time"] or "0:00", "%H:%M").time()  # noqa: DTZ007 - a time of the clock, whose zone comes next
    if found["date"]:
        day = datetime.strptime(found["date"], "%Y-%m-%d").date()  # noqa: DTZ007 - a day of the server's calendar
        return datetime.combine(day, clock, zone)
    today = datetime.fromtimestamp(now, zone).date()
    at = datetime.combine(today, clock, zone)
    if at.timestamp() > now:
        return at
    return datetime.combine(today + timedelta(days=1), clock, zone)
