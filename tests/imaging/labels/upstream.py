"""Labels and packets as other programs leave them in a picture."""

import json
from collections.abc import Callable

from PIL import Image, PngImagePlugin

from bot.imaging.files import containers
from tests.imaging import corpus

AIGC = {
    "Label": "1",
    "ContentProducer": "001191440300708461136T1WFUO",
    "ProduceID": "upstream-7",
    "ReservedCode1": '{"Type":"TC260PG"}',
    "ContentPropagator": "",
    "PropagateID": "",
    "ReservedCode2": "",
}


def rdf(inside: str, attributes: str = "", about: str = "") -> bytes:
    """Return a packet as other programs write it."""
    return (
        "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>"
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        f"<rdf:Description rdf:about='{about}' xmlns:dc='http://purl.org/dc/elements/1.1/'"
        " xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:T='http://www.tc260.org.cn/ns/AIGC/1.0/'"
        f" {attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    ).encode()


ESCAPED = json.dumps(AIGC).replace('"', "&quot;")
WRAPPED = json.dumps({"AIGC": AIGC})
ELEMENT = rdf(f"<T:AIGC>{ESCAPED}</T:AIGC>")


def commented(kind: str, comment: bytes) -> bytes:
    """Return a picture with this EXIF user comment."""
    exif = Image.Exif()
    exif[0x010E] = "a picture"
    exif.get_ifd(0x8769)[0x9286] = comment
    return corpus.saved(kind, exif=exif)


def texted(keyword: str, text: str, *, is_international: bool = False) -> bytes:
    """Return a PNG with this packed text."""
    info = PngImagePlugin.PngInfo()
    (info.add_itxt if is_international else info.add_text)(keyword, text, zip=True)
    return corpus.saved("PNG", pnginfo=info)


LABELLED: dict[str, Callable[[], bytes]] = {
    "element": lambda: containers.with_xmp(corpus.saved("JPEG"), ELEMENT),
    "attribute": lambda: containers.with_xmp(corpus.saved("WEBP"), rdf("", f"T:AIGC='{ESCAPED}'")),
    "packet in a packed text": lambda: texted("XML:com.adobe.xmp", ELEMENT.decode()),
    "packet in utf-16": lambda: containers.with_xmp(
        corpus.saved("WEBP"), ELEMENT.decode().encode("utf-16")
    ),
    "packet that breaks off": lambda: containers.with_xmp(corpus.saved("PNG"), ELEMENT[:-50]),
    "broken attribute": lambda: containers.with_xmp(
        corpus.saved("PNG"), rdf("", f"T:AIGC='{ESCAPED}'")[:-50]
    ),
    "png text": lambda: corpus.with_text("AIGC", json.dumps(AIGC)),
    "png packed text": lambda: texted("AIGC", json.dumps(AIGC)),
    "png wrapped": lambda: texted("AIGC", WRAPPED, is_international=True),
    "png exif": lambda: commented("PNG", b"ASCII\0\0\0" + WRAPPED.encode()),
    "webp exif": lambda: commented("WEBP", b"ASCII\0\0\0" + WRAPPED.encode()),
    "exif": lambda: commented("JPEG", b"ASCII\0\0\0" + WRAPPED.encode()),
    "exif unicode": lambda: commented("JPEG", b"UNICODE\0" + WRAPPED.encode("utf-16-le")),
    "exif unicode, big-endian": lambda: commented(
        "JPEG", b"UNICODE\0" + WRAPPED.encode("utf-16-be")
    ),
    "exif without a code": lambda: commented("JPEG", bytes(8) + WRAPPED.encode() + b"\0"),
}


LARGE = rdf("<dc:source>" + "long " * 60_000 + "</dc:source>", "xmp:Rating='5'", "uuid:7")
