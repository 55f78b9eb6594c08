"""The refusals of quotas, ceilings and budgets, and of wrong settings for them and a server."""

from typing import ClassVar

from bot.domain.errors import NotPossible


class QuotaSpent(NotPossible):
    """`limit`, `left`, `asked` and `most` are pictures or US dollars, `resets_at` unix seconds.

    `amount` is the limit in words, `most` the largest request that waiting could make possible,
    `can_hold` whether it is what was asked for. `soon` is said where waiting helps, `never` where
    only a smaller request does, `nothing` where neither does.
    """

    soon: ClassVar[str] = ""
    never: ClassVar[str] = ""
    nothing: ClassVar[str] = ""

    @property
    def template(self) -> str:
        """The sentence that tells whether waiting helps."""
        if self.facts["can_hold"]:
            return self.soon
        return self.never if self.facts["most"] > 0 else self.nothing


class MemberQuotaSpent(QuotaSpent):
    """A moderator set this for the member alone."""

    soon = (
        "Your own quota here is {amount}; {left} left, {asked} asked for. It resets "
        "{resets_at:from now}."
    )
    never = (
        "Your own quota here is {amount}; {left} left, {asked} asked for. At most {most} at once "
        "are possible, even after it resets {resets_at:from now}."
    )
    nothing = "Your own quota here allows no pictures."


class RoleQuotaSpent(QuotaSpent):
    """A moderator set this for a role; of several the most generous counts."""

    soon = (
        "The quota of {subject_id:role} is {amount} for each member; {left} left, {asked} asked "
        "for. It resets {resets_at:from now}."
    )
    never = (
        "The quota of {subject_id:role} is {amount} for each member; {left} left, {asked} asked "
        "for. At most {most} at once are possible, even after it resets {resets_at:from now}."
    )
    nothing = "The quota of {subject_id:role} allows no pictures."


class EveryoneQuotaSpent(QuotaSpent):
    """A moderator set this for everyone in the server."""

    soon = (
        "This server’s quota is {amount} for each member; {left} left, {asked} asked for. It "
        "resets {resets_at:from now}."
    )
    never = (
        "This server’s quota is {amount} for each member; {left} left, {asked} asked for. At most "
        "{most} at once are possible, even after it resets {resets_at:from now}."
    )
    nothing = "This server’s quota allows no pictures."


class UserCeilingReached(QuotaSpent):
    """The operator set `quotas.user_per_day`, or left its default."""

    soon = (
        "The limit set by {operator} is {amount} for each member, in all servers together; {left} "
        "left, {asked} asked for. It resets {resets_at:from now}."
    )
    never = (
        "The limit set by {operator} is {amount} for each member, in all servers together; {left} "
        "left, {asked} asked for. At most {most} at once are possible, even after it resets "
        "{resets_at:from now}."
    )
    nothing = "The limit set by {operator} allows no pictures."


class GuildCeilingReached(QuotaSpent):
    """The operator set `quotas.guild_per_day`, or left its default."""

    soon = (
        "The limit for this server, set by {operator}, is {amount}; {left} left, {asked} asked "
        "for. It resets {resets_at:from now}."
    )
    never = (
        "The limit for this server, set by {operator}, is {amount}; {left} left, {asked} asked "
        "for. At most {most} at once are possible, even after it resets {resets_at:from now}."
    )
    nothing = "The limit for this server, set by {operator}, allows no pictures."


class PictureBudgetSpent(QuotaSpent):
    """A moderator set the server a budget in pictures."""

    soon = (
        "This server’s budget is {amount}; {left} left, {asked} asked for. It resets "
        "{resets_at:from now}."
    )
    never = (
        "This server’s budget is {amount}; {left} left, {asked} asked for. At most {most} at once "
        "are possible, even after it resets {resets_at:from now}."
    )
    nothing = "This server’s budget allows no pictures."


class MoneyBudgetSpent(QuotaSpent):
    """A moderator set the server a budget in US dollars."""

    soon = (
        "This server’s budget is {amount}; {left:.2f} USD left, and this counts as {asked:.2f} "
        "USD. It resets {resets_at:from now}."
    )
    never = (
        "This server’s budget is {amount}; {left:.2f} USD left, and this counts as {asked:.2f} "
        "USD. That is more than all of it, even after it resets {resets_at:from now}."
    )
    nothing = "This server’s budget allows nothing that has a price."


class AccountCeilingReached(QuotaSpent):
    """The operator set `quotas.account_usd_per_month`, or left its default.

    What the operator pays in all is no member's business, so it names only what is left.
    """

    soon = (
        "{left:.2f} USD is left of the monthly budget set by {operator}, and this counts as "
        "{asked:.2f} USD. It resets {resets_at:from now}."
    )
    never = (
        "This counts as {asked:.2f} USD, which is more than the whole monthly budget set by "
        "{operator}."
    )
    nothing = "The monthly budget set by {operator} allows nothing that has a price."


class SubmittingPaused(NotPossible):
    """Contract, "How a job may end": five refusals by review in an hour."""

    sentence = (
        "{count} of your requests were refused by review within an hour, so none are taken now. "
        "Requests are taken again {resets_at:from now}."
    )


class UserOrRole(NotPossible):
    """A rule has one subject."""

    sentence = "Name a member or a role, not both; neither means each member."


class UnknownTimeZone(NotPossible):
    """Names are those of the IANA database."""

    sentence = "There is no time zone “{name}”. Choose one from the list, such as Europe/Berlin."


class NothingToSet(NotPossible):
    """A command whose options were all left out."""

    sentence = "Name at least one of: {options}."


class ChannelOrOff(NotPossible):
    """`/settings log` without a choice, or with both."""

    sentence = (
        "Choose a channel for the notices, or set `off` to True to have none: one of the two."
    )


class RoleOrOff(NotPossible):
    """`/settings moderator` without a choice, or with both."""

    sentence = (
        "Choose the moderators’ role, or set `off` to True to have none: one of the two. "
        "`/settings show` shows how it is set."
    )


class EveryoneModerates(NotPossible):
    sentence = "@everyone cannot be the moderators’ role: it would make everybody a moderator."


class ChannelNotSeen(NotPossible):
    """Discord tells the bot of no such channel: hidden, a closed thread, or made just now."""

    sentence = (
        "Easel does not see {channel_id:channel}. Give it the permission View Channel there; into "
        "a private or archived thread, invite it by mentioning it."
    )


class ChannelClosed(NotPossible):
    """A log channel that Easel could not post to would be none."""

    sentence = "Easel cannot post in {channel_id:channel}: it lacks {missing} there."


class NoSuchRule(NotPossible):
    """There was no rule to clear."""

    sentence = "No such quota is set, so there is nothing to clear."


class NoReason(NotPossible):
    """A grant is kept with why it was given."""

    sentence = "There is nothing to see in the reason. Say why in words; it is kept with the grant."


class NothingGranted(NotPossible):
    """Neither given nor taken back."""

    sentence = "Name how many pictures to give; a negative number takes so many back."


class NothingToTakeBack(NotPossible):
    """A grant that is used, or was never given."""

    sentence = "{user_id:member} has no extra pictures left that could be taken back."


class BudgetNotInCents(NotPossible):
    """An amount that could not be shown as it is kept, or a negative one that is not -1."""

    sentence = (
        "A budget of {usd} USD is not possible: name dollars and whole cents, such as 9.50; "
        "-1 removes the budget."
    )


class OnlyInServers(NotPossible):
    """Quotas are set for a server; direct messages have none but the operator's."""

    sentence = "That is for servers; in direct messages only the limits set by {operator} apply."
