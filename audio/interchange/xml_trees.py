"""XML documents: built, written with the same bytes each time, and read without trusting them."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from grym_synth.errors import MediaRejected

MOST_BYTES = 64_000_000
"""Larger documents are refused."""


def add(parent: Element, tag: str, text: str | float = "", /, **attributes: str | float) -> Element:
    """Add an element to another one; numbers are written as `number` does."""
    child = SubElement(parent, tag, {name: number(one) for name, one in attributes.items()})
    written = number(text)
    if written:
        child.text = written
    return child


def number(value: str | float) -> str:
    """A number as text, whole where it is whole and with all digits that it needs; or text itself.

    What XML can't hold is left out of a text.
    """
    if isinstance(value, str):
        return "".join(sign for sign in value if sign.isprintable())
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def written(root: Element, doctype: str = "") -> bytes:
    """A document as UTF-8."""
    ElementTree.indent(root, " ")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n' + (f"{doctype}\n" if doctype else "")
    return f"{head}{ElementTree.tostring(root, encoding='unicode')}\n".encode()


def parsed(content: bytes, name: str) -> Element:
    """The root of a document from outside.

    Raises:
        MediaRejected: it is no XML, too large, or defines entities.
    """
    tried = f"reading {name}"
    if len(content) > MOST_BYTES:
        raise MediaRejected(tried, "it is larger than any score", "Give a smaller file")
    if b"<!ENTITY" in content:
        raise MediaRejected(tried, "it defines entities", "Export it again without a DTD inside")
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise MediaRejected(tried, f"it is no XML ({fault})", "Export it again") from fault
