"""What a picture says of itself in XMP: reading it, and writing the marks of an AI-made picture."""

import contextlib
import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from xml.dom import minidom
from xml.sax.saxutils import escape

from bot.domain.labels.label import Label
from bot.imaging.files import containers, exif, jpeg_file
from bot.imaging.files.sniff import sniff
from bot.imaging.labels import xmp_tree
from bot.imaging.labels.xmp_tree import RDF

_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_NOTE = "http://ns.adobe.com/xmp/note/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_TC260 = "http://www.tc260.org.cn/ns/AIGC/1.0/"  # (TC260-PG-20259A, 2025-08)
_EXTENDED = "HasExtendedXMP"
_OURS = frozenset(
    {
        (_IPTC, "DigitalSourceType"),
        (_IPTC, "AISystemUsed"),
        (_IPTC, "AISystemVersionUsed"),
        (_IPTC, "AIPromptInformation"),
        (_IPTC, "AIPromptWriterName"),
        (_XMP, "CreateDate"),
        (_XMP, "CreatorTool"),
        (_PHOTOSHOP, "Credit"),
        (_NOTE, _EXTENDED),
    }
)
_LABEL = "AIGC"  # ours in whatever namespace it came
# In the standard's order (GB 45438-2025).
_AIGC_FIELDS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
_PACKET = "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>\n{}\n<?xpacket end='w'?>"
_TREE = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='{}'>{}</rdf:RDF></x:xmpmeta>"
_SPACES = {
    "Iptc4xmpExt": _IPTC,
    "xmp": _XMP,
    "xmpNote": _NOTE,
    "photoshop": _PHOTOSHOP,
    "TC260": _TC260,
}
_MOST_OF_FIELD = 1000  # characters of what came with a picture: the label fits a JPEG's segment
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # (XML 1.0, 2.2)
_BROKEN_LABEL = re.compile(rb""":AIGC\s{0,9}(?:>([^<]{1,9999})<|=\s{0,9}(["'])(.{1,9999}?)\2)""")


@dataclass(frozen=True, slots=True)
class Marks:
    """What a picture carries; None where it carries nothing of the kind.

    `aigc` is the TC260 label's JSON object; `xmp` the packet as found, `extended` its rest where
    it was too large for a JPEG's segment; `c2pa_present` says only that a manifest is there, not
    that it holds. `texts` stand beside it, in PNG's chunks, EXIF or a JPEG's comment: what
    they are called there, and how they begin.
    """

    digital_source_type: str | None = None
    aigc: dict[str, str] | None = None
    xmp: bytes | None = None
    extended: bytes | None = None
    credit: str | None = None
    system: str | None = None
    system_version: str | None = None
    creator_tool: str | None = None
    texts: tuple[tuple[str, str], ...] = ()
    c2pa_present: bool = False


def read_marks(data: bytes) -> Marks:
    """Read the marks of a picture, however damaged the rest of it.

    An AIGC label is looked for in XMP, in PNG texts and in EXIF, where tools really put it; in
    a packet that cannot be parsed, too. Raises NotAPicture.
    """
    found = containers.read(data)
    document = _joined(found.xmp, found.extended)
    in_xmp = xmp_tree.value(document, None, _LABEL) if document else _salvaged(found.xmp)
    texts = [in_xmp, *found.aigc] if in_xmp else found.aigc
    return Marks(
        digital_source_type=xmp_tree.value(document, _IPTC, "DigitalSourceType"),
        aigc=next((label for label in map(_aigc, texts) if label), None),
        xmp=found.xmp,
        extended=found.extended,
        credit=xmp_tree.value(document, _PHOTOSHOP, "Credit"),
        system=xmp_tree.value(document, _IPTC, "AISystemUsed"),
        system_version=xmp_tree.value(document, _IPTC, "AISystemVersionUsed"),
        creator_tool=xmp_tree.value(document, _XMP, "CreatorTool"),
        texts=(*found.texts, *exif.texts(found.exif)),
        c2pa_present=found.c2pa,
    )


class Packets:
    """The XMP that says `label` over what `marks` already said, for every container.

    Foreign properties stay. An AIGC label that came with the picture keeps its producer and
    gains us as propagator, as there is one label per file (GB 45438-2025).
    """

    def __init__(self, label: Label, marks: Marks) -> None:
        self._label = label
        self._marks = marks

    def into(self, data: bytes) -> bytes:
        """Return a JPEG, PNG or WebP with the label in its XMP, pixels untouched.

        Raises PictureDamaged, PictureFormatRefused, NotAPicture, or ValueError for BMP and TIFF.
        """
        if sniff(data) == "JPEG":
            return jpeg_file.with_xmp(data, *self.of_jpeg)
        return containers.with_xmp(data, self.whole)

    @cached_property
    def whole(self) -> bytes:
        """One packet (UTF-8), of whatever size."""
        if self._foreign is None or not xmp_tree.roots(self._foreign):
            return self._alone()
        whole = minidom.parseString(self._foreign.toxml())  # noqa: S318 - parsed within limits
        about = _about(whole)
        ours = minidom.parseString(self._description(about))  # noqa: S318 - our own text
        if ours.documentElement is not None:
            description = whole.importNode(ours.documentElement, deep=True)
            xmp_tree.roots(whole)[0].appendChild(description)
        return _PACKET.format(_tree(whole)).encode()

    @cached_property
    def of_jpeg(self) -> tuple[bytes, bytes]:
        """A packet that fits a segment, and the foreign properties where they do not."""
        if len(self.whole) <= jpeg_file.MAX_PACKET_BYTES or self._foreign is None:
            return self.whole, b""
        rest = _tree(self._foreign).encode()
        return self._alone(jpeg_file.extended_id(rest)), rest

    @cached_property
    def _foreign(self) -> minidom.Document | None:
        document = _joined(self._marks.xmp, self._marks.extended)
        if document is not None:
            xmp_tree.remove(document, _OURS, (_LABEL,))
        return document

    def _alone(self, extended: str = "") -> bytes:
        tree = _TREE.format(RDF, self._description(extended=extended))
        return _PACKET.format(tree).encode()

    def _description(self, about: str = "", extended: str = "") -> str:
        label = self._label
        made = datetime.fromtimestamp(label.created_at, UTC)
        properties = {
            "Iptc4xmpExt:DigitalSourceType": label.origin.source_type,
            "Iptc4xmpExt:AISystemUsed": label.system if label.origin.is_ai else "",
            "Iptc4xmpExt:AISystemVersionUsed": label.system_version,
            "Iptc4xmpExt:AIPromptInformation": label.prompt,
            "Iptc4xmpExt:AIPromptWriterName": label.asker,
            "xmp:CreateDate": f"{made:%Y-%m-%dT%H:%M:%SZ}",
            "xmp:CreatorTool": "Easel",
            "photoshop:Credit": f"Made with {label.system}",
            "TC260:AIGC": _aigc_text(label, self._marks.aigc),
            f"xmpNote:{_EXTENDED}": extended,
        }
        elements = "".join(
            f"<{name}>{escape(_held_by_xml(value))}</{name}>"
            for name, value in properties.items()
            if value
        )
        spaces = " ".join(f"xmlns:{name}='{space}'" for name, space in _SPACES.items())
        subject = escape(about, {"'": "&apos;"})
        head = f"<rdf:Description xmlns:rdf='{RDF}' rdf:about='{subject}' {spaces}>"
        return f"{head}{elements}</rdf:Description>"


def _joined(packet: bytes | None, extended: bytes | None) -> minidom.Document | None:
    document = xmp_tree.parsed(packet)
    if extended is not None:
        xmp_tree.join(document, xmp_tree.parsed(extended))
    return document


def _about(document: minidom.Document) -> str:
    """Return what the packet is about, as all its descriptions must say the same."""
    for description in document.getElementsByTagNameNS(RDF, "Description"):
        about: str = description.getAttributeNS(RDF, "about")
        if about:
            return about
    return ""


def _tree(document: minidom.Document) -> str:
    tree: str = document.documentElement.toxml() if document.documentElement else ""
    return tree


def _held_by_xml(value: str) -> str:
    """Drop what XML 1.0 cannot hold, even escaped."""
    return _NOT_IN_XML.sub("", value)


def _aigc_text(label: Label, before: dict[str, str] | None) -> str:
    fields = dict.fromkeys(_AIGC_FIELDS, "")
    if before:
        fields |= {name: before.get(name, "")[:_MOST_OF_FIELD] for name in _AIGC_FIELDS[:4]}
        fields |= {"ContentPropagator": label.producer, "PropagateID": label.job_id}
    elif not label.origin.is_ai:
        return ""  # the label is of what AI made, and this bot's own program is none
    else:
        fields |= {"Label": "1", "ContentProducer": label.producer, "ProduceID": label.job_id}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _aigc(text: str) -> dict[str, str] | None:
    """Read a label's JSON, plain or wrapped as {"AIGC": …}."""
    with contextlib.suppress(ValueError, RecursionError):
        value = json.loads(text)
        if isinstance(value, dict) and isinstance(value.get(_LABEL), dict):
            value = value[_LABEL]
        if isinstance(value, dict) and "Label" in value:
            return {str(name): str(field) for name, field in value.items()}
    return None


def _salvaged(packet: bytes | None) -> str | None:
    """Find the label in a packet that is no XML any more: it is the one thing not to lose."""
    found = _BROKEN_LABEL.search(packet or b"")
    if found is None:
        return None
    return html.unescape((found[1] or found[3]).decode("utf-8", "replace")).strip()
