"""Why somebody may not ask for pictures in a server, and why a moderator may not change that."""

from bot.domain.errors import NotPossible


class Blocked(NotPossible):
    """`reason` is the moderator's; `until` is in unix seconds, None of no end."""

    @property
    def template(self) -> str:
        """The sentence that tells whether it ends by itself."""
        if self.facts["until"] is None:
            return (
                "This server’s moderators have blocked you from asking for pictures here, until "
                "they lift it. Their reason: {reason}"
            )
        return (
            "This server’s moderators have blocked you from asking for pictures here; that ends "
            "{until:from now}. Their reason: {reason}"
        )


class RoleBlocked(Blocked):
    """The same of whoever has a role, unless they moderate."""

    @property
    def template(self) -> str:
        """The sentence that tells whether it ends by itself."""
        if self.facts["until"] is None:
            return (
                "This server’s moderators have blocked everybody with the role {role_id:role} from "
                "asking for pictures here, until they lift it. Their reason: {reason}"
            )
        return (
            "This server’s moderators have blocked everybody with the role {role_id:role} from "
            "asking for pictures here; that ends {until:from now}. Their reason: {reason}"
        )


class WordNotAllowed(NotPossible):
    """`word` is as the server's list has it; `is_shown` to those who moderate."""

    @property
    def template(self) -> str:
        """The sentence that keeps the word from everybody but moderators."""
        if self.facts["is_shown"]:
            return (
                "Your words hold “{word}”, which is on this server’s word list. Only those who "
                "moderate are told which word it is. Nothing was used from your quota."
            )
        return (
            "Your words hold something that this server’s moderators do not allow in requests. "
            "Nothing was used from your quota; put it in other words."
        )


class UserOrRoleToBlock(NotPossible):
    sentence = "Name a member or a role, and not both."


class NoReasonForBlock(NotPossible):
    sentence = (
        "There is nothing to see in the reason. Say why in words; whoever is blocked reads it."
    )


class NotYourself(NotPossible):
    sentence = "You cannot block yourself, or lift a block of your own."


class ModeratorsNotBlocked(NotPossible):
    sentence = (
        "{user_id:member} moderates Easel here; only members with the permission Manage Server may "
        "block moderators or lift that."
    )


class RoleModerates(NotPossible):
    sentence = (
        "A role’s block never holds for those who moderate, so blocking {role_id:role} would do "
        "nothing. Block its members one by one, which needs the permission Manage Server."
    )


class EveryoneNotBlocked(NotPossible):
    sentence = "Everybody has @everyone. Stop the queue for all with `/queue pause`."


class NotBlocked(NotPossible):
    sentence = "There is no such block here; `/block list` shows those there are."


class TooManyBlocks(NotPossible):
    sentence = (
        "A server has at most {most} blocks. Lift some first, or block a role that they share."
    )


class EndNotRead(NotPossible):
    sentence = (
        "“{typed}” is no end that I can read. Write a span such as 3d, 12h or 1d 12h, a day such "
        "as 2026-12-24, a time such as 18:00, or both as 2026-12-24 18:00, in the server’s time "
        "zone; leave it empty for no end."
    )


class EndNotAhead(NotPossible):
    sentence = "“{typed}” is over already. An end lies ahead; leave it empty for no end."


class EndTooFar(NotPossible):
    sentence = "“{typed}” is more than {years} years ahead. Leave it empty for no end."


class WordTooLong(NotPossible):
    sentence = "A word of the list has at most {most} characters; “{word}” is longer."


class WordWithoutLetters(NotPossible):
    sentence = "There is neither a letter nor a digit in “{word}”."


class WordTooWide(NotPossible):
    sentence = (
        "“{word}” would be found in nearly every text. Beside a star stand two letters or more."
    )


class StarBetweenWords(NotPossible):
    sentence = (
        "In “{word}” a star stands inside several words. A star inside stands for letters of one "
        "word; several words have stars at their beginning or end alone."
    )


class TooManyGaps(NotPossible):
    sentence = "At most {most} words of a list may have a star inside, as in f*t."


class TooManyWords(NotPossible):
    sentence = "A word list holds at most {most} words; with these it would be {count}."


class NoSuchWords(NotPossible):
    sentence = "None of these words is on the list; `/settings words` shows all of it."


class WordFileUnread(NotPossible):
    sentence = (
        "A file of words is a text file in UTF-8 of at most {most}, with one word a line; this is "
        "none."
    )


class NothingNewToList(NotPossible):
    sentence = "All of these words are on the list already."


class OneChangeOfWords(NotPossible):
    sentence = (
        "One change at a time: `add`, `remove`, `file` or `clear`; none of them shows the list."
    )


class NobodyToApprove(NotPossible):
    sentence = (
        "The first pictures of new members need a moderator’s approval here, and there is no "
        "channel to ask in: a moderator has to choose one with `/settings log`. Nothing was used "
        "from your quota."
    )


class ShownToModerators(NotPossible):
    sentence = (
        "The first pictures of new members need a moderator’s approval here. What you asked for is "
        "private, and its prompt and pictures would be shown in the moderators’ channel, so it was "
        "not sent. Use the command again to be asked whether you want that."
    )


class NotYourApproval(NotPossible):
    sentence = "There is nothing of this server to decide here."


class DecidedAlready(NotPossible):
    sentence = "{by:member} was quicker: it is decided already."


class NoLongerWaits(NotPossible):
    sentence = "It no longer waits for approval: {how}."
