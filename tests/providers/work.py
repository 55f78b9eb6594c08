"""What provider tests ask for: a job's work, on the engines as they are shipped."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import Options
from bot.ports.provider import Work
from bot.settings.config import read_settings
from tests.contract.orders import order

JOB = order().id


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
