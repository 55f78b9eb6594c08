"""Option types that several commands share, with their bounds and suggestions."""

from discord import app_commands

from bot.domain.jobs.limits import MAX_SEED
from cogs.views.suggesting.engines import SuggestedEngine
from cogs.views.suggesting.labels import ratio_label, size_label
from cogs.views.suggesting.styles import SuggestedStyle
from cogs.views.suggesting.texts import Suggested

# Contract: at most 4,000 characters; each engine's own limit is checked before anything is paid.
Prompt = app_commands.Range[str, 1, 4000]
Strength = app_commands.Range[float, 0.01, 1.0]
Seed = app_commands.Range[int, 0, MAX_SEED]

EngineName = app_commands.Transform[str, SuggestedEngine()]
Style = app_commands.Transform[str, SuggestedStyle()]
Ratio = app_commands.Transform[
    str,
    Suggested(
        "ratio",
        lambda engine, _: engine.capabilities.ratios,
        label=lambda ratio, _: ratio_label(ratio),
    ),
]
Size = app_commands.Transform[
    str, Suggested("size", lambda engine, _: engine.capabilities.sizes, label=size_label)
]
Background = app_commands.Transform[
    str, Suggested("background", lambda engine, _: engine.capabilities.backgrounds)
]
Subject = app_commands.Transform[
    str, Suggested("subject", lambda engine, _: engine.capabilities.subjects)
]
Repair = app_commands.Transform[
    str, Suggested("repair", lambda engine, _: engine.capabilities.repairs)
]
Extend = app_commands.Transform[
    str, Suggested("extend", lambda engine, _: engine.capabilities.sides)
]
