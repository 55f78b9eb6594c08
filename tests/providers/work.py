"""What provider tests ask for, and a journal that keeps what was written down."""

import asyncio
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import JobId, Options
from bot.ports.provider import LeaseLost, Work
from bot.settings.config import read_settings

JOB = JobId("0000abcdef123")


@dataclass
class Notebook:
    """A journal; with `lost` the lease is gone already."""

    lost: bool = False
    written: list[str] = field(default_factory=list)
    has_task: asyncio.Event = field(default_factory=asyncio.Event)

    async def sending(self) -> None:
        if self.lost:
            raise LeaseLost
        self.written.append("sending")

    async def accepted(self, task_id: str) -> None:
        self.written.append(f"accepted {task_id}")
        self.has_task.set()


@cache
def shipped() -> dict[str, Engine]:
    return {
        engine.name: engine for engine in read_settings({}, folder=Path(__file__).parent).engines
    }


@cache
def photo(width: int = 120, height: int = 90) -> bytes:
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    picture.paste("orange", (width // 4, height // 4, width // 2, height // 2))
    out = BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def work(engine: str, *pictures: bytes, remote_task: str | None = None, **options: Any) -> Work:
    return Work(
        job_id=JOB,
        engine=shipped()[engine],
        options=Options(**{"prompt": "a cat", **options}),
        pictures=pictures,
        remote_task=remote_task,
    )
