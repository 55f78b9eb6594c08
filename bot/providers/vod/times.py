"""Times as VOD writes them."""

from datetime import UTC, datetime


def utc_text(seconds: float) -> str:
    """Return unix seconds as e.g. "2026-10-31T12:00:00Z"; VOD knows no fractions."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
