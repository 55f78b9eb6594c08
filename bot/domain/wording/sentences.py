"""Sentences with values in them, and who runs the bot: plain for the log, markdown for the chat."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Any, ClassVar

from bot.domain.wording.durations import in_words
from bot.domain.wording.mentions import BY_FORMAT
from bot.domain.wording.quoting import Markup, in_one_line, quoted


@dataclass(frozen=True, slots=True)
class Operator:
    """A name, and an address or invite to write to; either may be empty."""

    name: str = ""
    contact: str = ""

    @property
    def called(self) -> Markup:
        """Return who that is, for the middle of a sentence."""
        return quoted(self.name) or Markup("whoever runs this bot")

    @property
    def reached(self) -> Markup:
        """Return the same and where they can be reached; the operator's own link stays one."""
        contact = in_one_line(self.contact)
        return Markup(f"{self.called} ({contact})") if contact else self.called


NOBODY_NAMED = Operator()
_FORMATS: Mapping[str, Callable[[Any], str]] = MappingProxyType({**BY_FORMAT, "duration": in_words})

_VALUE_SHOWN = 1000  # characters; a list of styles is the longest


class Spoken(Exception):
    """`str(error)` is the sentence as plain text, `in_chat` as Discord's markdown.

    `facts` are the values in it; a gap such as `{user_id:member}` says what a number stands for.
    `{operator}` and `{operator_reached}` are in every sentence's reach; plain text names nobody.
    """

    sentence: ClassVar[str] = "Something went wrong."

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self._filled(self.gaps, NOBODY_NAMED))

    @property
    def template(self) -> str:
        """The sentence with its gaps, where it depends on the facts which one it is."""
        return self.sentence

    @property
    def gaps(self) -> dict[str, Any]:
        """What stands in the gaps: the facts, where they need no words first."""
        return self.facts

    def in_chat(self, operator: Operator = NOBODY_NAMED) -> Markup:
        """Return the sentence with every text in it quoted, whoever typed it."""
        shown = {name: _in_chat(fact, operator) for name, fact in self.gaps.items()}
        return Markup(self._filled(shown, operator))

    def _filled(self, gaps: dict[str, Any], operator: Operator) -> str:
        who = {"operator": operator.called, "operator_reached": operator.reached}
        return _SENTENCES.format(self.template, **who, **gaps)


def _in_chat(fact: Any, operator: Operator) -> Any:
    if isinstance(fact, Spoken):
        return fact.in_chat(operator)
    return quoted(fact, _VALUE_SHOWN) if isinstance(fact, str) else fact


def say(sentence: str, /, **facts: Any) -> Markup:
    """Return a whole sentence with its facts in it, as Discord's markdown.

    Every text among the facts is quoted, whoever typed it; `Markup` stays. A gap such as
    `{user_id:member}` says what a number stands for.
    """
    shown = {name: _in_chat(fact, NOBODY_NAMED) for name, fact in facts.items()}
    return Markup(_SENTENCES.format(sentence, **shown))


def say_plainly(sentence: str, /, **facts: Any) -> str:
    """Return a whole sentence with its facts as they are, for a terminal."""
    return _SENTENCES.format(sentence, **facts)


class _Sentences(Formatter):
    def format_field(self, value: Any, format_spec: str) -> Any:
        """Fill one gap."""
        named = _FORMATS.get(format_spec)
        return named(value) if named else super().format_field(value, format_spec)


_SENTENCES = _Sentences()
