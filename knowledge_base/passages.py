"""Choose the span of a chunk that answers a question. Pure text: the span is never reworded."""

from dataclasses import dataclass

from knowledge_base.keyword_index import KeywordIndex
from knowledge_base.outline import BlockKind, read_outline
from knowledge_base.sentences import Span, sentence_spans, text_size
from knowledge_base.tokens import tokenise


@dataclass(frozen=True, slots=True)
class PassageSettings:
    """How long an answer may be."""

    whole_up_to: int = 90  # words or Chinese characters; a chunk as short as this is given whole
    sentences: int = 3


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a list or table that is never cut."""

    span: Span
    score: float
    is_whole_block: bool


def choose_passage(
    question: str, text: str, keywords: KeywordIndex, settings: PassageSettings | None = None
) -> Span:
    """The window of at most three sentences that says most about the question; lists stay whole."""
    settings = settings or PassageSettings()
    if text_size(text) <= settings.whole_up_to:
        return (0, len(text))
    units = _score_units(question, text, keywords)
    if not units:
        return (0, len(text))
    first, last = _best_window(units, settings.sentences)
    if units[last].is_whole_block and first == last and first > 0:
        first -= 1  # the sentence that introduces a list belongs to it
    elif (
        last + 1 < len(units) and units[last + 1].is_whole_block and _introduces(text, units[last])
    ):
        last += 1
    return (units[first].span[0], units[last].span[1])


def _score_units(question: str, text: str, keywords: KeywordIndex) -> list[_Unit]:
    asked = {token: keywords.weigh(token) for token in set(tokenise(question))}
    units: list[_Unit] = []
    for section in read_outline(text):
        for block in section.blocks:
            whole = block.kind is not BlockKind.PROSE
            spans = (
                [(block.start, block.end)]
                if whole
                else sentence_spans(text, block.start, block.end)
            )
            for start, end in spans:
                found = set(tokenise(text[start:end]))
                score = sum(weight for token, weight in asked.items() if token in found)
                units.append(_Unit((start, end), score, whole))
    return units


def _best_window(units: list[_Unit], width: int) -> tuple[int, int]:
    """Grow from the best sentence to its better neighbour; of equal ones the earlier is best."""
    first = last = max(range(len(units)), key=lambda number: (units[number].score, -number))
    while last - first + 1 < width and not units[first].is_whole_block:
        before = units[first - 1].score if first > 0 else -1.0
        after = units[last + 1].score if last + 1 < len(units) else -1.0
        if max(before, after) < 0:
            break
        if after >= before:
            last += 1
        else:
            first -= 1
        if units[first].is_whole_block or units[last].is_whole_block:
            break
    return first, last


def _introduces(text: str, unit: _Unit) -> bool:
    return text[unit.span[1] - 1] in ":："
