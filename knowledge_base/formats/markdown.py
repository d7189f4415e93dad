"""Read Markdown and plain text. Knows which of their lines are marks, no other format."""

import re

from markdown_it import MarkdownIt

from knowledge_base.formats.charset import decode
from knowledge_base.formats.html import from_html
from knowledge_base.formats.markup import plain

_PARSER = MarkdownIt("commonmark").enable("table")
_MAY_HOLD_HTML = re.compile(r"^[ >]{0,6}<[A-Za-z!?/]", re.MULTILINE)
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)


def from_markdown(content: bytes) -> str:
    """The text as it is."""
    return decode(content)


def from_text(content: bytes) -> str:
    """Plain text, with the marks escaped that Markdown would read as headings or tables."""
    return plain(decode(content))


def without_html(markdown: str) -> str:
    """Blocks of HTML inside Markdown written as Markdown, scripts in them left out.

    Editors paste them into pages and exports keep them; code between fences stays as it is.
    """
    if _MAY_HOLD_HTML.search(markdown) is None and "<script" not in markdown.lower():
        return markdown
    lines = markdown.split("\n")
    for token in reversed(_PARSER.parse(markdown)):
        if token.map is None or token.type not in ("html_block", "inline"):
            continue
        first, last = token.map
        text = "\n".join(lines[first:last])
        if token.type == "html_block":
            lines[first:last] = from_html(text.encode()).split("\n")
        elif "<script" in text.lower():
            lines[first:last] = _SCRIPT.sub("", text).split("\n")
    return "\n".join(lines)
