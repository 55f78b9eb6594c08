"""The refusals of unknown engines, and of options, prompts and pictures that one does not take."""

from bot.domain.errors import NotPossible


class UnknownEngine(NotPossible):
    sentence = (
        "There is no engine “{engine}” for /{command}. The list has all there are, such as {known}."
    )


class OthersTakeIt(NotPossible):
    sentence = "{why} With these it works: {others}."


class NoneTakesAll(NotPossible):
    sentence = "No engine takes all of that together. {which}. Leave something out."


class OptionNotOffered(NotPossible):
    sentence = "The engine “{engine}” does not take {option}. It takes: {offered}."


class OptionOutOfRange(NotPossible):
    sentence = "The engine “{engine}” does not take “{value}” for {option}. It takes: {offered}."


class OptionWithPicture(NotPossible):
    sentence = "The engine “{engine}” does not take {option} together with a picture."


class OptionFixed(NotPossible):
    sentence = (
        "What the engine “{engine}” does about {option} is fixed by {operator}. Leave it out, or "
        "choose another engine."
    )


class OptionMissing(NotPossible):
    sentence = "The engine “{engine}” needs {option}. It takes: {offered}."


class OptionsDisagree(NotPossible):
    sentence = "The engine “{engine}” does not take {option} together with {other} “{value}”."


class SizeAndRatioDisagree(NotPossible):
    sentence = "The size “{size}” is not {ratio}. Give only one of them."


class PromptMissing(NotPossible):
    sentence = "The engine “{engine}” needs a prompt: say what the picture should show."


class NothingToSee(NotPossible):
    sentence = (
        "The {option} has nothing in it that can be seen. Say in words or emoji what you mean."
    )


class PromptTooLong(NotPossible):
    sentence = "The {option} has {length} characters; the engine “{engine}” takes at most {limit}."


class PictureMissing(NotPossible):
    sentence = "The engine “{engine}” needs a picture to work on."


class TooManyPictures(NotPossible):
    sentence = "The engine “{engine}” takes at most {limit} pictures; you handed in {count}."


class RatioAsBefore(NotPossible):
    sentence = "The picture is {ratio} already ({width} × {height} pixels). Choose another ratio."


class RatioTooFar(NotPossible):
    sentence = (
        "The picture is {width} × {height} pixels; extended to {ratio} it would have {times:.1f} "
        "times its area, and the engine “{engine}” goes to {limit:g} times. Choose a nearer ratio."
    )


class AlreadyAsLarge(NotPossible):
    sentence = (
        "The picture’s long side has {side} pixels already, and the engine “{engine}” enlarges "
        "pictures up to {limit}."
    )


class EnlargedTooFar(NotPossible):
    sentence = (
        "At {size} the picture’s long side would have {side} pixels, and the engine “{engine}” "
        "goes up to {limit}. Leave size out, and it gets as large as it can."
    )


class PictureBelowFilter(NotPossible):
    sentence = (
        "The picture is {width} × {height} pixels; with the filter, both sides must have at least "
        "{minimum} pixels. Set filter to False to use it all the same."
    )
