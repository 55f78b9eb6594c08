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
    known = [secret for secret in secrets if len(secret) >= _SHORTEST_SECRET]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _Masker(known),
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


class _Masker:
    """Replaces known secrets in every string of a record."""

    def __init__(self, secrets: list[str]) -> None:
        self._secrets = secrets

    def __call__(
        self, _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        for key, value in event.items():
            if isinstance(value, str):
                event[key] = self._clean(value)
        return event

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _MASK)
        return text
