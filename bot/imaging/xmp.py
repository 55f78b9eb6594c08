"""What a picture says of itself in XMP: reading it, and writing the marks of an AI-made picture."""

import contextlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.dom import minidom
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape

from bot.domain.pictures import Label
from bot.imaging import containers, jpeg_file

AI_MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
AI_EDITED = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_TC260 = "http://www.tc260.org.cn/ns/AIGC/1.0/"  # (TC260-PG-20259A, 2025-08)
_OURS = frozenset(
    {
        (_IPTC, "DigitalSourceType"),
        (_IPTC, "AISystemUsed"),
        (_IPTC, "AISystemVersionUsed"),
        (_XMP, "CreateDate"),
        (_XMP, "CreatorTool"),
        (_PHOTOSHOP, "Credit"),
    }
)
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
_MOST_NESTED = 100  # real packets nest about ten deep
_MOST_BYTES = 256 * 1024  # a JPEG's have at most 64 KiB
_UNWANTED = (b"<!DOCTYPE", b"<!ENTITY", b"\0")  # the last would be UTF-16, which hides the others


@dataclass(frozen=True, slots=True)
class Marks:
    """What a picture carries; None where it carries nothing of the kind.

    `aigc` is the TC260 label's JSON object; `xmp` the packet as found; `c2pa_present` says only
    that a manifest is there, not that it holds.
    """

    digital_source_type: str | None = None
    aigc: dict[str, str] | None = None
    xmp: bytes | None = None
    credit: str | None = None
    c2pa_present: bool = False


def read_marks(data: bytes) -> Marks:
    """Read the marks of a JPEG, PNG, WebP or TIFF, however damaged the rest of it.

    An AIGC label is looked for in XMP, in PNG texts and in the EXIF user comment, where tools
    really put it. Raises NotAPicture or PictureFormatRefused.
    """
    found = containers.read(data)
    document = _parsed(found.xmp)
    in_xmp = _value(document, None, "AIGC")
    texts = [in_xmp, *found.aigc] if in_xmp else found.aigc
    return Marks(
        digital_source_type=_value(document, _IPTC, "DigitalSourceType"),
        aigc=next((label for label in map(_aigc, texts) if label), None),
        xmp=found.xmp,
        credit=_value(document, _PHOTOSHOP, "Credit"),
        c2pa_present=found.c2pa,
    )


def packet(label: Label, marks: Marks) -> bytes:
    """Return an XMP packet that says `label`, over what `marks` already said (UTF-8).

    Foreign properties stay. An AIGC label that came with the picture keeps its producer and
    gains us as propagator, as there is one label per file (GB 45438-2025). A packet too large for
    a JPEG is written anew, without the foreign properties.
    """
    tree = _merged(marks.xmp, label, marks) or _TREE.format(_RDF, _description(label, marks))
    data = _PACKET.format(tree).encode()
    if len(data) > jpeg_file.MAX_PACKET_BYTES:
        data = _PACKET.format(_TREE.format(_RDF, _description(label, marks))).encode()
    return data


def _description(label: Label, marks: Marks, about: str = "") -> str:
    made = datetime.fromtimestamp(label.created_at, UTC)
    properties = {
        "Iptc4xmpExt:DigitalSourceType": AI_EDITED if label.edited else AI_MADE,
        "Iptc4xmpExt:AISystemUsed": label.system,
        "Iptc4xmpExt:AISystemVersionUsed": label.system_version,
        "xmp:CreateDate": f"{made:%Y-%m-%dT%H:%M:%SZ}",
        "xmp:CreatorTool": "Easel",
        "photoshop:Credit": f"Made with {label.system}",
        "TC260:AIGC": _aigc_text(label, marks.aigc),
    }
    elements = "".join(
        f"<{name}>{escape(_printable(value))}</{name}>"
        for name, value in properties.items()
        if value
    )
    spaces = f"xmlns:Iptc4xmpExt='{_IPTC}' xmlns:xmp='{_XMP}'"
    spaces += f" xmlns:photoshop='{_PHOTOSHOP}' xmlns:TC260='{_TC260}'"
    subject = escape(about, {"'": "&apos;"})
    head = f"<rdf:Description xmlns:rdf='{_RDF}' rdf:about='{subject}' {spaces}>"
    return f"{head}{elements}</rdf:Description>"


def _printable(value: str) -> str:
    """Drop what XML 1.0 cannot hold, even escaped."""
    return "".join(c for c in value if c.isprintable())


def _aigc_text(label: Label, before: dict[str, str] | None) -> str:
    fields = dict.fromkeys(_AIGC_FIELDS, "")
    if before:
        fields |= {name: before.get(name, "") for name in _AIGC_FIELDS[:4]}
        fields |= {"ContentPropagator": label.producer, "PropagateID": label.job_id}
    else:
        fields |= {"Label": "1", "ContentProducer": label.producer, "ProduceID": label.job_id}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _aigc(text: str) -> dict[str, str] | None:
    """Read a label's JSON, plain or wrapped as {"AIGC": …}."""
    with contextlib.suppress(ValueError, RecursionError):
        value = json.loads(text)
        if isinstance(value, dict) and isinstance(value.get("AIGC"), dict):
            value = value["AIGC"]
        if isinstance(value, dict) and "Label" in value:
            return {str(name): str(field) for name, field in value.items()}
    return None


def _parsed(found: bytes | None) -> minidom.Document | None:
    """Parse a packet nobody vouches for; None for what is broken, nested absurdly or has a DTD."""
    text = (found or b"").strip(b"\0 \r\n\t")
    if len(text) > _MOST_BYTES or any(sign in text for sign in _UNWANTED):
        return None
    try:
        document = minidom.parseString(text)  # noqa: S318 - no DTD, size capped
    except (ExpatError, ValueError, LookupError):
        return None
    deep: list[tuple[minidom.Node, int]] = [(document, 0)]
    while deep:
        node, depth = deep.pop()
        if depth > _MOST_NESTED:
            return None
        deep += [(child, depth + 1) for child in node.childNodes]
    return document


def _value(document: minidom.Document | None, space: str | None, name: str) -> str | None:
    """Return a simple property, written as an element or as an attribute."""
    for element in document.getElementsByTagNameNS("*", "*") if document else ():
        if element.localName == name and space in (None, element.namespaceURI):
            return _text(element) or element.getAttributeNS(_RDF, "resource")
        for attribute in element.attributes.values():
            if attribute.localName == name and space in (None, attribute.namespaceURI):
                return str(attribute.value).strip()
    return None


def _text(element: minidom.Element) -> str:
    return "".join(
        node.data for node in element.childNodes if isinstance(node, minidom.Text)
    ).strip()


def _merged(found: bytes | None, label: Label, marks: Marks) -> str | None:
    """Return the packet's tree with our properties in place of its own, None if it is unusable."""
    document = _parsed(found)
    roots = document.getElementsByTagNameNS(_RDF, "RDF") if document else []
    if not document or not roots or document.documentElement is None:
        return None
    about = ""
    for description in document.getElementsByTagNameNS(_RDF, "Description"):
        about = about or description.getAttributeNS(_RDF, "about")
        _remove_ours(description)
    ours = minidom.parseString(_description(label, marks, about))  # noqa: S318 - our own text
    if ours.documentElement is not None:
        roots[0].appendChild(document.importNode(ours.documentElement, deep=True))
    return document.documentElement.toxml()


def _remove_ours(description: minidom.Element) -> None:
    for child in list(description.childNodes):
        if isinstance(child, minidom.Element) and _is_ours(child.namespaceURI, child.localName):
            description.removeChild(child)
    for attribute in list(description.attributes.values()):
        if _is_ours(attribute.namespaceURI, attribute.localName):
            description.removeAttributeNode(attribute)


def _is_ours(space: str | None, name: str | None) -> bool:
    return name == "AIGC" or (space, name) in _OURS
