"""The answers to /settings: what is set for the whole server, and what was changed."""

from collections.abc import Sequence

from bot.domain.engines.engine import Engine
from bot.domain.guilds.settings import GuildSettings
from bot.domain.members.presets import Preset
from bot.domain.members.remixing import RemixRule
from bot.domain.wording.quoting import Markup, coded, quoted
from bot.domain.wording.sentences import say

_ENGINES_SHOWN = 40  # as many as surely fit into a message

ZONE = "Quotas and budgets reset in the time zone {zone} now."
NOTICES_GO = "Notices to moderators, such as budget warnings, go to {channel_id:channel} now."
NOTICES_END = "Notices to moderators, such as budget warnings, go nowhere now."
ROLE_MODERATES = (
    "Members with {role_id:role} moderate Easel here now, and those with Manage Server as before."
)
ROLE_ENDS = "Only members with Manage Server moderate Easel here now."

REMIX = {
    RemixRule.OWN: "Members may restyle only pictures of their own here now.",
    RemixRule.MEMBERS: (
        "Members may restyle here now what Easel made for others, and what others have posted "
        "where those allow it with `/privacy remix`."
    ),
    RemixRule.UPLOADS: (
        "Members may restyle here now what Easel made for others and what others post, except of "
        "who forbids it with `/privacy remix`."
    ),
}
REMIX_CHOICES = (
    (RemixRule.OWN, "only one’s own pictures"),
    (RemixRule.MEMBERS, "results, and uploads of who allows it (as usual)"),
    (RemixRule.UPLOADS, "results and uploads, unless their owner forbids it"),
)

_ZONE_LINE = "Time zone: {zone}"
_NO_BUDGET = "Budget: none"
_IMAGES_BUDGET = "Budget: {images} pictures per month"
_IMAGE_BUDGET = "Budget: 1 picture per month"
_USD_BUDGET = "Budget: {usd:.2f} USD per month"
_BOTH_BUDGETS = "Budget: {images} pictures and {usd:.2f} USD per month"
_IMAGE_USD_BUDGET = "Budget: 1 picture and {usd:.2f} USD per month"
_LOG_LINE = "Log channel: {channel_id:channel}"
_NO_LOG = "Log channel: none"
_ROLE_LINE = "Moderators: members with Manage Server or {role_id:role}"
_NO_ROLE = "Moderators: members with Manage Server"
_REMIX_LINES = {
    RemixRule.OWN: "Restyling: only one’s own pictures",
    RemixRule.MEMBERS: "Restyling: results, and uploads of who allows it",
    RemixRule.UPLOADS: "Restyling: results and uploads, unless their owner forbids it",
}
_PRESETS_LINE = "Presets: {names}"
_NO_PRESETS = "Presets: none"
_UNPRICED = (
    "-# The prices of these engines are not known, so they count as {usd:.2f} USD a picture: "
    "{names}."
)
_MORE_UNPRICED = (
    "-# The prices of these engines are not known, so they count as {usd:.2f} USD a picture: "
    "{names} and {more} more."
)


def settings_text(
    settings: GuildSettings, presets: Sequence[Preset], unpriced: Sequence[Engine]
) -> Markup:
    """Return all that is set; `unpriced` are the engines whose price nobody knows."""
    log_channel, role = settings.log_channel_id, settings.moderator_role_id
    lines = (
        say(_ZONE_LINE, zone=settings.timezone),
        _budget(settings),
        say(_LOG_LINE, channel_id=log_channel) if log_channel is not None else _NO_LOG,
        say(_ROLE_LINE, role_id=role) if role is not None else _NO_ROLE,
        _REMIX_LINES[settings.remix],
        say(_PRESETS_LINE, names=_names(presets)) if presets else _NO_PRESETS,
        _note(settings, unpriced),
    )
    return Markup("\n".join(line for line in lines if line))


def budget_text(settings: GuildSettings, unpriced: Sequence[Engine]) -> Markup:
    """Return the month's budgets, and which engines one in dollars counts without a price."""
    lines = (_budget(settings), _note(settings, unpriced))
    return Markup("\n".join(line for line in lines if line))


def _budget(settings: GuildSettings) -> Markup:
    images, usd = settings.budget_images, settings.budget_usd
    if images is None:
        return say(_NO_BUDGET if usd is None else _USD_BUDGET, usd=usd)
    if usd is None:
        return say(_IMAGE_BUDGET if images == 1 else _IMAGES_BUDGET, images=images)
    return say(_IMAGE_USD_BUDGET if images == 1 else _BOTH_BUDGETS, images=images, usd=usd)


def _names(presets: Sequence[Preset]) -> Markup:
    return Markup(", ".join(quoted(each.name) for each in presets))


def _note(settings: GuildSettings, unpriced: Sequence[Engine]) -> Markup:
    """Return in small print which engines a budget in dollars counts as assumed."""
    if settings.budget_usd is None or not unpriced:
        return Markup()
    names = Markup(", ".join(coded(engine.name) for engine in unpriced[:_ENGINES_SHOWN]))
    usd, more = unpriced[0].assumed_usd, len(unpriced) - _ENGINES_SHOWN
    return say(_MORE_UNPRICED if more > 0 else _UNPRICED, usd=usd, names=names, more=more)
