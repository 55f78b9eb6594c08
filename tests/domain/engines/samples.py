"""Two engines that differ in all they take."""

from bot.domain.engines.engine import Capabilities, Engine

ANIME = Engine(
    name="anime",
    provider="aiart",
    action="ImageToImage",
    pool="aiart",
    capabilities=Capabilities(
        commands=("restyle",),
        prompt_max=256,
        negative_max=256,
        styles={"104": "Watercolor", "201": "Japanese Anime"},
        sizes=("origin", "768x768"),
        references=1,
        strength=True,
        enhance=True,
        faces_max=6,
    ),
)
GG = Engine(
    name="gg-3.0",
    provider="vod",
    model="GG",
    version="3.0",
    pool="vod",
    capabilities=Capabilities(
        commands=("imagine", "restyle"),
        prompt_max=4000,
        prompt_required=True,
        ratios=("1:1", "16:9"),
        seed=True,
    ),
)
