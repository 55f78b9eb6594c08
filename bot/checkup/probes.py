"""The doctor's free calls, one per API, and exactly what each answer proves."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.checkup.findings import Finding, Status
from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.engines.states import Fault
from bot.domain.operator_errors import is_silent, said_by_api
from bot.domain.provider_errors import (
    Busy,
    EngineGone,
    InputRefused,
    OperatorFault,
    ProviderError,
    RequestBug,
)
from bot.domain.wording.names import first_few
from bot.domain.wording.unreachable import why_unreachable
from bot.providers.probe import Probe

_PROVEN = "answers and takes the keys"


@dataclass(slots=True)
class Probed:
    """What was found; `good` are engines whose API answered well, `faults` suspend the others."""

    findings: list[Finding] = field(default_factory=list)
    good: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Probes:
    """Probes engines; an answer that concerns a whole account is found once and reported once."""

    def __init__(self, probe: Probe, catalogue: Catalogue) -> None:
        self._probe = probe
        self._catalogue = catalogue

    async def run(self) -> Probed:
        """Ask every API once, however many engines are behind it."""
        probed = Probed()
        left = [engine for engine in self._catalogue.all() if self._probe.reaches(engine)]
        while left:
            # The first of an account tells whether the others are worth asking.
            account = [e for e in self._catalogue.neighbours(left[0].name) if e in left]
            account = account or [left[0]]
            left = [engine for engine in left if engine not in account]
            await self._account(account, probed)
        return probed

    async def _account(self, account: Sequence[Engine], probed: Probed) -> None:
        why = self._catalogue.why_off(account[0].name)
        if why:
            finding = Finding(
                f"engine {account[0].name}", Status.GOOD, f"off: {why}", _group(account[0])
            )
            probed.findings.append(finding)
            return
        apis = self._apis(account)
        first = await self._probe.ask(apis[0][0])
        common = _common(first, account)
        if common is not None:
            probed.findings.append(common)
            self._note_fault(account[0], first, probed)
            return
        others = await asyncio.gather(*(self._probe.ask(api[0]) for api in apis[1:]))
        for api, answer in zip(apis, [first, *others], strict=True):
            self._note_fault(api[0], answer, probed)
            status, text = _status_of(answer)
            names = [engine.name for engine in api]
            group = _group(api[0])
            probed.findings += [Finding(f"engine {name}", status, text, group) for name in names]
            if status is Status.GOOD:
                probed.good += names

    def _apis(self, account: Sequence[Engine]) -> list[list[Engine]]:
        apis: dict[str, list[Engine]] = {}
        for engine in account:
            apis.setdefault(engine.action, []).append(engine)
        return list(apis.values())

    def _note_fault(self, engine: Engine, error: ProviderError | None, probed: Probed) -> None:
        """Note what a job would meet, too; a wrong key or clock may be this look's alone."""
        if not isinstance(error, OperatorFault | EngineGone):
            return
        is_mine = error.reach == "account" and error.code.startswith("AuthFailure")
        if not is_mine and error.request_id:
            probed.faults.append(self._catalogue.fault(engine, error))


def _group(engine: Engine) -> str:
    """Return how the API of an engine is called: with its own address, if it has one."""
    return f"{engine.provider} {urlsplit(engine.endpoint).netloc}".strip()


def _common(error: ProviderError | None, group: Sequence[Engine]) -> Finding | None:
    """Return the one finding for a fault that all engines of the account share."""
    names = first_few([engine.name for engine in group])
    check = group[0].provider
    if isinstance(error, OperatorFault) and error.reach == "account":
        text = f"{said_by_api(error)}; concerns {names}. What to do: {error.remedy}"
        return Finding(check, Status.BAD, text)
    if error is not None and is_silent(error):
        remedy = "check the network and the endpoint, and try again"
        why = why_unreachable(error.__cause__) if error.__cause__ else said_by_api(error)
        text = f"cannot be reached ({why}): {remedy}; concerns {names}"
        return Finding(check, Status.BAD, text)
    return None


def _status_of(error: ProviderError | None) -> tuple[Status, str]:
    """Say what an answer proves; the good one refuses a wrong request for being wrong."""
    if error is None:
        text = "took a request that it should have refused: look whether it is on the bill"
        return Status.WARNING, text
    if isinstance(error, RequestBug | InputRefused):
        return Status.GOOD, _PROVEN
    if isinstance(error, Busy):
        return Status.GOOD, f"{_PROVEN}, but is busy now"
    if isinstance(error, EngineGone):
        remedy = f". What to do: {error.remedy}" if error.remedy else ""
        return (
            Status.WARNING,
            f"switched off: {said_by_api(error)}; signature and clock are good{remedy}",
        )
    if isinstance(error, OperatorFault):
        return Status.WARNING, f"{said_by_api(error)}. What to do: {error.remedy}"
    return Status.WARNING, f"{said_by_api(error)}: an answer that proves nothing; try again"
