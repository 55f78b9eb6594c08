"""What `easel doctor` does once its options are read."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from bot.checkup.findings import Finding, render
from bot.cli.printing import agreed, ask, say
from bot.settings.config import Settings


def paid_test(settings: Settings, engine: str, *, is_agreed: bool) -> None:
    """Make one real picture and say where it is; raises what `make` raises."""
    from bot.checkup import paid_test as paid  # noqa: PLC0415 - only this option needs it

    found, agree = paid.engine_of(settings, engine), agreed if is_agreed else ask
    say(str(asyncio.run(paid.make(settings, found, Path(), now=time.time, agree=agree))))


def post_test(settings: Settings, channel: str, *, as_json: bool) -> bool:
    """Post labelled pictures and say what Discord keeps; tell whether all could be looked at."""
    from bot.checkup.keeping import post_test as post  # noqa: PLC0415 - only this option needs it

    channel_id = post.channel_id_of(channel)
    return _told(asyncio.run(post.post_test(settings, channel_id, now=time.time)), as_json=as_json)


def examine(image_quota: int | None, *, as_json: bool) -> bool:
    """Run every check and say what is found; tell whether nothing would stop the bot."""
    from bot.checkup.doctor import diagnose  # noqa: PLC0415 - only this option needs it

    return _told(asyncio.run(diagnose(now=time.time, image_quota=image_quota)), as_json=as_json)


def _told(findings: Sequence[Finding], *, as_json: bool) -> bool:
    say(render(findings, as_json=as_json))
    return not any(finding.is_fatal for finding in findings)
