"""Which engine a typed text means: by its name, its title, or the label that a list showed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from bot.domain.engines.engine import Engine

PARTED = " · "
"""Between what an option is called and what is said of it in a list of suggestions."""


def called(engine: Engine, shared: Collection[str] = ()) -> str:
    """Return an engine's title; with its name where others have that title, too."""
    return f"{engine.title} ({engine.name})" if engine.title in shared else engine.title


def shared_titles(engines: Iterable[Engine]) -> frozenset[str]:
    """Return the titles that several of the engines have."""
    counts = Counter(engine.title for engine in engines)
    return frozenset(title for title, count in counts.items() if count > 1)


def engine_meant(typed: str, engines: Mapping[str, Engine]) -> Engine | None:
    """Return the engine that a text names, in small or large letters; of several the first."""
    if typed in engines:
        return engines[typed]
    name = typed.partition(PARTED)[0].strip().casefold()
    names = {
        **{called(each, (each.title,)).casefold(): each for each in engines.values()},
        **{each.title.strip().casefold(): each for each in reversed(list(engines.values()))},
        **{each.name.casefold(): each for each in engines.values()},
    }
    return names.get(name)
