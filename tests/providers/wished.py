"""Options by chance: mostly what an engine takes and, here and there, what it does not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import Options


def mostly(usual: st.SearchStrategy[Any], stray: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly one kind of value, so that several in a row are often all acceptable."""
    return st.integers(0, 9).flatmap(lambda chance: stray if chance == 9 else usual)


def some(choices: Sequence[object], *stray: object) -> st.SearchStrategy[Any]:
    return mostly(st.none() | st.sampled_from([None, *choices]), st.sampled_from([*stray, None]))


def texts(longest: int, *, begin: str = "") -> st.SearchStrategy[str]:
    """Short and long ones, up to the limit and over it; `begin` keeps them from being empty."""
    signs = st.sampled_from(["x", "狐", "\N{FOX FACE}", "\0"])
    full = signs.map(lambda sign: (begin + sign * longest)[:longest])
    short = st.text(max_size=min(40, longest)).map(lambda text: (begin + text)[:longest])
    return mostly(short | full, full.map(lambda text: text + "y") | st.just(""))


def offered_only(engine: Engine, options: Options) -> Options:
    """Leave out what the engine does not offer at all, so that more than refusals is tried."""
    defaults = Options()
    missing = [
        option for option, is_offered in engine.capabilities.offered().items() if not is_offered
    ]
    return replace(options, **{option: getattr(defaults, option) for option in missing})
