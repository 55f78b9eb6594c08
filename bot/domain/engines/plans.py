"""A request that memory alone found nothing wrong with, and the order that it becomes."""

from dataclasses import dataclass

from bot.domain.engines.choosing import Choice
from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import OWN_UPLOADS, Destination, JobId, Lineage, Options, Order


@dataclass(frozen=True, slots=True)
class Default:
    """What is set for an option that a request left out."""

    option: str
    value: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A request that memory alone found nothing wrong with.

    `choices` are the engines that take it, best first: one where its member named one. The others
    count where a picture turns out not to be for the first, and after them `plain`: those that
    take it without any default. `used` are the defaults in it, `passed_over` those that are not.
    `claim` is as in `Order`.
    """

    command: str
    choices: tuple[Choice, ...]
    has_uploads: bool
    lineage: Lineage = OWN_UPLOADS
    plain: tuple[Choice, ...] = ()
    used: tuple[Default, ...] = ()
    passed_over: tuple[Default, ...] = ()
    claim: str | None = None

    @property
    def engine(self) -> Engine:
        """The engine that is meant."""
        return self.choices[0].engine

    @property
    def options(self) -> Options:
        """The options in that engine's own words."""
        return self.choices[0].options

    def passed_over_by(self, chosen: Choice) -> tuple[Default, ...]:
        """Return the defaults that do not count where one of the choices is taken."""
        if chosen not in self.choices:
            return (*self.used, *self.passed_over)
        engines = [
            each for each in self.used if each.option == "engine" and chosen != self.choices[0]
        ]
        return (*engines, *self.passed_over)

    def order(
        self,
        job_id: JobId,
        chosen: Choice,
        destination: Destination,
        inputs: tuple[str, ...],
        *,
        is_resumable: bool,
    ) -> Order:
        """Return what is to be accepted: one of the choices, with its pictures kept as `inputs`."""
        engine, lineage = chosen.engine, self.lineage
        return Order(
            id=job_id,
            command=self.command,
            engine=engine.name,
            pool=engine.pool,
            options=chosen.options,
            destination=destination,
            inputs=inputs,
            price_usd=engine.price_of(chosen.options),
            assumed_usd=engine.assumed_of(chosen.options),
            is_resumable=is_resumable,
            parent=lineage.parent,
            claim=self.claim,
            is_modified=bool(inputs) if lineage.is_modified is None else lineage.is_modified,
        )
