"""Signs finished pictures with the operator's certificate; what cannot be signed goes out unsigned.

A signature is one of four layers of a label, and what keeps it away (a certificate that ended) does
not pass by waiting: a paid picture neither waits for it nor is lost with it. The log tells of each.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version

import structlog

from bot.domain.labels.credentials import CredentialFiles
from bot.domain.labels.label import Label
from bot.domain.operator_errors import SettingsError
from bot.imaging.credentials.identity import CERT, PURPOSES, Identity
from bot.imaging.credentials.reading import OFFLINE, library
from bot.imaging.credentials.renewal import Renewed
from bot.imaging.credentials.story import Story
from bot.imaging.credentials.timestamps import Timestamps

_log = structlog.get_logger(__name__)

_SETTINGS = {
    # Thumbnails would be 110 kB (measured); actions are created by us, not gathered.
    "builder": {
        "thumbnail": {"enabled": False},
        "created_assertion_labels": ["c2pa.actions", "c2pa.actions.v2"],
    },
    "trust": {"trust_config": "\n".join(PURPOSES)},
    "verify": dict(OFFLINE),
}
_PROBE_SIDE = 16
# A larger manifest of an engine's own, such as one with thumbnails of its history, could make the
# smallest picture too large to be posted.
_MOST_ADDED_BYTES = 1024 * 1024
_ENDED = f"{CERT}: expired; put a renewed one into the files, and the next picture is signed"


class Signer:
    """Signs with the newest usable content of the files, from several threads at once."""

    def __init__(
        self,
        files: CredentialFiles,
        *,
        timestamp: str,
        now: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        """Read the files; raises SettingsError where nothing can be signed with them.

        `timestamp` is the address of an RFC 3161 server, "" for none.
        """
        self._version = version("easel-bot")
        self._now = now
        self._identity = Renewed(files, self._tried, now=now, monotonic=monotonic)
        self._timestamps = Timestamps(timestamp, monotonic)

    @property
    def expires_at(self) -> float:
        """When the first certificate of the chain ends, in unix seconds."""
        return self._identity.newest().expires_at

    def why_no_timestamp(self) -> str | None:
        """Ask the timestamp server once; None where it answers."""
        identity = self._identity.newest()
        return self._timestamps.why_silent(lambda server: self._probed(identity, server))

    def seal(self, label: Label, uploads: Sequence[bytes] = ()) -> "Seal":
        """Return what signs the pictures of one job, made from `uploads` as its engine got them."""
        return Seal(self, label, tuple(uploads))

    def signed(self, data: bytes, mime: str, story: Story) -> bytes:
        """Return the JPEG, PNG or WebP with its manifest, or as it is where that cannot be made."""
        try:
            identity = self._identity.newest()
            if self._now() > identity.expires_at:
                _log.error("picture_not_signed", job=story.label.job_id, reason=_ENDED)
                return data
            made = self._made(identity, data, mime, story)
            if story.signed_result is None or len(made) - len(data) <= _MOST_ADDED_BYTES:
                return made
            _log.warning("manifest_too_large", job=story.label.job_id, bytes=len(made) - len(data))
            return self._made(identity, data, mime, replace(story, signed_result=None))
        except Exception:  # noqa: BLE001 - a fault of ours loses no paid picture, either
            _log.exception("picture_not_signed", job=story.label.job_id)
            return data

    def _made(self, identity: Identity, data: bytes, mime: str, story: Story) -> bytes:
        return self._timestamps.used(
            lambda server: self._signed(identity, data, mime, story, server)
        )

    def _signed(
        self, identity: Identity, data: bytes, mime: str, story: Story, server: str
    ) -> bytes:
        c2pa = library()
        info = c2pa.C2paSignerInfo(
            identity.algorithm.encode(), identity.chain, identity.key, server.encode() or None
        )
        out = io.BytesIO()
        with (
            c2pa.Context.from_dict(_SETTINGS) as context,
            c2pa.Signer.from_info(info) as signer,
            c2pa.Builder(story.manifest(mime, self._version), context) as builder,
        ):
            for each in story.ingredients():
                media = each.described["format"]
                builder.add_ingredient(each.described, media, io.BytesIO(each.data))
            builder.sign(signer, mime, io.BytesIO(data), out)
        return out.getvalue()

    def _probed(self, identity: Identity, server: str) -> bytes:
        from PIL import Image  # noqa: PLC0415 - commands that sign nothing do without it

        probe = io.BytesIO()
        Image.new("RGB", (_PROBE_SIDE, _PROBE_SIDE)).save(probe, "PNG")
        story = Story(Label(text="", producer="", job_id="probe", system="Easel"))
        return self._signed(identity, probe.getvalue(), "image/png", story, server)

    def _tried(self, identity: Identity) -> Identity:
        """Return an identity that a picture was signed with; raises SettingsError."""
        try:
            self._probed(identity, "")
        except library().C2paError as error:
            raise SettingsError(
                f"{CERT}: nothing can be signed with it ({error}); get a certificate for C2PA"
            ) from None
        return identity


class Seal:
    """Signs the pictures of one job."""

    def __init__(self, signer: Signer, label: Label, uploads: tuple[bytes, ...]) -> None:
        self._signer = signer
        self._label = label
        self._uploads = uploads

    def sealed(self, data: bytes, mime: str, signed_result: bytes | None) -> bytes:
        """Return a finished picture signed, if that can be.

        `signed_result` is the engine's own file where it came with a manifest, which is kept.
        """
        return self._signer.signed(data, mime, Story(self._label, self._uploads, signed_result))
