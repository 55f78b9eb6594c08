"""Tells what a job's fate says of its engine, which never costs the job its picture or its end."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.states import Telling
from bot.domain.jobs.job import Job
from bot.ports.engines import EngineWatch

_log = structlog.get_logger(__name__)


class EngineReports:
    """Reports to the watch, as long as the engine is configured; its faults are only logged."""

    def __init__(self, watch: EngineWatch, catalogue: Catalogue) -> None:
        self._watch = watch
        self._catalogue = catalogue

    async def worked(self, job: Job) -> None:
        """Report that a picture of the engine was labelled."""
        engine = self._catalogue.get(job.order.engine)
        if engine is not None:
            with _at_no_jobs_cost(job):
                await self._watch.worked(engine)

    async def failed(self, job: Job, fault: Telling) -> None:
        """Report what suspends the engine, or may."""
        engine = self._catalogue.get(job.order.engine)
        if engine is not None:
            with _at_no_jobs_cost(job):
                await self._watch.report(engine, fault)


@contextmanager
def _at_no_jobs_cost(job: Job) -> Iterator[None]:
    try:
        yield
    except Exception:  # noqa: BLE001 - whatever it is, the job goes on
        _log.warning("engine_state_not_kept", job=job.id, exc_info=True)
