"""/settings words: what no request in this server may hold."""

import io
from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.discord_limits import OPTION_CHARS
from bot.domain.moderation.errors import OneChangeOfWords, WordFileUnread
from bot.domain.moderation.words.entries import MOST_WORDS
from bot.domain.wording.file_sizes import mib
from bot.domain.wording.quoting import Markup, quoted
from bot.domain.wording.sentences import say
from bot.services.moderation.word_lists import MOST_BYTES, WordLists, check_size, words_in_file
from cogs.views.fetching import read_at_most

_SHOWN = 20  # words in a sentence; a list of more is a file
_WORD_SHOWN = 40

_ADDED = "On the word list now: {words}. It has {count} of at most {most} words."
_REMOVED = "No longer on the word list: {words}. Words left on it: {count}."
_ALL = "This server’s word list: {words}."
_FILE = "This server’s word list has {count} words; they are in the file."
_NONE = (
    "This server has no word list. Words are added by `add`, between commas, or by a text `file` "
    "with one a line. A plain word is found where it stands whole, however it is typed; `*` stands "
    "for any letters."
)
_MORE = "{words} and {more} more"
_NAME = "words.txt"


class WordSettings(commands.GroupCog):
    """The subcommand that /settings takes over; its cog says who may use it."""

    word_lists: WordLists

    @app_commands.command()
    @app_commands.describe(
        add="Words that no request may hold, between commas; * stands for any letters",
        remove="Words that requests may hold again, between commas",
        file="A text file of words to add, one a line",
        clear="True: removes the whole list",
    )
    async def words(
        self,
        interaction: discord.Interaction,
        add: app_commands.Range[str, 1, OPTION_CHARS] | None = None,
        remove: app_commands.Range[str, 1, OPTION_CHARS] | None = None,
        file: discord.Attachment | None = None,
        clear: bool = False,
    ) -> None:
        """Show or change the words that no request here may hold; members never see them."""
        if [add is not None, remove is not None, file is not None, clear].count(True) > 1:
            raise OneChangeOfWords
        guild_id, by = interaction.guild_id or 0, interaction.user.id
        if file is not None:
            check_size(file.size)
        await interaction.response.defer(ephemeral=True, thinking=True)
        if file is not None:
            add = words_in_file(await _read(interaction, file))
        if add is not None:
            await self._say(interaction, _ADDED, await self.word_lists.add(guild_id, by, add))
        elif remove is not None or clear:
            removed = await self.word_lists.remove(guild_id, by, remove)
            await self._say(interaction, _REMOVED, removed)
        else:
            await _show(interaction, await self.word_lists.words(guild_id))

    async def _say(
        self, interaction: discord.Interaction, sentence: str, changed: Sequence[str]
    ) -> None:
        count = len(await self.word_lists.words(interaction.guild_id or 0))
        text = say(sentence, words=_shown(changed), count=count, most=MOST_WORDS)
        await interaction.response.send_message(text, ephemeral=True)


async def _show(interaction: discord.Interaction, words: Sequence[str]) -> None:
    if len(words) <= _SHOWN:
        text = say(_ALL, words=_shown(words)) if words else say(_NONE)
        await interaction.response.send_message(text, ephemeral=True)
        return
    data = io.BytesIO("\n".join(words).encode())
    text = say(_FILE, count=len(words))
    file = discord.File(data, _NAME)
    await interaction.response.send_message(text, files=[file], ephemeral=True)


def _shown(words: Sequence[str]) -> Markup:
    names = Markup(", ".join(quoted(word, _WORD_SHOWN) for word in words[:_SHOWN]))
    more = len(words) - _SHOWN
    return say(_MORE, words=names, more=more) if more > 0 else names


async def _read(interaction: discord.Interaction, file: discord.Attachment) -> bytes:
    larger = WordFileUnread(most=mib(MOST_BYTES))
    return await read_at_most(interaction.client.http, file.url, MOST_BYTES, larger)
