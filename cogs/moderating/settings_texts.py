"""The answers to /settings, and what its choices are called."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.domain.engines.engine import Engine
from bot.domain.guilds.settings import EVERYONE, GuildSettings, RoleRule
from bot.domain.labelling import words_for
from bot.domain.labels.corners import Corner
from bot.domain.labels.label import LabelRules
from bot.domain.labels.origin import Origin
from bot.domain.labels.wording import LabelLanguage
from bot.domain.members.presets import Preset
from bot.domain.members.remixing import RemixRule
from bot.domain.wording.quoting import Markup, coded, quoted
from bot.domain.wording.sentences import say

ALL = "all"  # of engines or styles, as it is typed
_ENGINES_SHOWN = 40  # as many as surely fit into a message

ZONE = "Quotas and budgets reset in the time zone {zone} now."
NOTICES_GO = (
    "From now on {channel_id:channel} tells moderators of results, acts, refused words, reports "
    "and budgets."
)
NOTICES_END = (
    "There is no log channel any more: moderators are told of nothing, and requests that would "
    "need their approval are refused."
)
ROLE_MODERATES = (
    "Members with {role_id:role} moderate Easel here now, and those with Manage Server as before."
)
ROLE_ENDS = "Only members with Manage Server moderate Easel here now."
PRIVATE_ALLOWED = "Members may ask for results that only they see, from now on."
PRIVATE_FORBIDDEN = "Members may no longer ask for results that only they see."
SPOILERS_BEGIN = (
    "Results in {channel_id:channel} are hidden until somebody clicks them, from now on."
)
SPOILERS_END = "Results in {channel_id:channel} are shown at once, from now on."
LABELLED = (
    "From now on results say “{generated}” or, of edited uploads, “{modified}”, in the {corner} "
    "corner."
)
APPROVAL_DAYS = "Members who joined less than {days} days ago wait for a moderator’s yes now."
APPROVAL_DAY = "Members who joined less than a day ago wait for a moderator’s yes now."
APPROVAL_ROLE = "Members without {role_id:role} wait for a moderator’s yes now."
APPROVAL_BOTH = (
    "Members who joined less than {days} days ago, or without {role_id:role}, wait for a "
    "moderator’s yes now."
)
APPROVAL_DAY_BOTH = (
    "Members who joined less than a day ago, or without {role_id:role}, wait for a moderator’s "
    "yes now."
)
APPROVAL_ENDS = "Nobody waits for a moderator’s yes now."
RULE_ENDS = "Members with {role_id:role} may use what everyone may, from now on."
EVERYONES_RULE_ENDS = "Everyone may use all engines and styles now, but for rules of single roles."

REMIX = {
    RemixRule.OWN: "Members may restyle only pictures of their own here now.",
    RemixRule.MEMBERS: (
        "Members may restyle here now what Easel made for others, and what others have posted "
        "where those allow it with `/privacy remix`."
    ),
    RemixRule.UPLOADS: (
        "Members may restyle here now what Easel made for others and what others post, unless "
        "those forbid it with `/privacy remix`."
    ),
}
REMIX_CHOICES = (
    (RemixRule.OWN, "only one’s own pictures"),
    (RemixRule.MEMBERS, "results, and uploads whose owner allows it (as usual)"),
    (RemixRule.UPLOADS, "results and uploads, unless their owner forbids it"),
)
CORNERS: Mapping[Corner | None, str] = MappingProxyType(
    {
        None: "calmest",
        Corner.BOTTOM_LEFT: "bottom left",
        Corner.BOTTOM_RIGHT: "bottom right",
        Corner.TOP_LEFT: "top left",
        Corner.TOP_RIGHT: "top right",
    }
)
_BY_AI = (Origin.GENERATED, Origin.MODIFIED)
LANGUAGES: Mapping[LabelLanguage | None, str] = MappingProxyType(
    {
        None: "As whoever runs the bot has it",
        LabelLanguage.ENGLISH: "English · AI-generated",
        LabelLanguage.CHINESE: "简体中文 · AI生成",
        LabelLanguage.TRADITIONAL_CHINESE: "繁體中文 · AI生成",
        LabelLanguage.FRENCH: "Français · Généré par IA",
        LabelLanguage.GERMAN: "Deutsch · KI-generiert",
        LabelLanguage.JAPANESE: "日本語 · AI生成",
        LabelLanguage.KOREAN: "한국어 · AI 생성",
        LabelLanguage.PORTUGUESE: "Português · Gerado por IA",
        LabelLanguage.RUSSIAN: "Русский · Сгенерировано ИИ",
        LabelLanguage.SPANISH: "Español · Generado por IA",
    }
)

_RULE_OF_ROLE = "Members with {role_id:role} may use now: {engines}; {styles}."
_RULE_OF_EVERYONE = "Everyone may use now: {engines}; {styles}."
_ALL_ENGINES = "all engines"
_ALL_STYLES = "all styles"
_STYLES = "the styles {names}"
_STYLES_MORE = "the styles {names} and {more} more"
_NAMES_MORE = "{names} and {more} more"
_EVERYWHERE = "Pictures may be made in every channel now."
_PLACES = "Pictures may be made in {channels} now, and nowhere else."
_PLACES_MORE = "Pictures may be made in {channels} and {more} more now, and nowhere else."
_NAMES_SHOWN = 12
_CHANNELS_SHOWN = 8
_PRESETS_SHOWN = 8

_NO_BUDGET = "Budget: none"
_IMAGES_BUDGET = "Budget: {images} pictures per month"
_IMAGE_BUDGET = "Budget: 1 picture per month"
_USD_BUDGET = "Budget: {usd:.2f} USD per month"
_BOTH_BUDGETS = "Budget: {images} pictures and {usd:.2f} USD per month"
_IMAGE_USD_BUDGET = "Budget: 1 picture and {usd:.2f} USD per month"
_WORDS_LINE = "Word list: {count} words, which `/settings words` shows"
_WORD_LINE = "Word list: 1 word, which `/settings words` shows"
_NO_WORDS = "Word list: none; `/settings words` makes one"
_PRESETS_LINE = "Presets: {names}"
_MORE_PRESETS_LINE = "Presets: {names} and {more} more"
_NO_PRESETS = "Presets: none; `/settings preset add` makes one"
_WARNED_AT = "Warning: at {percent} % of a budget"
_UNPRICED = (
    "-# The prices of these engines are not known, so they count as {usd:.2f} USD a picture: "
    "{names}."
)
_MORE_UNPRICED = (
    "-# The prices of these engines are not known, so they count as {usd:.2f} USD a picture: "
    "{names} and {more} more."
)
_UNPRICED_COUNT = "-# {count} engines whose price is not known count as {usd:.2f} USD a picture."
_UNPRICED_ONE = "-# One engine whose price is not known counts as {usd:.2f} USD a picture."


def places_text(settings: GuildSettings) -> Markup:
    """Return in which channels pictures may be made."""
    if not settings.channels:
        return say(_EVERYWHERE)
    more = len(settings.channels) - _CHANNELS_SHOWN
    return say(
        _PLACES_MORE if more > 0 else _PLACES, channels=channels_text(settings.channels), more=more
    )


def channels_text(channel_ids: Sequence[int], most: int = _CHANNELS_SHOWN) -> Markup:
    """Return the first of some channels, as clients show them."""
    shown = [say("{channel_id:channel}", channel_id=each) for each in channel_ids[:most]]
    return Markup(", ".join(shown))


def rule_text(rule: RoleRule) -> Markup:
    """Return what a role, or everyone, may use."""
    sentence = _RULE_OF_EVERYONE if rule.role_id == EVERYONE else _RULE_OF_ROLE
    engines, styles = engines_text(rule), styles_text(rule)
    return say(sentence, role_id=rule.role_id, engines=engines, styles=styles)


def engines_text(rule: RoleRule, most: int = _NAMES_SHOWN) -> Markup:
    """Return the engines of a rule by their names, for the middle of a sentence."""
    if not rule.engines:
        return say(_ALL_ENGINES)
    names = Markup(", ".join(coded(name) for name in rule.engines[:most]))
    more = len(rule.engines) - most
    return say(_NAMES_MORE, names=names, more=more) if more > 0 else names


def styles_text(rule: RoleRule, most: int = _NAMES_SHOWN) -> Markup:
    """Return the styles of a rule by their names, for the middle of a sentence."""
    if not rule.styles:
        return say(_ALL_STYLES)
    names, more = ", ".join(rule.styles[:most]), len(rule.styles) - most
    return say(_STYLES_MORE if more > 0 else _STYLES, names=names, more=more)


def label_text(settings: GuildSettings, rules: LabelRules, sentence: str = LABELLED) -> Markup:
    """Return what results are labelled with, and where."""
    said = {each.value: words_for(settings, rules, each) for each in _BY_AI}
    return say(sentence, corner=CORNERS[settings.label_corner], **said)


def approval_text(settings: GuildSettings) -> Markup:
    """Return who waits for a moderator's yes."""
    days, role_id = settings.approval_days, settings.approval_role_id
    if days is None:
        return say(APPROVAL_ENDS if role_id is None else APPROVAL_ROLE, role_id=role_id)
    if role_id is None:
        return say(APPROVAL_DAY if days == 1 else APPROVAL_DAYS, days=days)
    return say(APPROVAL_DAY_BOTH if days == 1 else APPROVAL_BOTH, days=days, role_id=role_id)


def budget_text(settings: GuildSettings, unpriced: Sequence[Engine]) -> Markup:
    """Return the month's budgets, and which engines one in dollars counts without a price."""
    return Markup("\n".join([*budget_lines(settings), *unpriced_note(settings, unpriced)]))


def words_line(count: int) -> Markup:
    """Return how long the word list is: who looks over a shoulder reads none of its words."""
    if not count:
        return say(_NO_WORDS)
    return say(_WORDS_LINE if count > 1 else _WORD_LINE, count=count)


def presets_line(presets: Sequence[Preset]) -> Markup:
    """Return the server's own styles by their names."""
    names = Markup(", ".join(quoted(each.name) for each in presets[:_PRESETS_SHOWN]))
    more = len(presets) - _PRESETS_SHOWN
    if more > 0:
        return say(_MORE_PRESETS_LINE, names=names, more=more)
    return say(_PRESETS_LINE if presets else _NO_PRESETS, names=names)


def budget_lines(settings: GuildSettings) -> list[Markup]:
    """Return the month's budgets, and where there are some, from how much on a warning comes."""
    if settings.budget_images is None and settings.budget_usd is None:
        return [say(_NO_BUDGET)]
    return [_budget_line(settings), say(_WARNED_AT, percent=settings.budget_warning)]


def _budget_line(settings: GuildSettings) -> Markup:
    images, usd = settings.budget_images, settings.budget_usd
    if images is None:
        return say(_USD_BUDGET, usd=usd)
    if usd is None:
        return say(_IMAGE_BUDGET if images == 1 else _IMAGES_BUDGET, images=images)
    return say(_IMAGE_USD_BUDGET if images == 1 else _BOTH_BUDGETS, images=images, usd=usd)


def unpriced_note(settings: GuildSettings, unpriced: Sequence[Engine]) -> list[Markup]:
    """Return in small print which engines a budget in dollars counts as assumed, if any."""
    if settings.budget_usd is None or not unpriced:
        return []
    names = Markup(", ".join(coded(engine.name) for engine in unpriced[:_ENGINES_SHOWN]))
    usd, more = unpriced[0].assumed_usd, len(unpriced) - _ENGINES_SHOWN
    return [say(_MORE_UNPRICED if more > 0 else _UNPRICED, usd=usd, names=names, more=more)]


def unpriced_count(settings: GuildSettings, unpriced: Sequence[Engine]) -> list[Markup]:
    """Return in small print how many engines that are, if any."""
    if settings.budget_usd is None or not unpriced:
        return []
    said = _UNPRICED_COUNT if len(unpriced) > 1 else _UNPRICED_ONE
    return [say(said, count=len(unpriced), usd=unpriced[0].assumed_usd)]
