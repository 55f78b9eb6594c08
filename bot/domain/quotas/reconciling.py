"""Compares what the cloud counted with what the ledger says was made."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.domain.engines.engine import Engine

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "Gem2.5": "GG2.5",  # (VOD, 2026-08: GG was called GEM before)
        "Gem3.0": "GG3.0",
        "Gem3.1": "GG3.1",
    }
)
"""Beginnings of specifications that are not a model's name and version put together."""


@dataclass(frozen=True, slots=True)
class EngineUsage:
    """An engine's pictures: made for certain, and those nobody knows of, with the ledger's cost."""

    engine: str
    certain: int
    unsure: int
    cost_usd: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One model: pictures the cloud counted, the ledger's range, and the ledger's cost."""

    model: str
    counted: int
    certain: int
    unsure: int
    cost_usd: float

    @property
    def difference(self) -> int:
        """How many pictures the cloud counted more (or, negative, fewer) than can be explained."""
        if self.counted < self.certain:
            return self.counted - self.certain
        return max(self.counted - self.certain - self.unsure, 0)


def compare(
    counted: Mapping[str, int],
    used: Iterable[EngineUsage],
    engines: Iterable[Engine],
    names: Mapping[str, str],
) -> list[Comparison]:
    """Return a line for each model either side knows, by name.

    `counted` is by specification, e.g. "Hunyuan3.0_1K". `names` are the operator's: how a
    specification begins, and the engine it is.
    """
    models = {engine.name: engine.model + engine.version for engine in engines if engine.model}
    begins = {model.casefold(): model for model in models.values()}
    begins |= {alias.casefold(): model for alias, model in ALIASES.items()}
    begins |= {start.casefold(): models.get(name, name) for start, name in names.items()}
    theirs: Counter[str] = Counter()
    for specification, pictures in counted.items():
        theirs[_model_of(specification, begins)] += pictures
    ours: dict[str, list[EngineUsage]] = {}
    for each in used:
        ours.setdefault(models.get(each.engine, each.engine), []).append(each)
    return [_line(model, theirs[model], ours.get(model, [])) for model in sorted({*theirs, *ours})]


def _model_of(specification: str, begins: Mapping[str, str]) -> str:
    """Return the model whose name the specification is, or goes on from with an underscore."""
    text = specification.casefold()
    fits = [start for start in begins if f"{text}_".startswith(f"{start}_")]
    return begins[max(fits, key=len)] if fits else specification


def _line(model: str, counted: int, used: list[EngineUsage]) -> Comparison:
    return Comparison(
        model,
        counted,
        certain=sum(each.certain for each in used),
        unsure=sum(each.unsure for each in used),
        cost_usd=sum(each.cost_usd for each in used),
    )
