"""What is taken of an option that a command leaves out: one’s own choice, or the server’s."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Defaults:
    """Choices for options left out; None leaves it to the engine."""

    engine: str | None = None
    style: str | None = None
    ratio: str | None = None
    negative: str | None = None

    def over(self, below: "Defaults") -> "Defaults":
        """Return these where they are set, and those `below` where they are not."""
        names = [field.name for field in fields(self)]
        return Defaults(*(getattr(self, name) or getattr(below, name) for name in names))
