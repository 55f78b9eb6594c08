"""Word lists: kept, each word once, with each change written down."""

import threading

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.moderation.acts import TEXT_CHARS, ActKind
from bot.domain.moderation.errors import TooManyWords
from bot.domain.moderation.words.entries import MOST_WORDS, WORD_CHARS, key_of
from storage import Storage
from storage.database.transactions import lock_account
from tests.contract.orders import NOW, order

HERE = order(guild=1).destination.guild_id or 0
ELSEWHERE = order(guild=2).destination.guild_id or 0
MO = 77


async def add(storage: Storage, *words: str, guild: int = HERE) -> tuple[str, ...]:
    return await storage.words.add(guild, words, by=MO, now=NOW)


async def remove(storage: Storage, *words: str) -> tuple[str, ...]:
    return await storage.words.remove(HERE, words, by=MO, now=NOW)


async def test_words_are_kept_once_however_they_are_typed(storage: Storage) -> None:
    assert await add(storage, "Zebra", "ápple", "*cat*") == ("Zebra", "ápple", "*cat*")
    assert await add(storage, "zebra", "apple", "cat", "*CAT*") == ("cat",)
    await add(storage, "elsewhere", guild=ELSEWHERE)
    assert await storage.words.words(HERE) == ("*cat*", "ápple", "cat", "Zebra")


async def test_words_are_removed_however_they_are_typed(storage: Storage) -> None:
    await add(storage, "Zebra", "apple", "cat")
    assert await remove(storage, "ZEBRA", "dog") == ("Zebra",)
    assert await remove(storage, "dog") == ()
    assert await storage.words.remove(HERE, None, by=MO, now=NOW) == ("apple", "cat")
    assert await storage.words.words(HERE) == ()


async def test_a_list_holds_so_many_words_and_takes_all_of_an_addition_or_none(
    storage: Storage,
) -> None:
    await add(storage, *(f"word{number}" for number in range(MOST_WORDS - 1)))
    with pytest.raises(TooManyWords):
        await add(storage, "one", "two")
    assert len(await storage.words.words(HERE)) == MOST_WORDS - 1
    assert await add(storage, "one") == ("one",)
    assert len(await storage.words.remove(HERE, None, by=MO, now=NOW)) == MOST_WORDS


async def test_each_change_is_written_down_and_read_anew(storage: Storage) -> None:
    first = await storage.policies.look(HERE, None)
    await add(storage, "cat", "dog")
    second = await storage.policies.look(HERE, first.revision)
    assert second.lists is not None
    assert second.lists.words == ("cat", "dog")
    await add(storage, "Cat")  # nothing new: nothing is written down
    await remove(storage, "dog")
    third = await storage.policies.look(HERE, second.revision)
    assert third.lists is not None
    assert third.lists.words == ("cat",)
    acts = [
        (act.kind, act.by, act.before, act.after) for act in await storage.audit.latest(HERE, 9)
    ]
    assert acts == [
        (ActKind.WORDS_REMOVED, MO, "dog", None),
        (ActKind.WORDS_ADDED, MO, None, "cat, dog"),
    ]


async def test_what_is_the_same_is_found_out_before_others_have_to_wait(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    async def locked(conn: AsyncConnection) -> None:
        seen.append("locked")
        await lock_account(conn)

    def looked(word: str) -> str:
        seen.append(f"{word}, {'held' if threading.current_thread() is loops else 'beside'}")
        return key_of(word)

    loops = threading.current_thread()
    await add(storage, "cat", "dog")
    monkeypatch.setattr("storage.moderation.words.lock_account", locked)
    monkeypatch.setattr("storage.moderation.words.key_of", looked)
    each = ["cat, beside", "dog, beside", "ape, beside"]
    assert await add(storage, "ape") == ("ape",)
    assert seen == [*each, "locked"]
    seen.clear()
    assert await remove(storage, "APE") == ("ape",)
    assert sorted(seen) == sorted([*each, "APE, beside", "locked"])
    assert seen[-1] == "locked"


async def test_of_many_words_their_count_and_the_first_are_written_down(storage: Storage) -> None:
    words = [f"{number:0{WORD_CHARS}}" for number in range(MOST_WORDS)]
    await add(storage, *words)
    await storage.words.remove(HERE, None, by=MO, now=NOW)
    removed, added = await storage.audit.latest(HERE, 9)
    assert (removed.target, added.target) == (str(MOST_WORDS),) * 2
    assert removed.before == added.after
    assert len(added.after or "") <= TEXT_CHARS
    *first, last = (added.after or "").split(", ")
    assert (first, last) == (words[: len(first)], "…")
    assert len(first) > 1
