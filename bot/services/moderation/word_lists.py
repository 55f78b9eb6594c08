"""Moderators change what no request in their server may hold."""

import asyncio

from bot.domain.moderation.errors import NoSuchWords, NothingNewToList, WordFileUnread
from bot.domain.moderation.words.entries import entries_of
from bot.domain.wording.file_sizes import mib
from bot.ports.clock import Clock
from bot.ports.moderation.words import WordStore
from bot.services.moderation.gate import Gate

MOST_BYTES = 1024 * 1024  # more than 2,000 words of 100 characters ever take


class WordLists:
    """Shows and changes servers' word lists; the next request is looked through with the change.

    What is typed is read beside the loop, which a large file would hold up.
    """

    def __init__(self, *, store: WordStore, gate: Gate, now: Clock) -> None:
        self._store = store
        self._gate = gate
        self._now = now

    async def words(self, guild_id: int) -> tuple[str, ...]:
        """Return a server's list, in order of the alphabet."""
        return await self._store.words(guild_id)

    async def add(self, guild_id: int, by: int, typed: str) -> tuple[str, ...]:
        """Add the words of a text and return those that are new.

        Raises NothingNewToList, or the NotPossible that names what is wrong with one.
        """
        words = await asyncio.to_thread(entries_of, typed)
        added = await self._store.add(guild_id, words, by=by, now=self._now())
        if not added:
            raise NothingNewToList
        self._gate.expire(guild_id)
        return added

    async def remove(self, guild_id: int, by: int, typed: str | None) -> tuple[str, ...]:
        """Remove the words of a text, all there are for None; returns them. Raises NoSuchWords."""
        words = None if typed is None else await asyncio.to_thread(entries_of, typed)
        removed = await self._store.remove(guild_id, words, by=by, now=self._now())
        if not removed:
            raise NoSuchWords
        self._gate.expire(guild_id)
        return removed


def words_in_file(data: bytes) -> str:
    """Return the text of a file of words; raises WordFileUnread."""
    check_size(len(data))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WordFileUnread(most=mib(MOST_BYTES)) from error


def check_size(size: int) -> None:
    """Raise WordFileUnread for a file of more bytes than any list has."""
    if size > MOST_BYTES:
        raise WordFileUnread(most=mib(MOST_BYTES))
