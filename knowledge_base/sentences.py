"""Find sentence borders in English and Chinese text, as spans. Knows punctuation, no grammar."""

import re

Span = tuple[int, int]

# a full stop ends a sentence before white space, but not after an initial or an abbreviation
_END = re.compile(
    r"(?:[。！？；]+[”’」』）)]*"
    r"|(?<!\b[A-Za-z])(?<!\be\.g)(?<!\bi\.e)(?<!\bNo)(?<!\bmin)(?<!\bmax)(?<!\bM[rs])(?<!\bDr)"
    r"(?<![.!?])[.!?]++[\"”’)]*+(?=\s|$))\s*"  # possessive: a page of dots takes no time
)
_WORD_OR_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences in `text[start:end]`, without the white space around them."""
    stop = len(text) if end is None else end
    spans: list[Span] = []
    begin = start
    for match in _END.finditer(text, start, stop):
        spans.append((begin, match.end()))
        begin = match.end()
    if begin < stop:
        spans.append((begin, stop))
    trimmed = (_trim(text, span) for span in spans)
    return [span for span in trimmed if span[0] < span[1]]


def text_size(text: str) -> int:
    """Length as a reader feels it: words, each Chinese character counting as one."""
    return len(_WORD_OR_CJK.findall(text))


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
