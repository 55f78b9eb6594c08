"""The answer to one interaction: acknowledged in time, put where it belongs, read by its member."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

import discord
from discord import InteractionCallbackResponse, InteractionResponseType, ui
from discord.webhook.async_ import async_context

from bot.chat.callbacks import TRY_S, UPLOAD_S, Callbacks, repeated
from bot.domain.discord_limits import TOKEN_LIFE_S
from bot.domain.errors import NotAcknowledged
from cogs.views.layouts.ended import RefusalLayout

T = TypeVar("T")

_UNKNOWN_MESSAGE = 10008  # JSON error code (Discord docs, 2026-08)
_MOMENT = "One moment…"
_FORM = "That took a moment. The form opens with this button."
_DEFERRED = (
    InteractionResponseType.deferred_channel_message,
    InteractionResponseType.deferred_message_update,
)


@dataclass(frozen=True, slots=True)
class _Thinking:
    """A message that says that the answer comes; without an id it is the original response."""

    is_private: bool
    message_id: int | None = None

    def takes(self, parts: dict[str, Any]) -> bool:
        """Whether these can stand in it: what was sent as a layout takes no plain text."""
        return self.message_id is None or "content" not in parts


class Response(discord.InteractionResponse[Any]):
    """The library's response, which may be deferred by `acknowledge` before a command gets to it.

    After a defer, whoever's, each method still does what it says: in place of the "thinking…", or
    by a further message where that is not as private or as public as the answer.
    """

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        super().__init__(interaction)
        self._interaction = interaction
        self._callbacks = Callbacks(interaction.application_id)
        # One first answer at a time, also where the automatic one meets the command's.
        self._turn = asyncio.Lock()
        self._thinking: _Thinking | None = None

    @property
    def is_thinking(self) -> bool:
        """Whether "thinking…" was shown for an answer, which may have come into it since."""
        return self._thinking is not None

    async def acknowledge(self) -> None:
        """Answer for a command that takes its time; what it says later goes where it belongs.

        Raises NotAcknowledged.
        """
        async with self._turn:
            if self.is_done():
                return
            if self._is_autocomplete:
                await self._suggest([])
            elif self._interaction.message is None:
                await self._think(is_private=True)
            else:
                # The message with the button stays as it is.
                await self._defer_update()

    async def defer(
        self, *, ephemeral: bool = False, thinking: bool = False
    ) -> InteractionCallbackResponse[Any] | None:
        """Show "thinking…" (a command always does), or leave the message as it is."""
        shows = thinking or self._interaction.type is discord.InteractionType.application_command
        async with self._turn:
            if self.type in _DEFERRED:
                return await self._think_anew(is_private=ephemeral) if shows else None
            return await (self._think(is_private=ephemeral) if shows else self._defer_update())

    async def send_message(  # type: ignore[override] # one signature for the library's overloads
        self, content: str | None = None, *, ephemeral: bool = False, **parts: Any
    ) -> None:
        """Answer by a message; `parts` are the library's: view, files, allowed_mentions."""
        async with self._turn:
            if self.type in _DEFERRED:
                said = {} if content is None else {"content": content}
                await self._say(is_private=ephemeral, **said, **parts)
                return
            with self._surely():
                await super().send_message(content, ephemeral=ephemeral, **parts)

    async def edit_message(self, **parts: Any) -> None:
        """Answer by an edit of the message whose button was pressed."""
        async with self._turn:
            if self.type is InteractionResponseType.deferred_message_update:
                await repeated(lambda: self._interaction.edit_original_response(**parts))
                return
            with self._surely():
                await super().edit_message(**parts)

    async def send_modal(self, modal: ui.Modal, /) -> None:  # type: ignore[override] # nobody uses the library's return value
        """Open a form; after a defer, which no form may follow, by a button that opens it."""
        async with self._turn:
            if self.type in _DEFERRED:
                await self._say(is_private=True, content=_FORM, view=_FormOpener(modal))
                return
            # Known first: it may be sent before a lost answer to its opening is found again.
            self._interaction._state.store_view(modal)  # noqa: SLF001 - the library does the same
            with self._surely():
                await super().send_modal(modal)

    async def autocomplete(self, choices: Any) -> None:
        """Suggest, unless it is too late for that."""
        async with self._turn:
            if not self.is_done():
                with suppress(NotAcknowledged):
                    await self._suggest(choices)

    async def tell(self, sentence: str) -> None:
        """Tell who acted, and nobody else, whatever was answered so far.

        The original response may be somebody's result: only "thinking…" is written over.
        """
        if self._is_autocomplete:
            await self.autocomplete([])
            return
        async with self._turn:
            if not self.is_done():
                with self._surely():
                    await super().send_message(sentence, ephemeral=True)
            elif self.is_thinking:
                await self._say(is_private=True, view=RefusalLayout(sentence))
            else:
                await self._follow_up(is_private=True, content=sentence)

    async def replace(self, view: ui.LayoutView) -> None:
        """Show something in place of the "thinking…", as public as it is, if that stands still."""
        async with self._turn:
            if self._thinking is not None and await self._still_thinks(self._thinking):
                await self._fill(self._thinking, view=view)

    @property
    def _is_autocomplete(self) -> bool:
        return self._interaction.type is discord.InteractionType.autocomplete

    @contextmanager
    def _surely(self) -> Iterator[None]:
        """Let the library answer through `Callbacks`."""
        before = async_context.set(self._callbacks)
        try:
            yield
        finally:
            async_context.reset(before)

    async def _suggest(self, choices: Any) -> None:
        with self._surely():
            await super().autocomplete(choices)

    async def _defer_update(self) -> InteractionCallbackResponse[Any] | None:
        with self._surely():
            return await super().defer()

    async def _think(self, *, is_private: bool) -> InteractionCallbackResponse[Any] | None:
        with self._surely():
            shown = await super().defer(ephemeral=is_private, thinking=True)
        self._thinking = _Thinking(is_private)
        self._shown = shown
        return shown

    async def _think_anew(self, *, is_private: bool) -> InteractionCallbackResponse[Any] | None:
        """Return the "thinking…" that stands, or one in its place that is as private as asked."""
        if self._thinking is not None and self._thinking.is_private == is_private:
            return self._shown
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay(_MOMENT))
        await self._take_back()
        message = await self._follow_up(is_private=is_private, view=view)
        self._thinking = _Thinking(is_private, message.id)
        shown = {"id": self._interaction.id, "response_message_id": message.id}
        self._shown = InteractionCallbackResponse(
            data={"interaction": shown},  # type: ignore[typeddict-item] # what it reads of it
            parent=self._interaction,
            state=self._interaction._state,  # noqa: SLF001 - the library gives its own the same
            type=InteractionResponseType.deferred_channel_message,
        )
        return self._shown

    async def _say(self, *, is_private: bool, **parts: Any) -> None:
        """Put the answer in place of the "thinking…", or beside it where that is not as private."""
        thinking = self._thinking
        if thinking is not None and thinking.is_private == is_private and thinking.takes(parts):
            await self._fill(thinking, **parts)
        else:
            await self._take_back()
            await self._follow_up(is_private=is_private, **parts)
        self._thinking = None
        self._response_type = InteractionResponseType.channel_message

    async def _fill(self, thinking: _Thinking, **parts: Any) -> None:
        edit = self._interaction.edit_original_response
        if "files" in parts:
            parts["attachments"] = parts.pop("files")
        if thinking.message_id is None:
            await _repeated(edit, parts)
            return
        await _repeated(
            partial(self._interaction.followup.edit_message, thinking.message_id), parts
        )

    async def _take_back(self) -> None:
        """Delete the "thinking…" that stands; one that is gone was deleted by an earlier try."""
        thinking, self._thinking = self._thinking, None
        if thinking is None:
            return
        try:
            await repeated(lambda: self._delete(thinking))
        except discord.NotFound as error:
            if error.code != _UNKNOWN_MESSAGE:
                raise

    async def _delete(self, thinking: _Thinking) -> None:
        if thinking.message_id is None:
            await self._interaction.delete_original_response()
        else:
            await self._interaction.followup.delete_message(thinking.message_id)

    async def _follow_up(self, *, is_private: bool, **parts: Any) -> discord.WebhookMessage:
        """Send a further message; twice at the worst, as Discord knows no nonce here."""
        send = partial(self._interaction.followup.send, ephemeral=is_private, wait=True)
        return cast("discord.WebhookMessage", await _repeated(send, parts))

    async def _still_thinks(self, thinking: _Thinking) -> bool:
        if thinking.message_id is None:
            return (await self._interaction.original_response()).flags.loading
        shown = await self._interaction.followup.fetch_message(thinking.message_id)
        return shown.edited_at is None


async def _repeated(request: Callable[..., Awaitable[T]], parts: dict[str, Any]) -> T:
    """Make a request again where its answer is lost; each try has files of its own.

    The library closes those it was given.
    """
    kinds = [kind for kind in ("files", "attachments") if parts.get(kind)]
    anew = {kind: [_anew(file) for file in parts[kind]] for kind in kinds}
    try:
        return await repeated(
            lambda: request(**parts | {kind: [make() for make in anew[kind]] for kind in kinds}),
            try_s=UPLOAD_S if kinds else TRY_S,
        )
    finally:
        for kind in kinds:
            for file in parts[kind]:
                file.close()


def _anew(file: discord.File) -> Callable[[], discord.File]:
    """Return what makes a file anew: of one on the disk by its path, so that none is in memory."""
    path = getattr(file.fp, "name", None)
    data = None if isinstance(path, str) else file.fp.read()

    def make() -> discord.File:
        source = cast("str", path) if data is None else io.BytesIO(data)
        return discord.File(
            source, file.filename, spoiler=file.spoiler, description=file.description
        )

    return make


class _FormOpener(ui.View):
    """One button that opens a form."""

    def __init__(self, modal: ui.Modal) -> None:
        super().__init__(timeout=TOKEN_LIFE_S)
        self._modal = modal
        button: ui.Button[Any] = ui.Button(label="Open the form")
        button.callback = self._open  # type: ignore[method-assign] # the library's way to set one
        self.add_item(button)

    async def _open(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(self._modal)
