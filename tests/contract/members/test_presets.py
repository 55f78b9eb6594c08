"""The styles that servers have of their own, each server's apart."""

import asyncio

from bot.domain.members.presets import Preset
from storage import Storage

HERE, THERE = 1_400_000_000_000_000_001, 1_400_000_000_000_000_002
MO = 1_300_000_000_000_000_009


async def kept(storage: Storage, guild_id: int, name: str, words: str = "w", most: int = 9) -> bool:
    preset = Preset(name, words)
    return await storage.presets.keep(guild_id, preset, set_by=MO, now=1000.0, most=most)


async def test_presets_are_a_servers_own_and_read_by_their_names(storage: Storage) -> None:
    assert await storage.presets.presets(HERE) == ()
    for name in ("noir", "Ärmel", "Ink"):
        assert await kept(storage, HERE, name, f"{name}!")
    assert await kept(storage, THERE, "elsewhere")
    assert await storage.presets.presets(HERE) == (
        Preset("Ink", "Ink!"),
        Preset("noir", "noir!"),
        Preset("Ärmel", "Ärmel!"),
    )
    assert await storage.presets.presets(THERE) == (Preset("elsewhere", "w"),)


async def test_the_same_name_in_any_letters_is_replaced_even_where_there_are_the_most(
    storage: Storage,
) -> None:
    assert await kept(storage, HERE, "ärmel", "old", most=1)
    assert await kept(storage, HERE, "Ärmel", "new", most=1)
    assert not await kept(storage, HERE, "another", most=1)
    assert await storage.presets.presets(HERE) == (Preset("Ärmel", "new"),)


async def test_a_removed_preset_is_gone_from_its_server_alone(storage: Storage) -> None:
    await kept(storage, HERE, "Ärmel")
    await kept(storage, THERE, "Ärmel")
    assert await storage.presets.remove(HERE, "äRMEL", by=MO, now=1001.0)
    assert not await storage.presets.remove(HERE, "Ärmel", by=MO, now=1002.0)
    assert await storage.presets.presets(HERE) == ()
    assert await storage.presets.presets(THERE) == (Preset("Ärmel", "w"),)


async def test_of_several_added_at_once_no_more_are_kept_than_allowed(storage: Storage) -> None:
    adding = [kept(storage, HERE, f"preset {number}", most=3) for number in range(6)]
    assert sorted(await asyncio.gather(*adding)) == [False] * 3 + [True] * 3
    assert len(await storage.presets.presets(HERE)) == 3


async def test_what_was_set_and_removed_is_written_down_with_its_words(storage: Storage) -> None:
    assert await kept(storage, HERE, "Ink", "in black ink")
    assert await kept(storage, HERE, "Ink", "in blue ink")
    assert await storage.presets.remove(HERE, "ink", by=MO, now=1001.0)
    assert not await storage.presets.remove(HERE, "ink", by=MO, now=1002.0)
    acts = await storage.audit.latest(HERE, 9)
    assert [(act.kind.value, act.by, act.before, act.after) for act in reversed(acts)] == [
        ("preset set", MO, None, "in black ink"),
        ("preset set", MO, "in black ink", "in blue ink"),
        ("preset removed", MO, "in blue ink", None),
    ]
