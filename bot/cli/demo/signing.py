"""The one thing that the demo takes from its surroundings: the certificate that signs results."""

import time
from collections.abc import Mapping
from pathlib import Path

from bot.settings.variables import Variables

_NAMES = ("EASEL_C2PA_CERT", "EASEL_C2PA_KEY")


def signing_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with which the demo's bot signs, {} where none are set.

    Raises SettingsError where nothing can be signed with them.
    """
    given = {name: environment[name] for name in _NAMES if environment.get(name)}
    files = Variables.model_validate(given).credential_files
    if files is None:
        return {}
    from bot.imaging.credentials.signing import Signer  # noqa: PLC0415 - where there is one

    Signer(files, timestamp="", now=time.time, monotonic=time.monotonic)
    # The bot runs in another folder.
    return {name: str(Path(path).absolute()) for name, path in given.items()}
