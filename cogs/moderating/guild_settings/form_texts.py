"""What the forms of /settings and their fields are called, and what is said below a name.

Forms are plain text: a name has at most 45 characters, what is below it 100.
"""

from collections.abc import Mapping
from types import MappingProxyType

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "places": "Where, and for whom to see",
        "defaults": "Defaults of this server",
        "label": "The label of every result",
        "budget": "Budgets and time zone",
        "people": "Moderators and restyling",
        "approval": "Approval of newcomers’ requests",
    }
)
CHANNELS = "Channels for pictures"
CHANNELS_ABOUT = "Threads go with their channel. None = pictures may be made everywhere."
SPOILERS = "Channels with hidden results"
SPOILERS_ABOUT = "Results there are hidden until somebody clicks them."
PRIVATE = "Private results"
PRIVATE_ABOUT = "Members may ask for results that only they see."
DEFAULTS: Mapping[str, str] = MappingProxyType(
    {"engine": "Engine", "style": "Style", "ratio": "Ratio", "negative": "Negative"}
)
DEFAULTS_ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "engine": "By its name, as the option engine suggests it; empty = the best one available.",
        "style": "By its name; passed over where an engine has no such style.",
        "ratio": "Width to height, such as 16:9; passed over where an engine has it not.",
        "negative": "What should not be in pictures; passed over where an engine takes none.",
    }
)
CORNER = "Corner"
LANGUAGE = "Language"
GENERATED = "Words for pictures made from words"
MODIFIED = "Words for edited uploads"
WORDS_ABOUT = "They must name AI. Empty = the usual words of the language."
IMAGES = "Pictures per month, for the whole server"
USD = "US dollars per month, for the whole server"
NONE_ABOUT = "Empty = no such budget."
WARNING = "Warning, in percent of a budget"
WARNING_ABOUT = "From how much on moderators are told, 1 to 100."
TIMEZONE = "Time zone"
TIMEZONE_ABOUT = "Where days, weeks and months begin, such as Europe/Berlin."
LOG = "Log channel"
LOG_ABOUT = "Where moderators read of results, acts, reports and budgets. None = nowhere."
MODERATOR = "Moderators’ role"
MODERATOR_ABOUT = "Who moderates Easel beside members with Manage Server."
RESTYLING = "Whose pictures may be restyled?"
DAYS = "Days in the server"
DAYS_ABOUT = "Members who joined more recently wait for a moderator’s yes. Empty = nobody."
TRUSTED = "Trusted role"
TRUSTED_ABOUT = "Members without it wait for a moderator’s yes. None = nobody."
ENGINES_OF_EVERYONE = "Engines and styles of everyone"
ENGINES_OF_ROLE = "Engines and styles of {role}"
