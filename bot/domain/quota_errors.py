"""The refusals of quotas, ceilings and budgets, and of wrong settings for them and a server."""

from bot.domain.errors import NotPossible


class QuotaSpent(NotPossible):
    """`left` and `limit` are pictures or US dollars, `resets_at` is in unix seconds.

    `pictures` is the limit in words.
    """

    sentence = (
        "The limit is {pictures} per {period}; {left} left, {asked} asked for. "
        "It resets <t:{resets_at}:R>."
    )


class MemberQuotaSpent(QuotaSpent):
    """A moderator set this for the member alone."""

    sentence = (
        "Your own quota here is {pictures} per {period}; {left} left, {asked} asked for. "
        "It resets <t:{resets_at}:R>."
    )


class RoleQuotaSpent(QuotaSpent):
    """A moderator set this for a role; of several the most generous counts."""

    sentence = (
        "The quota of <@&{subject_id}> is {pictures} per {period} for each member; "
        "{left} left, {asked} asked for. It resets <t:{resets_at}:R>."
    )


class EveryoneQuotaSpent(QuotaSpent):
    """A moderator set this for everyone in the server."""

    sentence = (
        "This server’s quota is {pictures} per {period} for each member; {left} left, "
        "{asked} asked for. It resets <t:{resets_at}:R>."
    )


class UserCeilingReached(QuotaSpent):
    """The operator set `quotas.user_per_day`, or left its default."""

    sentence = (
        "The operator’s limit is {pictures} per {period} for each member, in all servers "
        "together; {left} left, {asked} asked for. It resets <t:{resets_at}:R>."
    )


class GuildCeilingReached(QuotaSpent):
    """The operator set `quotas.guild_per_day`, or left its default."""

    sentence = (
        "The operator’s limit for this server is {pictures} per {period}; {left} left, "
        "{asked} asked for. It resets <t:{resets_at}:R>."
    )


class PictureBudgetSpent(QuotaSpent):
    """A moderator set the server a budget in pictures."""

    sentence = (
        "This server’s budget is {pictures} per {period}; {left} left, {asked} asked for. "
        "It resets <t:{resets_at}:R>."
    )


class MoneyBudgetSpent(QuotaSpent):
    """A moderator set the server a budget in US dollars."""

    sentence = (
        "This server’s budget is {limit:.2f} USD per {period}; {left:.2f} USD left, and this "
        "costs {asked:.2f} USD. It resets <t:{resets_at}:R>."
    )


class AccountCeilingReached(QuotaSpent):
    """The operator set `quotas.account_usd_per_month`, or left its default."""

    sentence = (
        "The operator’s budget is {limit:.2f} USD per {period}, for all servers together; "
        "{left:.2f} USD left, and this costs {asked:.2f} USD. It resets <t:{resets_at}:R>."
    )


class SubmittingPaused(NotPossible):
    """Contract, "How a job may end": five refusals by review in an hour."""

    sentence = (
        "{count} of your requests were refused by review within an hour, so no more are taken "
        "now; none left until <t:{resets_at}:R>."
    )


class UserOrRole(NotPossible):
    """A rule has one subject."""

    sentence = "Name a member or a role, not both; neither means everyone."


class UnknownTimeZone(NotPossible):
    """Names are those of the IANA database."""

    sentence = "There is no time zone “{name}”. Choose one from the list, such as Europe/Berlin."


class NothingToSet(NotPossible):
    """A command whose options were all left out."""

    sentence = "Name at least one of: {options}."


class ChannelNotSeen(NotPossible):
    """Discord tells the bot of no such channel: hidden, a closed thread, or made just now."""

    sentence = (
        "Easel does not see <#{channel_id}>. Give it the permission View Channel there; into a "
        "private or archived thread, invite it by mentioning it."
    )


class ChannelClosed(NotPossible):
    """A log channel that Easel could not post to would be none."""

    sentence = "Easel cannot post in <#{channel_id}>: it lacks {missing} there."


class NoSuchRule(NotPossible):
    """There was no rule to clear."""

    sentence = "No such quota is set, so there is nothing to clear."
