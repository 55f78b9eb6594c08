r"""Prompts with choices: `{red,blue} cat` is a red cat and a blue cat; `\{` is a brace."""

import re
from collections.abc import Iterator
from itertools import product

from bot.domain.permutations.errors import NestedChoices, TooManyChoices

MOST_PICTURES = 10  # of all choices together (contract)

_PART = re.compile(r"\\[{}]|\\,|[{},]|[^\\{},]+|\\", re.DOTALL)
_ESCAPES = {r"\{": "{", r"\}": "}", r"\,": ","}


def prompts_of(prompt: str, *, each: int = 1) -> tuple[str, ...]:
    """Return the prompts that a prompt with choices stands for, in order and each of them once.

    A group with a single choice is text, and so is any brace that has no partner; such a prompt is
    returned as it was typed, but for escapes. `each` is how many pictures are asked for of each.
    Raises NestedChoices, or TooManyChoices where all of them are more than `MOST_PICTURES`.
    """
    groups = list(_groups(_PART.findall(prompt)))
    number = each
    for group in groups:
        number *= len(group)
    if number > MOST_PICTURES and number > each:
        raise TooManyChoices(asked=number, limit=MOST_PICTURES)
    if number == each:
        return ("".join(group[0] for group in groups),)
    found = (" ".join("".join(choices).split()) for choices in product(*groups))
    return tuple(dict.fromkeys(found))


def _groups(parts: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the pieces of a prompt in order: a text is a group of one choice."""
    at = 0
    while at < len(parts):
        end = _end_of_group(parts, at) if parts[at] == "{" else None
        if end is None:
            yield (_text(parts[at]),)
            at += 1
            continue
        choices = _choices(parts[at + 1 : end])
        yield choices if len(choices) > 1 else ("{" + choices[0] + "}",)
        at = end + 1


def _end_of_group(parts: list[str], begin: int) -> int | None:
    """Return where the group's closing brace stands, None where there is none."""
    if "}" not in parts[begin:]:
        return None
    end = parts.index("}", begin)
    if "{" in parts[begin + 1 : end]:
        raise NestedChoices
    return end


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
