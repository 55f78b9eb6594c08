"""What a prompt asks the local painter for: a place, an hour, weather, figures, a tint."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Hour:
    """A time of day as colours: the sky from the top down, its light, far and near ground."""

    sky: tuple[Colour, ...]
    light: Colour
    far: Colour
    near: Colour
    light_height: float  # 0 is the top of the picture, 1 the bottom
    stars: bool = False


HOURS: Mapping[str, Hour] = MappingProxyType(
    {
        "dawn": Hour(
            ((92, 122, 172), (168, 158, 196), (244, 186, 178), (253, 226, 190)),
            (255, 240, 205),
            (196, 170, 196),
            (52, 56, 88),
            0.50,
        ),
        "day": Hour(
            ((52, 120, 196), (104, 168, 224), (176, 214, 238), (228, 240, 240)),
            (255, 250, 225),
            (150, 184, 204),
            (38, 84, 70),
            0.18,
        ),
        "sunset": Hour(
            ((54, 42, 98), (136, 62, 118), (226, 104, 88), (252, 188, 100)),
            (255, 226, 150),
            (178, 92, 112),
            (36, 24, 52),
            0.48,
        ),
        "night": Hour(
            ((8, 12, 34), (16, 26, 62), (34, 50, 98), (70, 86, 134)),
            (236, 238, 220),
            (52, 68, 112),
            (8, 12, 28),
            0.22,
            stars=True,
        ),
    }
)
_HOUR_WORDS = {
    "dawn": "dawn sunrise morning early pastel soft calm gentle fog foggy mist misty spring",
    "day": "day noon sunny bright summer sky blue clear daylight",
    "sunset": "sunset dusk evening golden autumn warm fire red orange dragon epic",
    "night": "night moon moonlit midnight dark stars starry neon cyberpunk ghost owl halloween",
}
_PLACE_WORDS = {
    "sea": "sea ocean beach coast boat ship sail island lake water fish whale harbour harbor "
    "lighthouse river pirate wave waves dolphin sailing",
    "city": "city town street tower building buildings skyline skyscraper car robot neon cyberpunk "
    "tokyo paris london york downtown office metropolis",
    "forest": "forest tree trees wood woods jungle fox deer wolf bear owl path elf fairy pine",
    "desert": "desert dune dunes camel sand egypt pyramid cactus mars canyon savanna lion elephant",
    "meadow": "meadow flower flowers garden field grass farm cow horse rabbit sheep cottage spring "
    "tulip sunflower village house cat kitten dog puppy picnic",
    "space": "space planet planets galaxy astronaut rocket cosmos universe alien nebula spaceship "
    "saturn comet",
    "mountains": "mountain mountains hill hills snow alps valley landscape castle dragon winter "
    "balloon eagle peak fuji",
    "abstract": "abstract pattern dream emotion music idea geometric shapes colours colors swirl "
    "logo icon texture wallpaper",
}
_FIGURE_WORDS = {
    "cat": "cat cats kitten kitty",
    "rabbit": "rabbit bunny hare",
    "boat": "boat ship sail sailing yacht pirate",
    "balloon": "balloon balloons airship",
    "lighthouse": "lighthouse harbour harbor",
    "house": "house cottage home hut cabin village farm",
    "whale": "whale dolphin fish",
    "birds": "bird birds eagle gull gulls crow raven seagull",
    "rocket": "rocket spaceship astronaut",
}
_TINTS: Mapping[str, Colour] = MappingProxyType(
    {
        "red": (214, 52, 52),
        "crimson": (180, 30, 60),
        "orange": (240, 132, 40),
        "gold": (236, 184, 60),
        "golden": (236, 184, 60),
        "yellow": (246, 214, 70),
        "green": (62, 160, 92),
        "emerald": (30, 150, 110),
        "turquoise": (52, 190, 190),
        "teal": (30, 140, 150),
        "blue": (52, 104, 206),
        "purple": (128, 70, 190),
        "violet": (140, 84, 200),
        "pink": (238, 130, 170),
        "neon": (226, 48, 190),
    }
)
_WEATHER_WORDS = {
    "snow": "snow snowy winter ice icy frozen christmas blizzard",
    "rain": "rain rainy storm stormy thunder",
    "fog": "fog foggy mist misty haze ghost",
}
# Where the words name no place, one of these; the odder ones come only when asked for.
_PLACES_BY_CHANCE = ("mountains", "sea", "meadow", "forest")


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be painted, one choice per thing."""

    place: str
    hour: Hour
    weather: str | None
    figures: tuple[str, ...]
    tint: Colour | None


def scene_of(prompt: str, chance: random.Random) -> Scene:
    """Read a prompt; what it leaves open, `chance` decides."""
    words = re.findall(r"\w+", prompt.lower())
    figures = _named(words, _FIGURE_WORDS)
    place = next(iter(_named(words, _PLACE_WORDS)), None) or chance.choice(_PLACES_BY_CHANCE)
    hour = next(iter(_named(words, _HOUR_WORDS)), None) or chance.choice(list(HOURS))
    return Scene(
        place=place,
        hour=HOURS[hour],
        weather=next(iter(_named(words, _WEATHER_WORDS)), None),
        figures=figures,
        tint=next((_TINTS[word] for word in words if word in _TINTS), None),
    )


def _named(words: list[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names whose words occur, the most often named first."""
    counts = {name: sum(word in known.split() for word in words) for name, known in names.items()}
    return tuple(sorted((name for name in counts if counts[name]), key=lambda name: -counts[name]))
