"""Cut a document into chunks: by heading, then by length with overlap. Knows no index."""

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge_base.outline import Block, BlockKind, Section, read_outline
from knowledge_base.sentences import Span, sentence_spans, text_size
from knowledge_base.types import Chunk, Document


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """How long a chunk may be, in words or Chinese characters."""

    max_size: int = 100  # with title and headings near the 128 word pieces that the encoder reads
    overlap: float = 0.2  # share of a chunk that is repeated at the start of the next


def chunk_document(document: Document, settings: ChunkSettings | None = None) -> list[Chunk]:
    """The document's chunks in reading order; their texts are exact pieces of its body."""
    settings = settings or ChunkSettings()
    body = document.body.replace("\r\n", "\n")
    chunks: list[Chunk] = []
    for section in read_outline(body):
        for start, end in _cut(body, section, settings):
            chunks.append(_chunk(document, section, body[start:end], len(chunks)))
    return chunks


def _chunk(document: Document, section: Section, text: str, ordinal: int) -> Chunk:
    return Chunk(
        chunk_id=f"{document.document_id}:{document.version}:{ordinal}",
        document_id=document.document_id,
        version=document.version,
        title=document.title,
        headings=section.headings,
        text=text,
        locale=document.locale,
        audience=document.audience,
        source_url=document.source_url,
        effective_from=document.effective_from,
        expires_at=document.expires_at,
        intents=document.intents,
    )


def _cut(body: str, section: Section, settings: ChunkSettings) -> list[Span]:
    """Windows over the section's units, each as long as it may be."""
    units = [unit for block in section.blocks for unit in _units(body, block, settings.max_size)]
    sizes = [text_size(body[start:end]) for start, end in units]
    windows: list[Span] = []
    first = 0
    while first < len(units):
        last = _fill(sizes, first, settings.max_size)
        windows.append((units[first][0], units[last][1]))
        if last == len(units) - 1:
            break
        first = _step_back(sizes, first, last, int(settings.max_size * settings.overlap))
    return windows


def _fill(sizes: list[int], first: int, max_size: int) -> int:
    total, last = sizes[first], first
    while last + 1 < len(sizes) and total + sizes[last + 1] <= max_size:
        last += 1
        total += sizes[last]
    return last


def _step_back(sizes: list[int], first: int, last: int, overlap: int) -> int:
    """Where the next window starts: after `last`, minus the units that fit into the overlap."""
    start, repeated = last + 1, 0
    while start - 1 > first and repeated + sizes[start - 1] <= overlap:
        start -= 1
        repeated += sizes[start]
    return start


def _units(body: str, block: Block, max_size: int) -> Iterable[Span]:
    if block.kind is BlockKind.PROSE:
        sentences = sentence_spans(body, block.start, block.end)
        return [piece for span in sentences for piece in _split_long(body, span, max_size)]
    if text_size(body[block.start : block.end]) <= max_size:
        return [(block.start, block.end)]
    lines = _line_spans(body, block)
    return [piece for span in lines for piece in _split_long(body, span, max_size)]


def _line_spans(body: str, block: Block) -> list[Span]:
    spans: list[Span] = []
    start = block.start
    for line in body[block.start : block.end].split("\n"):
        if line.strip():
            spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def _split_long(body: str, span: Span, max_size: int) -> list[Span]:
    """A sentence longer than a chunk is halved until it fits; nothing is thrown away."""
    start, end = span
    if text_size(body[start:end]) <= max_size or end - start < 2:
        return [span]
    middle = (start + end) // 2
    space = body.rfind(" ", start + 1, middle)
    border = space + 1 if space > start else middle
    return _split_long(body, (start, border), max_size) + _split_long(body, (border, end), max_size)
