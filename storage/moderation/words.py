"""Keeps what no request in a server may hold, and writes each change down."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.moderation.acts import TEXT_CHARS, Act, ActKind
from bot.domain.moderation.errors import TooManyWords
from bot.domain.moderation.words.entries import MOST_WORDS, check_together, key_of
from bot.ports.moderation.words import WordStore
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.moderation import audit
from storage.moderation.revisions import revise
from storage.moderation.tables import words as table

_BETWEEN = ", "
_MORE = f"{_BETWEEN}…"


class SqlWords(Store, WordStore):
    """`WordStore` on the table `words`.

    What entries are the same is found out before the transaction, beside the loop: for a long list
    it takes so long that neither others who want the mutex nor the loop may wait for it.
    """

    @override
    async def words(self, guild_id: int) -> tuple[str, ...]:
        kept = await self._kept(guild_id)
        keys = await _keys_of(kept)
        return _in_order(kept, keys)

    @override
    async def add(
        self, guild_id: int, words: Sequence[str], *, by: int, now: float
    ) -> tuple[str, ...]:
        keys = await _keys_of((*await self._kept(guild_id), *words))
        return await self._add(guild_id, words, keys, by=by, now=now)

    @override
    async def remove(
        self, guild_id: int, words: Sequence[str] | None, *, by: int, now: float
    ) -> tuple[str, ...]:
        keys = await _keys_of((*await self._kept(guild_id), *(words or ())))
        return await self._remove(guild_id, words, keys, by=by, now=now)

    @on_connection
    async def _kept(self, conn: AsyncConnection, guild_id: int) -> tuple[str, ...]:
        return await words_of(conn, guild_id)

    @in_transaction
    async def _add(
        self,
        conn: AsyncConnection,
        guild_id: int,
        words: Sequence[str],
        keys: "_Keys",
        *,
        by: int,
        now: float,
    ) -> tuple[str, ...]:
        await lock_account(conn)
        kept = await words_of(conn, guild_id)
        known = {keys[word] for word in kept}
        new = tuple(word for word in words if keys[word] not in known)
        if len(kept) + len(new) > MOST_WORDS:
            raise TooManyWords(most=MOST_WORDS, count=len(kept) + len(new))
        check_together((*kept, *new))
        if new:
            rows = [
                {"guild_id": guild_id, "word": word, "set_by": by, "set_at": now} for word in new
            ]
            await conn.execute(table.insert(), rows)
            act = Act(guild_id, by, ActKind.WORDS_ADDED, now, target=_count(new))
            await _changed(conn, replace(act, after=_first_of(new)))
        return new

    @in_transaction
    async def _remove(
        self,
        conn: AsyncConnection,
        guild_id: int,
        words: Sequence[str] | None,
        keys: "_Keys",
        *,
        by: int,
        now: float,
    ) -> tuple[str, ...]:
        await lock_account(conn)
        kept = _in_order(await words_of(conn, guild_id), keys)
        meant = None if words is None else {keys[word] for word in words}
        gone = tuple(word for word in kept if meant is None or keys[word] in meant)
        if gone:
            is_one = (table.c.guild_id == guild_id, table.c.word.in_(gone))
            await conn.execute(delete(table).where(*is_one))
            act = Act(guild_id, by, ActKind.WORDS_REMOVED, now, target=_count(gone))
            await _changed(conn, replace(act, before=_first_of(gone)))
        return gone


async def words_of(conn: AsyncConnection, guild_id: int) -> tuple[str, ...]:
    """Return a server's list, in no order that anybody reads."""
    found = await conn.scalars(select(table.c.word).where(table.c.guild_id == guild_id))
    return tuple(sorted(found))


class _Keys(dict[str, str]):
    """What is the same of entries; one added meanwhile gets its key when that is asked for."""

    def __missing__(self, word: str) -> str:
        key = self[word] = key_of(word)
        return key


async def _keys_of(words: Sequence[str]) -> _Keys:
    return await asyncio.to_thread(lambda: _Keys((word, key_of(word)) for word in words))


def _in_order(words: Sequence[str], keys: _Keys) -> tuple[str, ...]:
    """Return words in order of the alphabet."""
    return tuple(sorted(words, key=lambda word: (keys[word], word)))


async def _changed(conn: AsyncConnection, act: Act) -> None:
    await revise(conn, act.guild_id)
    await audit.write(conn, act)


def _count(words: Sequence[str]) -> str | None:
    """Return how many words these are, where they are more than are written down."""
    return None if _first_of(words) == _BETWEEN.join(words) else str(len(words))


def _first_of(words: Sequence[str]) -> str:
    """Return words one after the other, of many the first."""
    text = _BETWEEN.join(words)
    if len(text) <= TEXT_CHARS:
        return text
    whole, _, _ = text[: TEXT_CHARS - len(_MORE)].rpartition(_BETWEEN)
    return f"{whole}{_MORE}"
