"""One summary with its citations and facts: written by a model where there is one, else extracted.

Knows no web and no database. What an injected instruction says is neither read by the model nor
quoted as content: it is reported apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge_base.facts.extraction import extract_facts
from knowledge_base.facts.types import Fact
from knowledge_base.long_document import LongDocument, Unit
from knowledge_base.outline import Section
from knowledge_base.protocols import Embedder
from knowledge_base.summaries.extractive import DEFAULT_SENTENCES, summarise
from knowledge_base.summaries.map_reduce import (
    Writer,
    WritingFailed,
    WritingSettings,
    WrittenSentence,
    most_tokens,
    write_summary,
)
from knowledge_base.summaries.passages import estimate_tokens
from knowledge_base.summaries.sections import major_parts
from knowledge_base.tokens import has_cjk, language_of


class SummaryMethod(StrEnum):
    """Whose words a summary is in."""

    EXTRACTIVE = "extractive"  # the document's
    GENERATED = "generated"  # a model's, each sentence supported by the document


@dataclass(frozen=True, slots=True)
class Quote:
    """Exact words of the document and where they stand."""

    headings: tuple[str, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """One sentence of a summary with the words that say it."""

    text: str
    citations: tuple[Quote, ...]
    is_generated: bool = False


@dataclass(frozen=True, slots=True)
class SummaryReport:
    """What an agent reads of a long document, everything in reading order."""

    method: SummaryMethod
    language: str
    items: tuple[SummaryItem, ...]
    facts: tuple[Fact, ...]
    sections: tuple[Quote, ...]  # text is the last heading; the span is that of the section
    suspicious: tuple[Quote, ...]  # read like instructions to an assistant
    fallback: str = ""  # why there is no written summary although a writer was given
    calls: int = 0
    dropped: int = 0  # written sentences without support


def report_on(
    document: LongDocument,
    *,
    embedder: Embedder | None,
    write: Writer | None = None,
    sentences: int = DEFAULT_SENTENCES,
    is_suspicious: Callable[[str], bool] = lambda _text: False,
    language: str | None = None,
    settings: WritingSettings | None = None,
) -> SummaryReport:
    """The report; without a writer, or when it fails, in the words of the document.

    `embedder` is used where it reads the language of the document, which is found out where it is
    not said.
    """
    language = language or language_of(document.text)
    reader = embedder if embedder and (embedder.reads_cjk or language == "en") else None
    clean, suspicious = _without_instructions(document, is_suspicious)
    facts = tuple(extract_facts(document))

    def choose(count: int) -> list[Unit]:
        found = summarise(clean, embedder=reader, facts=facts, sentences=count)
        return [one.unit for one in found.selected]

    extracted = choose(sentences)
    method, items, fallback = SummaryMethod.EXTRACTIVE, _extracted(clean, extracted), ""
    calls = dropped = 0
    if write is not None:
        settings = settings or WritingSettings()
        try:
            units = _readable(clean, choose, most_tokens(settings))
            written = write_summary(
                clean, units, write, language=language, sentences=sentences, settings=settings
            )
        except WritingFailed as failed:
            fallback = str(failed)
        else:
            method, calls, dropped = SummaryMethod.GENERATED, written.calls, written.dropped
            items = _with_missing_parts(clean, written.sentences, extracted, sentences)
    return SummaryReport(
        method=method,
        language=language,
        items=items,
        facts=facts,
        sections=tuple(_section(document, number) for number in range(len(document.sections))),
        suspicious=suspicious,
        fallback=fallback,
        calls=calls,
        dropped=dropped,
    )


def _without_instructions(
    document: LongDocument, is_suspicious: Callable[[str], bool]
) -> tuple[LongDocument, tuple[Quote, ...]]:
    """The document without units, headings and introductions that instruct; and what they say."""
    quotes: list[Quote] = []
    sections: list[Section] = []
    for number, section in enumerate(document.sections):
        kept = tuple(heading for heading in section.headings if not is_suspicious(heading))
        if kept != section.headings:
            quotes.append(_section(document, number))
        sections.append(Section(kept, section.blocks))
    units: list[Unit] = []
    for unit in document.units:
        if is_suspicious(unit.plain):
            quotes.append(_quote(document, unit))
        elif unit.context and is_suspicious(unit.context):
            units.append(replace(unit, context=""))
        else:
            units.append(unit)
    clean = LongDocument(document.text, tuple(sections), tuple(units))
    return clean, tuple(sorted(quotes, key=lambda quote: quote.start))


def _readable(
    document: LongDocument, choose: Callable[[int], list[Unit]], tokens: int
) -> Sequence[Unit]:
    """All units where a model can read them, else the most important ones of every part."""
    total = sum(estimate_tokens(unit.plain) for unit in document.units)
    if total <= tokens:
        return document.units
    return choose(max(1, len(document.units) * tokens // total))


def _extracted(document: LongDocument, units: Sequence[Unit]) -> tuple[SummaryItem, ...]:
    return tuple(SummaryItem(_said(unit), (_quote(document, unit),)) for unit in units)


def _with_missing_parts(
    document: LongDocument,
    written: Sequence[WrittenSentence],
    extracted: Sequence[Unit],
    sentences: int,
) -> tuple[SummaryItem, ...]:
    """What was written, and a quote for each major part that it leaves out."""
    parts = major_parts(document)
    covered = {parts[one.section] for one in written}
    placed = [
        (
            one.support[0].start,
            SummaryItem(one.text, tuple(_quote(document, unit) for unit in one.support), True),  # noqa: FBT003 -- a field
        )
        for one in written
    ]
    for unit in extracted:
        if parts[unit.section] not in covered and len(placed) < sentences:
            covered.add(parts[unit.section])
            placed += [(unit.start, item) for item in _extracted(document, [unit])]
    return tuple(item for _, item in sorted(placed, key=lambda one: one[0]))


def _said(unit: Unit) -> str:
    """The words of a unit; an item with what introduces it."""
    if not unit.context:
        return unit.plain
    return f"{unit.context}{'' if has_cjk(unit.context) else ' '}{unit.plain}"


def _quote(document: LongDocument, unit: Unit) -> Quote:
    headings = document.sections[unit.section].headings
    return Quote(headings, document.quote(unit), unit.start, unit.end)


def _section(document: LongDocument, number: int) -> Quote:
    headings = document.sections[number].headings
    return Quote(headings, headings[-1] if headings else "", *document.span_of(number))
