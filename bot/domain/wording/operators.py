"""Who runs this bot, as members read it."""

from dataclasses import dataclass

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
