"""What stands where a running bot has Discord and its engines' states: nobody waits here."""

from collections.abc import Collection

from typing_extensions import override

from bot.domain.engines.engine import Engine
from bot.domain.engines.states import Telling
from bot.domain.jobs.job import Job, JobId
from bot.domain.jobs.line import Standing
from bot.ports.delivery import Deliverer, Place
from bot.ports.engines import EngineWatch
from bot.ports.pictures import AttachmentMaker


class Nobody(Deliverer):
    """A deliverer for jobs whose results are only kept."""

    @override
    async def announce(self, job: Job, standing: Standing, *, at_any_time: bool = False) -> None:
        """Show nothing."""

    @override
    def shown(self, job_id: JobId) -> Standing | None:
        """Return nothing, because nothing is shown."""
        return None

    @override
    async def refresh(self, job: Job, standing: Standing) -> None:
        """Show nothing."""

    @override
    async def post(self, job: Job, system: str, attachments: AttachmentMaker) -> None:
        """Post nothing: the raw pictures are kept, and come onto the sheet."""

    @override
    async def tell(self, job: Job) -> None:
        """Tell nobody: whoever runs the command reads it from the job."""

    @override
    async def remove(self, job: Job, shown: Collection[Place] = ()) -> bool:
        """Remove nothing."""
        return True


class AtTheTerminal(EngineWatch):
    """Suspends nothing: the run ends with the first fault, and says it."""

    @override
    async def report(self, engine: Engine, error: Telling) -> None:
        """Leave it to the end of the run."""

    @override
    async def worked(self, engine: Engine) -> None:
        """Leave states to the running bot, which asks by itself."""
