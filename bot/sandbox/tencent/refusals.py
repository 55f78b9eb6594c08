"""How the stand-in refuses a request: an API error, and whose fault it is."""


class Refusal(Exception):
    """An API error; `fault` tells that a careful client would not have met it."""

    def __init__(self, code: str, message: str, *, fault: bool = False) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.fault = fault


def refuse(code: str, message: str) -> Refusal:
    """Give the refusal of a request that a careful client would not have sent."""
    return Refusal(code, message, fault=True)
