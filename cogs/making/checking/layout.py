"""What is shown of checked pictures: what it comes to, each finding, and what that proves."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.domain.discord_limits import LAYOUT_CHARS
from bot.domain.errors import EaselError
from bot.domain.provenance.findings import Finding, Kind
from bot.domain.provenance.texts import ASKED_BY, facts_shown, headline, told
from bot.domain.wording.quoting import Markup, quoted
from bot.domain.wording.sentences import say
from cogs.views.fitting import fitting
from cogs.views.layouts.card import card, small_print

_OURS = discord.Colour(0x5B6EE1)
_OF_AI = discord.Colour(0xC98A1B)
_NOTHING = discord.Colour(0x80848E)
_TITLE = "**Picture {number}: {name}**"
_MORE = "**{count} more pictures are not shown here: check them one by one.**"
_NAME_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Checked:
    """A picture by its file's name: what was found, or why it could not be looked at."""

    name: str
    findings: tuple[Finding, ...] = ()
    refusal: EaselError | None = None


class CheckLayout(ui.LayoutView):
    """One picture with all that is to say, or several with what each comes to."""

    def __init__(self, checked: Sequence[Checked]) -> None:
        super().__init__(timeout=None)
        if len(checked) == 1:
            self.add_item(card(_colour(checked), "\n".join(_whole(checked[0].findings))))
            return
        texts = [_short(number, each) for number, each in enumerate(checked, start=1)]
        shown = fitting(texts, LAYOUT_CHARS - len(_MORE) - 8)
        if len(shown) < len(texts):
            shown.append(say(_MORE, count=len(texts) - len(shown)))
        self.add_item(card(_colour(checked), "\n\n".join(shown)))


def _whole(findings: Sequence[Finding]) -> list[str]:
    """Return what it comes to in large, then each finding with what it does not prove."""
    lines = [f"### {say(headline(findings))}"]
    for finding in findings:
        lines.append(f"- {_sentence(finding)}")
        if "asker" in finding.facts:
            lines.append(f"  {say(ASKED_BY, asker=finding.facts['asker'])}")
        lines.append(small_print(say(told(finding).not_proven)))
    return lines


def _short(number: int, checked: Checked) -> str:
    title = say(_TITLE, number=number, name=quoted(checked.name, _NAME_SHOWN))
    if checked.refusal is not None:
        return f"{title}\n{checked.refusal.in_chat()}"
    lines: list[str] = [title, say(headline(checked.findings))]
    is_ours = any(finding.is_ours for finding in checked.findings)
    for finding in checked.findings:
        is_mark = finding.is_of_ai or finding.kind is Kind.CREDENTIALS
        if finding.is_ours if is_ours else is_mark:
            lines.append(f"- {_sentence(finding)}")
        if "asker" in finding.facts:
            lines.append(f"  {say(ASKED_BY, asker=finding.facts['asker'])}")
    return "\n".join(lines)


def _sentence(finding: Finding) -> Markup:
    return say(told(finding).says, **facts_shown(finding))


def _colour(checked: Sequence[Checked]) -> discord.Colour:
    found = [finding for each in checked for finding in each.findings]
    if any(finding.is_ours for finding in found):
        return _OURS
    return _OF_AI if any(finding.is_of_ai for finding in found) else _NOTHING
