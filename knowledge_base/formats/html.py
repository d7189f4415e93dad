"""Turn a web page into Markdown: its main part, without menus, forms and scripts.

Knows HTML, no network. Pages nested deeper than any editor nests are refused, never cut short.
"""

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.formats.boilerplate import main_part, prune
from knowledge_base.formats.charset import declared_in_html, decode
from knowledge_base.formats.html_blocks import BlockWriter, words_of

MAX_DEPTH = 150  # elements inside each other; real pages stay below 60
MAX_ELEMENTS = 100_000
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def from_html(content: bytes, *, base_url: str | None = None) -> str:
    """The page's main part as Markdown; links become absolute where `base_url` is known."""
    page = _parse(content)
    if page is None:
        return ""
    prune(page)
    return BlockWriter(base_url).write(main_part(page))


def html_title(content: bytes) -> str:
    """The page's title without the name of the site; its main heading where there is none."""
    page = _parse(content)
    if page is None:
        return ""
    title = next((words_of(one) for one in page.iter("title")), "")
    first = next((words_of(one) for one in page.iter("h1")), "")
    if first and (not title or first in title):
        return first
    return title.partition(" | ")[0]


def _parse(content: bytes) -> HtmlElement | None:
    """The tree; None where there is no element at all."""
    text = _XML_DECLARATION.sub("", decode(content, declared=declared_in_html(content)))
    # huge_tree: without it the parser stops at a depth of its own and keeps what it has
    parser = HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    try:
        page: HtmlElement = document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    _require_shallow(page)
    return page


def _require_shallow(page: HtmlElement) -> None:
    depth = elements = 0
    for event, _ in etree.iterwalk(page, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > MAX_DEPTH:
            raise DocumentUnreadable(f"the page nests more than {MAX_DEPTH} elements")
        if elements > MAX_ELEMENTS:
            raise DocumentUnreadable(f"the page has more than {MAX_ELEMENTS} elements")
