"""What whoever runs the bot is told at a terminal: one class and one plain sentence per fault."""

from bot.domain.errors import EaselError
from bot.domain.provider_errors import Busy, OutcomeUnknown, ProviderError, ServerFault
from bot.domain.storage_errors import StorageUnavailable
from bot.domain.wording.unreachable import why_unreachable


class SettingsError(Exception):
    """Settings that cannot work; the text names the variable and the remedy, never the value."""


class FileUnusable(EaselError):
    sentence = "{file} cannot be {done} ({why}). {remedy}"


class PortUnusable(EaselError):
    sentence = (
        "Port {port} cannot be used ({why}). Choose another with --port; 0 takes any free one."
    )


class OutputUnusable(EaselError):
    sentence = "The output cannot be written ({why})."


class ChannelUnusable(EaselError):
    sentence = (
        "Nothing could be posted in the channel {channel} ({why}). Choose one where the bot may "
        "see, write, attach files and read the history."
    )


class StyleUndrawn(EaselError):
    sentence = (
        "The style {style} was not drawn ({why}). The same command draws what is missing; what is "
        "there stays."
    )


class StylesStopped(EaselError):
    sentence = (
        "The styles are not all drawn: {why}. The same command draws what is missing; what is "
        "there stays."
    )


class NotPlayed(EaselError):
    sentence = "Discord would not send that: {why}."


def told(error: EaselError) -> str:
    """Return the sentence for an operator: members are not told codes and causes, operators are."""
    if isinstance(error, ProviderError):
        word = "did not answer" if is_silent(error) else "answered"
        return f"The API {word}: {said_by_api(error)}. What to do: {_remedy(error)}."
    if isinstance(error, StorageUnavailable) and error.__cause__ is not None:
        place = error.facts.get("place") or "the database or the disk"
        why = getattr(error.__cause__, "orig", None) or error.__cause__
        return f"Now cannot be used: {place} ({why}). Try again once it can."
    return str(error)


def _remedy(error: ProviderError) -> str:
    if isinstance(error, OutcomeUnknown):
        return "look whether it is on the cloud's bill before you repeat it"
    usual = "check the network and the endpoint" if is_silent(error) else "try again in a minute"
    return str(getattr(error, "remedy", "")).rstrip(".") or usual


def is_silent(error: ProviderError) -> bool:
    """Tell whether the service itself said nothing: there is no request id then."""
    return _is_of_the_way(error) or (isinstance(error, ServerFault | Busy) and not error.request_id)


def _is_of_the_way(error: ProviderError) -> bool:
    """Tell whether the way to the service failed, so that the code is but a class's name."""
    cause = error.__cause__
    return cause is not None and error.code == type(cause).__name__


def said_by_api(error: ProviderError) -> str:
    """Return an API's answer as it gave it: code, words and request id; or why there is none."""
    if _is_of_the_way(error):
        return f"{why_unreachable(error.__cause__ or error)} ({error.detail})"
    request = f", RequestId {error.request_id}" if error.request_id else ""
    detail = f": {error.detail.rstrip('.')}" if error.detail else ""
    return f"{error.code}{detail}{request}"


class DiscordUnreachable(EaselError):
    sentence = "Discord cannot be reached ({why}). Check the network, and EASEL_DISCORD_API if set."


class GatewayEnded(EaselError):
    sentence = "Discord ended the connection that commands come by ({why})."


class NoSessionsLeft(EaselError):
    sentence = (
        "Discord lets this bot start {left} more gateway sessions until {again}, and it needs "
        "{needed}. It was started too often; at the limit Discord would reset its token."
    )
