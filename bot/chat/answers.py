"""Answers every error of a command, button, select or modal with one sentence to whoever acted."""

import asyncio
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import discord
import structlog
from discord import ui
from discord.ui.view import ViewStore

from bot.chat.callbacks import LOST
from bot.chat.interactions import Interactions
from bot.chat.responses import Response
from bot.chat.submitted import is_as_asked, is_offered
from bot.domain.discord_limits import MESSAGE_CHARS
from bot.domain.errors import (
    ButtonOutdated,
    CutShort,
    EaselError,
    FormAltered,
    FormOutdated,
    NotAcknowledged,
    NotPossible,
    Restarting,
)
from bot.domain.storage_errors import StorageFault
from bot.domain.wording.quoting import make_plain, shortened
from cogs.views.hosting import ASKS_FOR_JOB, operator_of
from cogs.views.layouts.ended import RefusalLayout

_log = structlog.get_logger(__name__)

_ADVICE = "Look whether it was done before you repeat it."
_ADVICE_ON_JOB = (
    "If your picture was accepted, it will still appear here; if not, please ask again."
)


async def answer(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Say the error's own sentence, or an id that the log has the traceback for."""
    if isinstance(error, NotAcknowledged):
        # Its member reads that from Discord, and no sentence of ours gets there any more.
        _log.warning("not_acknowledged", command=_name(interaction), reason=str(error))
        return
    if isinstance(error, StorageFault):
        interaction.client.storage_faults.note(error, _name(interaction))
    if isinstance(error, EaselError):
        await reply(interaction, error.in_chat(operator_of(interaction)))
    else:
        await reply(interaction, _noted(interaction, error))


async def reply(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Tell whoever acted, and nobody else; of suggestions for an option there are none."""
    sentence = shortened(sentence, MESSAGE_CHARS)
    with _unless_away():
        await _response(interaction).tell(sentence)


async def tell_cut_short(interaction: discord.Interaction[Any]) -> None:
    """Tell whoever acted that a stop came in between, unless the reply shows something already."""
    if interaction.type is discord.InteractionType.autocomplete:
        return
    response = _response(interaction)
    # A picture may come into the message that shows "thinking"; so with Again, too.
    asks_for_job = response.is_thinking and ASKS_FOR_JOB in interaction.extras
    sentence = str(CutShort(advice=_ADVICE_ON_JOB if asks_for_job else _ADVICE))
    if not response.is_thinking:
        await reply(interaction, sentence)
        return
    with _unless_away():
        # In place, and not deleted: the picture of an accepted job comes into this message.
        await response.replace(RefusalLayout(sentence))


def _response(interaction: discord.Interaction[Any]) -> Response:
    return cast("Response", interaction.response)


@contextmanager
def _unless_away() -> Iterator[None]:
    """Do without what Discord does not take."""
    try:
        yield
    except discord.HTTPException as error:
        _log.warning("reply_failed", status=error.status, code=error.code)
    except (NotAcknowledged, *LOST) as error:
        _log.warning("reply_failed", reason=repr(error))


class AnsweringViewStore(ViewStore):
    """The library's dispatcher of components and modals; it only logs their errors by itself."""

    def __init__(self, state: Any, interactions: Interactions) -> None:
        super().__init__(state)
        self._interactions = interactions

    def add_view(self, view: Any, message_id: int | None = None) -> None:
        """Take up a view or modal that was sent; its errors are answered."""
        check = type(view).interaction_check  # the class's: a view is taken up again when edited

        async def interaction_check(interaction: discord.Interaction[Any], /) -> bool:
            self._interactions.begin(interaction)
            return bool(await check(view, interaction))

        async def on_error(
            interaction: discord.Interaction[Any], error: Exception, _: object = None, /
        ) -> None:
            await answer(interaction, error)

        view.interaction_check = interaction_check
        view.on_error = on_error
        super().add_view(view, message_id)

    def dispatch_view(
        self, component_type: int, custom_id: str, interaction: discord.Interaction[Any]
    ) -> None:
        """Let a button do its work; one that nothing here knows says so."""
        if self._knows(component_type, custom_id, interaction):
            super().dispatch_view(component_type, custom_id, interaction)
        else:
            self._refuse(interaction, ButtonOutdated())

    def dispatch_modal(
        self, custom_id: str, interaction: discord.Interaction[Any], components: Any, resolved: Any
    ) -> None:
        """Let a form do its work with plain texts, and files in the order they were chosen in."""
        form = self._modals.get(custom_id)
        if form is None:
            self._refuse(interaction, FormOutdated())
            return
        if not is_as_asked(form, components, resolved):
            self._refuse(interaction, FormAltered())
            return
        make_plain(components)
        super().dispatch_modal(custom_id, interaction, components, _as_chosen(resolved, components))

    async def schedule_dynamic_item_call(
        self,
        component_type: int,
        factory: Any,
        interaction: discord.Interaction[Any],
        custom_id: str,
        match: re.Match[str],
    ) -> None:
        """Let a button that outlives restarts do its work; its errors are answered."""
        try:
            self._interactions.begin(interaction)
        except Restarting as refusal:
            await answer(interaction, refusal)
            return
        made: Any = _Answered(factory)
        await super().schedule_dynamic_item_call(
            component_type,
            made,
            interaction,
            custom_id,
            match,
        )
        if not made.is_made:  # the message shows no such item
            await answer(interaction, ButtonOutdated())

    def _knows(
        self, component_type: int, custom_id: str, interaction: discord.Interaction[Any]
    ) -> bool:
        if any(pattern.fullmatch(custom_id) for pattern in self._dynamic_items):
            return True
        message_id = interaction.message.id if interaction.message else None
        key = (component_type, custom_id)
        return any(key in self._views.get(place, {}) for place in (message_id, None))

    def _refuse(self, interaction: discord.Interaction[Any], refusal: NotPossible) -> None:
        """Tell it in a task of its own that a stop waits for."""

        async def refuse() -> None:
            try:
                self._interactions.begin(interaction)
            except Restarting as restarting:
                await answer(interaction, restarting)
                return
            await answer(interaction, refusal)

        self.add_task(asyncio.create_task(refuse(), name="refuse"))


def _as_chosen(resolved: Any, components: Any) -> Any:
    """Put what a form's values stand for in their order: the library keeps that of `resolved`."""
    fields = [component.get("component", component) for component in components]
    order = [value for field in fields for value in field.get("values", ())]
    return {
        kind: {key: things[key] for key in dict.fromkeys((*order, *things)) if key in things}
        for kind, things in resolved.items()
    }


class _Answered:
    """Makes items whose check and callback answer what goes wrong in them."""

    def __init__(self, factory: type[ui.DynamicItem[Any]]) -> None:
        self._factory = factory
        self.is_made = False

    async def from_custom_id(
        self, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> ui.DynamicItem[Any]:
        self.is_made = True
        made = await self._factory.from_custom_id(interaction, item, match)
        check, work = made.interaction_check, made.callback

        async def interaction_check(interaction: discord.Interaction[Any], /) -> bool:
            try:
                return await check(interaction)
            except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits
                await answer(interaction, error)
                return False

        async def callback(interaction: discord.Interaction[Any]) -> None:
            try:
                _check_offered(made.item)
                await work(interaction)
            except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits
                await answer(interaction, error)

        # On the object, not on a subclass: the library reads the class of every sent button anew.
        vars(made).update(interaction_check=interaction_check, callback=callback)
        return made


def _check_offered(item: ui.Item[Any]) -> None:
    if isinstance(item, ui.Select) and not is_offered(item, item.values):
        raise ButtonOutdated


def _noted(interaction: discord.Interaction[Any], error: BaseException) -> str:
    incident = secrets.token_hex(4)
    _log.error("command_failed", command=_name(interaction), incident=incident, exc_info=error)
    to = operator_of(interaction).reached
    return (
        f"Something went wrong on our side. If it happens again, name this id to {to}: {incident}"
    )


def _name(interaction: discord.Interaction[Any]) -> str:
    if interaction.command is not None:
        return interaction.command.qualified_name
    return str(dict(interaction.data or {}).get("custom_id", "?"))
