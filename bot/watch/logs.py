"""Logging: one line per event, for people or as JSON, with every known secret masked."""

import logging
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, Literal

import structlog

_MASK = "•••"
_SHORTEST_SECRET = 6  # masking shorter strings would eat ordinary words


def set_up_logs(style: Literal["console", "json"], secrets: Iterable[str] = ()) -> None:
    """Send structlog's and the standard library's records to stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _Masker(Mask(secrets)),
    ]
    renderer: Any = structlog.processors.JSONRenderer()
    if style == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "httpcore", "alembic", "discord.gateway"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Its warnings are about voice, which this bot does not have.
    logging.getLogger("discord.client").setLevel(logging.ERROR)


class Mask:
    """Replaces known secrets in a text; may learn more of them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets: set[str] = set()
        self.learn(secrets)

    def __call__(self, text: str) -> str:
        """Return the text without its secrets."""
        # The longest first: one may be a part of another.
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, _MASK)
        return text

    def learn(self, secrets: Iterable[str]) -> None:
        """Replace these, too, from now on."""
        self._secrets.update(each for each in secrets if len(each) >= _SHORTEST_SECRET)


class _Masker:
    """Masks every string of a record."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask

    def __call__(
        self, _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        for key, value in event.items():
            if isinstance(value, str):
                event[key] = self._mask(value)
        return event
