"""Why moderators were not told, and why a picture may not be restyled."""

from bot.domain.errors import NotPossible


class NotYourRefusal(NotPossible):
    sentence = (
        "You cannot ask about this: it is somebody else’s request, was not refused by review, or "
        "is no longer known here."
    )


class NoResultHere(NotPossible):
    sentence = "Only pictures that I have posted here, and still know of, can be reported to me."


class NoModeratorsHere(NotPossible):
    sentence = (
        "There are no moderators in direct messages, so nobody was told. Write to "
        "{operator_reached} instead."
    )


class NoLogChannel(NotPossible):
    sentence = (
        "This server’s moderators have not chosen a channel for such messages, so nobody was told. "
        "Write to one of them yourself."
    )


class ModeratorsNotReached(NotPossible):
    sentence = (
        "The moderators’ channel could not be written to, so nobody was told. Try again later, or "
        "write to one of them yourself."
    )


class ToldAlready(NotPossible):
    sentence = "The moderators were told of this already."


class TooManyReports(NotPossible):
    sentence = (
        "You have told the moderators of {most} things within an hour, which is the most. Try "
        "again later, or write to one of them yourself."
    )


class OwnPicturesOnly(NotPossible):
    sentence = (
        "In this server only pictures of one’s own may be restyled; this one is {owner:member}’s."
    )


class OwnerForbids(NotPossible):
    sentence = "{owner:member} does not let others restyle their pictures."


class UploadNotShared(NotPossible):
    sentence = (
        "This picture was posted by {owner:member}, who has not allowed others to restyle what "
        "they post. They allow it with `/privacy remix`."
    )


class UploadOfABot(NotPossible):
    sentence = (
        "This picture was posted by {owner:member}, a bot or a webhook, which cannot say whether "
        "others may restyle it. Moderators can allow it for everything posted in their server with "
        "`/settings remix`."
    )


class NoPictureThere(NotPossible):
    sentence = "There is no picture in this message that I could restyle."


class PresetNameUnfit(NotPossible):
    sentence = "A preset’s name has 1 to {limit} characters, of which some can be seen, and no “·”."


class PresetWordsUnfit(NotPossible):
    sentence = "A preset’s words are 1 to {limit} characters, of which some can be seen."


class PresetNameTaken(NotPossible):
    sentence = "“{name}” is the name of a style already. Choose another one for the preset."


class TooManyPresets(NotPossible):
    sentence = (
        "This server has {limit} presets, which is the most. Remove one with "
        "`/settings preset remove` first."
    )


class NoSuchPreset(NotPossible):
    sentence = "This server has no preset “{name}”. The list has all there are."


class NoPresetEither(NotPossible):
    """`why` says what is wrong with it as a style of an engine."""

    sentence = "{why} This server has no preset “{style}” either; it may have been removed."


class TooLongWithPreset(NotPossible):
    """`why` names the limit that the prompt exceeds together with the preset's words."""

    sentence = "{why} The preset “{preset}” makes up {length} of the prompt’s characters."


class NoStyleOrPreset(NotPossible):
    sentence = "No engine has the style “{style}”, and this server has no preset of that name."


class NoSuchRatio(NotPossible):
    sentence = "No engine takes the ratio “{ratio}”. There are: {offered}."
