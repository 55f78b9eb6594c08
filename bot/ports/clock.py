"""The time, and the passing of it, as parameters."""

from collections.abc import Awaitable, Callable

Clock = Callable[[], float]
"""Returns unix seconds."""

Sleep = Callable[[float], Awaitable[None]]
"""Lets so many seconds pass."""
