r"""Prompts with choices: `{red,blue} cat` is a red cat and a blue cat; `\{` is a brace."""

import re
from collections.abc import Iterator
from itertools import product

from bot.domain.permutations.errors import (
    EmptyChoice,
    FarTooManyChoices,
    NestedChoices,
    TooManyChoices,
)

MOST_PICTURES = 10  # of all choices together (contract)
_MOST_COUNTED = 10_000  # a prompt has room for choices that multiply to hundreds of digits

_PART = re.compile(r"\\[{}]|\\,|[{},]|[^\\{},]+|\\", re.DOTALL)
_ESCAPES = {r"\{": "{", r"\}": "}", r"\,": ","}


def prompts_of(prompt: str, *, each: int = 1) -> tuple[str, ...]:
    """Return the prompts that a prompt with choices stands for, in order and each of them once.

    A group with a single choice is text, and so is any brace that has no partner; such a prompt is
    returned as it was typed, but for escapes. `each` is how many pictures are asked for of each.
    Raises NestedChoices; EmptyChoice where no words are left; TooManyChoices or FarTooManyChoices
    for more than `MOST_PICTURES` in all.
    """
    groups = list(_groups(_PART.findall(prompt)))
    if all(len(group) == 1 for group in groups):
        return ("".join(group[0] for group in groups),)
    number = each
    for group in groups:
        number *= len(group)
        if number > _MOST_COUNTED:
            raise FarTooManyChoices(limit=MOST_PICTURES)
    if number > MOST_PICTURES:
        raise TooManyChoices(asked=number, limit=MOST_PICTURES)
    found = tuple(dict.fromkeys(_tidied("".join(choices)) for choices in product(*groups)))
    if "" in found:
        raise EmptyChoice
    return found


def _tidied(prompt: str) -> str:
    """Take out the blanks that an empty choice leaves; line breaks stay where they were typed."""
    lines = (" ".join(line.split()) for line in prompt.strip().splitlines())
    return "\n".join(lines)


def _groups(parts: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the pieces of a prompt in order: a text is a group of one choice."""
    ends = _ends_of_groups(parts)
    at = 0
    while at < len(parts):
        end = ends.get(at)
        if end is None:
            yield (_text(parts[at]),)
            at += 1
            continue
        choices = _choices(parts[at + 1 : end])
        yield choices if len(choices) > 1 else ("{" + choices[0] + "}",)
        at = end + 1


def _ends_of_groups(parts: list[str]) -> dict[int, int]:
    """Return where each group begins and ends; a brace without a partner is none. One pass."""
    ends: dict[int, int] = {}
    begin: int | None = None
    is_nested = False
    for at, part in enumerate(parts):
        if part == "{":
            is_nested = begin is not None
            begin = at if begin is None else begin
        elif part == "}" and begin is not None:
            if is_nested:
                raise NestedChoices
            ends[begin], begin = at, None
    return ends


def _choices(parts: list[str]) -> tuple[str, ...]:
    choices = [""]
    for part in parts:
        if part == ",":
            choices.append("")
        else:
            choices[-1] += _text(part)
    return tuple(choices)


def _text(part: str) -> str:
    return _ESCAPES.get(part, part)
