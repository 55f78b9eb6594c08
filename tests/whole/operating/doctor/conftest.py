"""The doctor's looks at the cloud by themselves, without a process around them."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.checkup.cloud import examine_cloud
from bot.checkup.findings import Finding
from bot.cli.local_stack import StandIns
from bot.settings.config import Settings
from storage import Storage, open_storage


@asynccontextmanager
async def storage_of(settings: Settings) -> AsyncIterator[Storage]:
    variables = settings.variables
    url = settings.database_url
    async with open_storage(url, variables.EASEL_DATA_DIR) as storage:
        yield storage


async def examined(
    settings: Settings, stand_ins: StandIns, quota: int | None = None
) -> dict[str, Finding]:
    findings = await examine_cloud(settings, time.time, quota)
    stand_ins.tencent.faults.clear()  # the probes are wrong on purpose
    return {finding.check: finding for finding in findings}
