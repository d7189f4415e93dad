"""Read the outline of a Markdown text: sections with their heading path, and the blocks in each.

Knows Markdown, no documents. Every block is a span of the text, so quotes stay exact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable("table")


class BlockKind(StrEnum):
    """How a block may be cut."""

    PROSE = "prose"  # between sentences
    LIST = "list"  # between items, kept whole where it fits
    TABLE = "table"  # between rows, kept whole where it fits


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list or table, as a span of the Markdown text."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks between two headings."""

    headings: tuple[str, ...]
    blocks: tuple[Block, ...]


_KINDS = {
    "bullet_list_open": BlockKind.LIST,
    "ordered_list_open": BlockKind.LIST,
    "table_open": BlockKind.TABLE,
    "paragraph_open": BlockKind.PROSE,
    "blockquote_open": BlockKind.PROSE,
    "fence": BlockKind.PROSE,
    "code_block": BlockKind.PROSE,
    "html_block": BlockKind.PROSE,
}


def read_outline(markdown: str) -> list[Section]:
    """Sections in order; those without any text are left out."""
    offsets = _line_offsets(markdown)
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    blocks: list[Block] = []
    for token, heading in _top_level(_PARSER.parse(markdown)):
        if heading is not None:
            _close(sections, path, blocks)
            level = int(token.tag[1])
            path = [(depth, text) for depth, text in path if depth < level] + [(level, heading)]
        elif token.type in _KINDS and token.map is not None:
            block = _block(markdown, offsets, token)
            if block.start < block.end:
                blocks.append(block)
    _close(sections, path, blocks)
    return sections


def _top_level(tokens: list[Token]) -> Iterator[tuple[Token, str | None]]:
    """Tokens that open a block of the document itself; a heading comes with its text."""
    for position, token in enumerate(tokens):
        if token.level != 0:
            continue
        if token.type == "heading_open":
            yield token, _inline_text(tokens[position + 1])
        elif token.nesting >= 0:
            yield token, None


def _inline_text(inline: Token) -> str:
    return "".join(child.content for child in inline.children or []).strip()


def _block(markdown: str, offsets: list[int], token: Token) -> Block:
    first, last = token.map or [0, 0]
    start, end = offsets[first], offsets[last]
    while end > start and markdown[end - 1].isspace():
        end -= 1
    return Block(_KINDS[token.type], start, end)


def _line_offsets(markdown: str) -> list[int]:
    offsets = [0]
    for line in markdown.split("\n"):
        offsets.append(offsets[-1] + len(line) + 1)
    offsets[-1] = len(markdown)
    return offsets


def _close(sections: list[Section], path: list[tuple[int, str]], blocks: list[Block]) -> None:
    if blocks:
        sections.append(Section(tuple(text for _, text in path), tuple(blocks)))
        blocks.clear()
