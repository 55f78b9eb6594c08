"""Finds the templates of ProcessImageAsync in the account by name, and makes what is not there."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.domain.engines.engine import Engine
from bot.domain.provider_errors import NotSent, OutcomeUnknown, OutOfSight, ProviderError
from bot.providers.vod.calls import CREATE_TEMPLATE, LIST_TEMPLATES, VodCalls
from bot.providers.vod.processing import Template

_A_PAGE = 100  # the most there is (VOD API page, 2026-05)
_PAGES = 10  # the API itself keeps 50 templates at the most
_AWAY_S = 2.0


class Templates:
    """Remembers what it found, as long as the process runs; nothing here costs anything.

    Several processes may make one at the same time: then all of them take the lowest number.
    """

    def __init__(self, calls: VodCalls) -> None:
        self._calls = calls
        self._known: dict[tuple[str, str], int] = {}
        self._looking = asyncio.Lock()

    async def definition(self, engine: Engine, template: Template) -> int:
        """Return the number of a template; raises ProviderError, of a job that was not sent."""
        try:
            async with self._looking:
                return await self._definition(engine, template)
        except (OutOfSight, OutcomeUnknown) as error:
            # Whatever became of it, no task was created, and a second look shows what was made.
            raise NotSent(
                error.api_code, retry_after_s=_AWAY_S, detail=error.detail or "a template"
            ) from error

    def forget(self, engine: Engine, template: Template) -> None:
        """Look for a template anew the next time: the API knows it no more."""
        self._known.pop(self._key(engine, template), None)

    async def _definition(self, engine: Engine, template: Template) -> int:
        key = self._key(engine, template)
        if key not in self._known:
            found = await self._find(engine, template.name)
            self._known[key] = found or await self._make(engine, template)
        return self._known[key]

    async def _make(self, engine: Engine, template: Template) -> int:
        params = {
            "Name": template.name,
            "Comment": "Made by Easel; it is found by its name.",
            "ProcessImageConfigure": template.configure,
        }
        made = _number((await self._calls(engine, CREATE_TEMPLATE, params)).get("Definition"))
        # Another process may have made one between our look and this.
        definition = await self._find(engine, template.name) or made
        if definition is None:
            raise ProviderError("NoDefinition", detail=f"template {template.name} has no number")
        return definition

    async def _find(self, engine: Engine, name: str) -> int | None:
        """Return the lowest number of the templates of that name."""
        numbers = [
            number
            async for row in self._listed(engine)
            if row.get("Name") == name and (number := _number(row.get("Definition")))
        ]
        return min(numbers, default=None)

    async def _listed(self, engine: Engine) -> AsyncIterator[Mapping[str, Any]]:
        for page in range(_PAGES):
            params = {"Offset": page * _A_PAGE, "Limit": _A_PAGE}
            response = await self._calls(engine, LIST_TEMPLATES, params)
            rows = response.get("ProcessImageAsyncTemplateSet")
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict):
                    yield row
            if not isinstance(rows, list) or len(rows) < _A_PAGE:
                return

    def _key(self, engine: Engine, template: Template) -> tuple[str, str]:
        return self._calls.address(engine), template.name


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
