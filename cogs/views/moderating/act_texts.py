"""The words of moderators' acts: one sentence for what was done, and what it changed."""

import re
from datetime import UTC, datetime
from types import MappingProxyType

from bot.domain.jobs.reasons.denial import DenyReason
from bot.domain.moderation.acts import NO_END, ActKind, WrittenAct
from bot.domain.quotas.amounts import Amount
from bot.domain.quotas.quota import Scope
from bot.domain.wording import mentions
from bot.domain.wording.quoting import Markup, coded, quoted
from bot.domain.wording.sentences import say
from cogs.views.moderating.setting_texts import CHANGED, value_text

_DID = MappingProxyType(
    {
        ActKind.SETTING: "{who} changed the setting {target}.",
        ActKind.QUOTA_SET: "{who} set the quota of {whose}.",
        ActKind.QUOTA_CLEARED: "{who} cleared the quota of {whose}.",
        ActKind.QUOTA_GRANTED: "{who} gave {whom} extra pictures: {after}.",
        ActKind.PRESET_SET: "{who} set the preset {target}.",
        ActKind.PRESET_REMOVED: "{who} removed the preset {target}.",
        ActKind.JOB_FIRST: "{who} put {target} of {whom} first.",
        ActKind.JOB_HELD: "{who} held {target} of {whom}.",
        ActKind.JOB_RELEASED: "{who} released {target} of {whom}.",
        ActKind.JOB_CANCELLED: "{who} cancelled {target} of {whom}.",
        ActKind.QUEUE_PAUSED: "{who} paused this server’s queue.",
        ActKind.QUEUE_RESUMED: "{who} resumed this server’s queue.",
        ActKind.QUEUE_DRAINED: "{who} drained this server’s queue.",
        ActKind.RESULT_DELETED: "{who} deleted the result {target} of {whom}.",
        ActKind.APPROVED: "{who} approved {target} of {whom}.",
        ActKind.DENIED: "{who} denied {target} of {whom}.",
        ActKind.BLOCKED: "{who} blocked {whose}.",
        ActKind.UNBLOCKED: "{who} ended the block of {whose}.",
        ActKind.WORDS_ADDED: "{who} added to the word list: {after}.",
        ActKind.WORDS_REMOVED: "{who} removed from the word list: {before}.",
    }
)
# Where they were more than are written down.
_MANY_WORDS = MappingProxyType(
    {
        ActKind.WORDS_ADDED: "{who} added {target} words to the word list: {after}",
        ActKind.WORDS_REMOVED: "{who} removed {target} words from the word list: {before}",
    }
)
_TAKEN_BACK = "{who} took extra pictures back from {whom}: {after}."
_DENIED = MappingProxyType(
    {
        DenyReason.RULES: "It is against the rules of this server.",
        DenyReason.UNSUITED: "It does not belong in that channel.",
        DenyReason.PERSON: "It is about a real person.",
        DenyReason.PICTURE: "The picture given may not be used.",
        DenyReason.OTHER: "For another reason.",
    }
)
_SAYS_IT_ALL = {ActKind.QUOTA_GRANTED, ActKind.WORDS_ADDED, ActKind.WORDS_REMOVED}

_CHANGED = "Before: {before}. After: {after}."
_WAS = "Before: {before}."
_IS = "After: {after}."
_END = "%Y-%m-%d %H:%M UTC"  # as acts keep the end of a block
_UNTIL = "Until {until}."
_HAD_END = "It would have ended {until}."
_WHY = "Reason: {reason}"
_ERASED = "somebody whose data was erased"

_SCOPED = re.compile(r"(?P<scope>member|role|everyone)(?::(?P<id>\d+))?(?::(?P<period>\w+))?")
_JOB = re.compile(r"[0-9a-z]{13}")
_QUOTED_MENTION = re.compile(r"\\<(?:(?P<channel>#)|\\@&)(?P<id>\d+)\\>")


def act_text(act: WrittenAct, most: int) -> Markup:
    """Return who did what, and in small print what was set and why.

    Of each text of the act at most so many characters are shown.
    """
    details = [line for line in (_change(act, most), _reason(act, most)) if line]
    return Markup("\n".join([_did(act, most), *(f"-# {line}" for line in details)]))


def _did(act: WrittenAct, most: int) -> Markup:
    is_taken_back = act.kind is ActKind.QUOTA_GRANTED and (act.after or "").startswith("-")
    setting = CHANGED.get(act.target or "") if act.kind is ActKind.SETTING else None
    many = _MANY_WORDS.get(act.kind) if act.target is not None else None
    return say(
        setting or many or (_TAKEN_BACK if is_taken_back else _DID[act.kind]),
        who=_person(act.by),
        whom=_person(act.member),
        whose=_whose(act),
        target=_shown(act.target, most),
        before=_shown(act.before, most),
        after=_shown((act.after or "").removeprefix("-") if is_taken_back else act.after, most),
    )


def _person(user_id: int | None) -> Markup:
    return say(_ERASED) if user_id is None else say("{user_id:member}", user_id=user_id)


def _whose(act: WrittenAct) -> Markup:
    """Return whom a quota or a block is for."""
    scoped = _SCOPED.fullmatch(act.target or "")
    if scoped is None or scoped["scope"] == Scope.MEMBER:
        return _person(act.member)
    if scoped["id"] is None:
        return say("each member")
    return say("each member with {role_id:role}", role_id=int(scoped["id"]))


def _change(act: WrittenAct, most: int) -> str:
    if act.kind is ActKind.BLOCKED:
        return "" if act.after in {None, NO_END} else say(_UNTIL, until=_end(act.after or ""))
    if act.kind is ActKind.UNBLOCKED:
        return "" if act.before in {None, NO_END} else say(_HAD_END, until=_end(act.before or ""))
    if act.kind is ActKind.DENIED and act.after is not None:
        return say(_DENIED[DenyReason(act.after)])
    if act.kind in _SAYS_IT_ALL or (act.before is None and act.after is None):
        return ""
    both = _CHANGED if act.after is not None else _WAS
    said = both if act.before is not None else _IS
    return say(said, before=_amount(act, act.before, most), after=_amount(act, act.after, most))


def _amount(act: WrittenAct, value: str | None, most: int) -> Markup:
    """Return what was set; of a quota, and of a setting that is kept as a code, in words."""
    said = value_text(act.target, value or "") if act.kind is ActKind.SETTING else None
    if said is not None:
        return said
    scoped = _SCOPED.fullmatch(act.target or "")
    if scoped is None or scoped["period"] is None or value is None:
        return _shown(value, most)
    return quoted(str(Amount(int(value), scoped["period"])))


def _end(text: str) -> Markup:
    """Return when a block ends, in the reader's own time."""
    try:
        at = datetime.strptime(text, _END).replace(tzinfo=UTC)
    except ValueError:
        return quoted(text)
    return mentions.date_and_time(at.timestamp())


def _reason(act: WrittenAct, most: int) -> str:
    return say(_WHY, reason=_shown(act.reason, most)) if act.reason else ""


def _shown(text: str | None, most: int) -> Markup:
    """Return a text of an act, in which channels and roles stay what they are."""
    if text is None:
        return Markup("")
    if _JOB.fullmatch(text):
        return coded(text)
    return Markup(_QUOTED_MENTION.sub(_mention, quoted(text, most)))


def _mention(found: re.Match[str]) -> str:
    return (
        mentions.channel(int(found["id"])) if found["channel"] else mentions.role(int(found["id"]))
    )
