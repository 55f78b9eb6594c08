"""The tree of an XMP packet nobody vouches for: parsed within limits, searched, joined, cleared."""

import json
from collections.abc import Collection
from xml.dom import minidom
from xml.parsers import expat

from bot.imaging.files.carriers import MAX_TEXT_BYTES

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_XMLNS = "http://www.w3.org/2000/xmlns/"
_MOST_NESTED = 100  # real packets nest about ten deep
_MOST_NODES = 20_000  # elements and attributes: each takes a hundred times its bytes in memory
_AROUND = "\0 \r\n\t\ufeff"

Name = tuple[str, str]
"""A namespace and a local name."""


class _Refused(Exception):
    """A document that is not worth the memory, or declares what no packet needs."""


def parsed(packet: bytes | None) -> minidom.Document | None:
    """Parse a packet; None for what is broken, absurdly nested or large, or has a DTD."""
    text = _utf8(packet or b"")
    if not text or len(text) > MAX_TEXT_BYTES:
        return None
    try:
        _check(text)
        return minidom.parseString(text)  # noqa: S318 - no DTD, counted before
    except (expat.ExpatError, _Refused, ValueError, LookupError):
        return None


def roots(document: minidom.Document | None) -> list[minidom.Element]:
    """Return the RDF elements, whose children are the descriptions."""
    return list(document.getElementsByTagNameNS(RDF, "RDF")) if document else []


def value(document: minidom.Document | None, space: str | None, name: str) -> str | None:
    """Return a simple property, written as an element or as an attribute."""
    for element in document.getElementsByTagNameNS("*", "*") if document else ():
        if element.localName == name and space in (None, element.namespaceURI):
            return _text(element) or element.getAttributeNS(RDF, "resource")
        for attribute in element.attributes.values():
            if attribute.localName == name and space in (None, attribute.namespaceURI):
                return str(attribute.value).strip()
    return None


def join(document: minidom.Document | None, other: minidom.Document | None) -> None:
    """Add the descriptions of another packet, with the prefixes that were declared around them."""
    into, taken = roots(document), roots(other)
    if document is None or not into:
        return
    for root in taken:
        for node in root.childNodes:
            if not isinstance(node, minidom.Element):
                continue
            copied = document.importNode(node, deep=True)
            _declare(copied, root)
            into[0].appendChild(copied)


def remove(document: minidom.Document, names: Collection[Name], local: Collection[str]) -> None:
    """Remove properties by name, and by local name in whatever namespace."""
    for description in document.getElementsByTagNameNS(RDF, "Description"):
        for child in list(description.childNodes):
            if isinstance(child, minidom.Element) and _is_among(child, names, local):
                description.removeChild(child)
        for attribute in list(description.attributes.values()):
            if _is_among(attribute, names, local):
                description.removeAttributeNode(attribute)
        if description.parentNode in roots(document) and _says_nothing(description):
            description.parentNode.removeChild(description)


def _utf8(packet: bytes) -> bytes:
    """Return the text in the one encoding in which a DTD cannot hide."""
    text = packet.decode(json.detect_encoding(packet), "replace")
    return text.strip(_AROUND).encode()


def _check(text: bytes) -> None:
    parser = expat.ParserCreate()
    depth = nodes = 0

    def start(_: str, attributes: dict[str, str]) -> None:
        nonlocal depth, nodes
        depth, nodes = depth + 1, nodes + 1 + len(attributes)
        if depth > _MOST_NESTED or nodes > _MOST_NODES:
            raise _Refused

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def aside(*_: object) -> None:
        nonlocal nodes
        nodes += 1
        if nodes > _MOST_NODES:
            raise _Refused

    def refuse(*_: object) -> None:
        raise _Refused

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CommentHandler = parser.ProcessingInstructionHandler = aside
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(text, True)  # noqa: FBT003 - a C function, by position alone


def _text(element: minidom.Element) -> str:
    return "".join(
        node.data for node in element.childNodes if isinstance(node, minidom.Text)
    ).strip()


def _declare(element: minidom.Element, root: minidom.Element) -> None:
    around: minidom.Node | None = root
    while isinstance(around, minidom.Element):
        for attribute in around.attributes.values():
            is_new = not element.hasAttribute(attribute.name)
            if attribute.namespaceURI == _XMLNS and is_new:
                element.setAttributeNS(_XMLNS, attribute.name, attribute.value)
        around = around.parentNode


def _says_nothing(description: minidom.Element) -> bool:
    if any(isinstance(child, minidom.Element) for child in description.childNodes):
        return False
    about = (RDF, "about")
    attributes = [(each.namespaceURI, each.localName) for each in description.attributes.values()]
    return all(space == _XMLNS or (space, name) == about for space, name in attributes)


def _is_among(
    node: minidom.Element | minidom.Attr, names: Collection[Name], local: Collection[str]
) -> bool:
    return node.localName in local or (node.namespaceURI, node.localName) in names
