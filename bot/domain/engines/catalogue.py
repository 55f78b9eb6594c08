"""The catalogue: all engines in their order, and which of them this account can use."""

from collections.abc import Collection, Iterable, Mapping

from bot.domain.engines.account import site_of
from bot.domain.engines.engine import Engine
from bot.domain.engines.errors import UnknownEngine
from bot.domain.engines.naming import engine_meant
from bot.domain.engines.states import EngineState, Fault, Kind, Telling, kind_of
from bot.domain.errors import EngineOff, NoEngine, ServicePaused
from bot.domain.provider_errors import RequestBug
from bot.domain.wording.names import nearest


class Catalogue:
    """All engines in their order, and why some cannot be used right now.

    `providers` are the usable ones; `endpoints` and `regions` map a provider to its usual ones.
    """

    def __init__(
        self,
        engines: Iterable[Engine],
        *,
        providers: Collection[str],
        endpoints: Mapping[str, str] | None = None,
        regions: Mapping[str, str] | None = None,
    ) -> None:
        self._engines = {engine.name: engine for engine in engines}
        self._endpoints = dict(endpoints or {})
        self._regions = dict(regions or {})
        self._suspended: dict[str, EngineState] = {}
        self._off: dict[str, str] = {}
        for engine in self._engines.values():
            why = _why_never(engine, providers, self._endpoints)
            if why:
                self._off[engine.name] = why

    def get(self, name: str) -> Engine | None:
        """Return the engine of that name, usable or not; None if it was taken out of the file."""
        return self._engines.get(name)

    def meant(self, typed: str) -> Engine | None:
        """Return the engine of that name or title, however it is written."""
        return engine_meant(typed, self._engines)

    def title(self, name: str) -> str:
        """Return how a result names what made it."""
        engine = self._engines.get(name)
        return engine.title if engine else name

    def why_off(self, name: str) -> str | None:
        """Return why an engine can never be used here, in words for the operator."""
        return self._off.get(name)

    def suspend(self, states: Iterable[EngineState]) -> None:
        """Skip these engines, and no others, until the next call."""
        self._suspended = {state.engine: state for state in states}

    def suspended(self, name: str) -> EngineState | None:
        """Return why an engine is not used for now."""
        return self._suspended.get(name)

    def neighbours(self, name: str) -> list[Engine]:
        """Return the engines of the same service and site, which share an account and its key."""
        place = self._place(self._engines[name])
        return [
            other
            for other in self._engines.values()
            if self._place(other) == place and other.name not in self._off
        ]

    def same_api(self, name: str) -> list[Engine]:
        """Return the neighbours behind the same action: VOD's, for one, all share theirs."""
        action = self._engines[name].action
        return [other for other in self.neighbours(name) if other.action == action]

    def fault(self, engine: Engine, error: Telling) -> Fault:
        """Return what an error suspends: by its reach the engine, its API or the whole account."""
        reach = "engine" if isinstance(error, RequestBug) else error.reach
        concerned = {"account": self.neighbours, "api": self.same_api}.get(reach)
        names = tuple(other.name for other in concerned(engine.name)) if concerned else ()
        names = names or (engine.name,)
        addresses = {name: self.address(name) for name in names}
        return Fault(names, kind_of(error), error.code, error.request_id, addresses)

    def address(self, name: str) -> str:
        """Return the endpoint and region of an engine, as one text."""
        engine = self._engines[name]
        region = engine.region or self._regions.get(engine.provider, "")
        return f"{self._place(engine)[1]} {region}".strip()

    def concerns(self, state: EngineState) -> bool:
        """Tell whether a state is of an engine that there is, where it is now."""
        known = state.engine in self._engines
        return known and state.address in ("", self.address(state.engine))

    def all(self) -> list[Engine]:
        """Return every engine, usable or not, best first."""
        return list(self._engines.values())

    def usable_engines(self) -> list[Engine]:
        """Return the engines that some command can use, best first."""
        return [engine for engine in self._engines.values() if self._is_usable(engine.name)]

    def defaults(self) -> dict[str, Engine]:
        """Return what each command is done with where its member names nothing, if it can be."""
        commands = {
            each for engine in self.usable_engines() for each in engine.capabilities.commands
        }
        return {command: self.usable(command)[0] for command in sorted(commands)}

    def usable(self, command: str) -> list[Engine]:
        """Return the engines a command can use, best first."""
        return [each for each in self.usable_engines() if command in each.capabilities.commands]

    def candidates(self, command: str) -> list[Engine]:
        """Return the same; raises NoEngine or ServicePaused where there are none."""
        usable = self.usable(command)
        if not usable:
            raise ServicePaused if self._is_paused(command) else NoEngine(command=command)
        return usable

    def choose(self, command: str, name: str | None) -> Engine:
        """Return the engine of that name, or the first usable one.

        Raises NoEngine, ServicePaused, UnknownEngine or EngineOff.
        """
        usable = self.candidates(command)
        if name is None:
            return usable[0]
        engine = self.meant(name)
        if engine is None or command not in engine.capabilities.commands:
            known = nearest(name, [engine.name for engine in usable])
            raise UnknownEngine(engine=name, command=command, known=known)
        if not self._is_usable(engine.name):
            state = self._suspended.get(engine.name)
            is_paused = state is not None and state.kind is Kind.PAUSED
            raise ServicePaused if is_paused else EngineOff(engine=engine.name)
        return engine

    def _is_usable(self, name: str) -> bool:
        return name not in self._off and name not in self._suspended

    def _is_paused(self, command: str) -> bool:
        return any(
            state.kind is Kind.PAUSED and command in self._engines[name].capabilities.commands
            for name, state in self._suspended.items()
            if name in self._engines and name not in self._off
        )

    def _place(self, engine: Engine) -> tuple[str, str]:
        return engine.provider, engine.endpoint or self._endpoints.get(engine.provider, "")


def _why_never(
    engine: Engine, providers: Collection[str], endpoints: Mapping[str, str]
) -> str | None:
    if engine.provider not in providers:
        return f"{engine.provider} is not set up"
    site = site_of(engine.endpoint or endpoints.get(engine.provider, ""))
    if site is not None and site not in engine.capabilities.sites:
        return f"the cloud's {site} site does not offer it"
    return None
