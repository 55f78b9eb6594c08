"""The scene one arrives on: who is there, in which servers, and what to try first."""

from collections.abc import Callable
from functools import partial
from typing import Final

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.world.people import JSON
from bot.sandbox.discord.world.world import Channel, Guild
from bot.sandbox.page.emoji import EMOJI, emoji_picture
from bot.sandbox.page.stage import BotState, Person, Stage

LOG: Final = "moderators"  # the channel where they are told and asked
REGULARS: Final = "Regulars"  # the role of those whose requests wait for nobody's yes
_LINE: Final = "No AI here: a small painter stands in for Tencent; it knows cities, boats, cats …"
_EXAMPLES: Final[list[JSON]] = [
    {
        "label": "A lighthouse at dusk",
        "text": "/imagine a lighthouse over the sea at dusk",
        "command": "imagine",
        "options": {"prompt": "a lighthouse over the sea at dusk"},
        "picture": None,
    },
    {
        "label": "A city by night",
        "text": "/imagine a city by night under the moon",
        "command": "imagine",
        "options": {"prompt": "a city by night under the moon"},
        "picture": None,
    },
    {
        "label": "The cat as a watercolour",
        "text": "/restyle the cat as a watercolour",
        "command": "restyle",
        "options": {
            "image": {"photo": "cat.jpg"},
            "prompt": "as a watercolour",
            "style": "Watercolor",
        },
        "picture": "cat.jpg",
    },
    {
        "label": "Two at once, by choices",
        "text": "/imagine {a lighthouse,a city} under the moon",
        "command": "imagine",
        "options": {"prompt": "{a lighthouse,a city} under the moon"},
        "picture": None,
    },
]


def set_up(
    discord: DiscordSandbox, guild: Guild, home: Channel, state: Callable[[], BotState]
) -> Stage:
    """Let people in, open a second server, and return the stage."""
    regulars = guild.add_role(REGULARS)
    ada, bo = (guild.add_member(name, roles=[regulars]) for name in ("Ada", "Bo"))
    moderators = guild.add_role("Moderators", permissions=["MANAGE_GUILD", "MANAGE_MESSAGES"])
    mira = guild.add_member("Mira", roles=[moderators, regulars])
    nino = guild.add_member("Nino")
    guild.add_channel("workshop")
    guild.add_channel(LOG).close_to_all_but(moderators, guild.bot_member)
    for name in EMOJI:
        guild.add_emoji(name, partial(emoji_picture, name))
    harbour = discord.world.add_guild("The Harbour")
    harbour.add_channel("sketches")
    sol = harbour.add_member("Sol")
    people = [
        Person(ada.user, "member", "A member: asks for pictures, within the server's quota."),
        Person(bo.user, "member", "Another member, who waits in the same fair queue."),
        Person(mira.user, "moderator", "Manages the server: says yes to newcomers, sets limits."),
        Person(nino.user, "member", "A newcomer, whose requests wait for a moderator's yes."),
        Person(sol.user, "stranger", "A member of another server, and of this one not."),
    ]
    return Stage(discord, people, home, _LINE, state, examples=_EXAMPLES)
