"""Summaries as they are shown: masked, with sections by name. Knows no database."""

from app.content_filter import inspect
from app.summaries.schemas import (
    MAX_FACTS,
    FactRead,
    SectionRead,
    SpanRead,
    SummaryItemRead,
    SummaryRead,
)
from app.summaries.source import Source
from knowledge_base.facts.types import Fact
from knowledge_base.summaries.report import Quote, SummaryReport

PATH = " › "


def view_summary(source: Source, report: SummaryReport) -> SummaryRead:
    """The report as a body. Staff see telephone numbers and links, but no card number or code."""
    hidden = {quote.start for quote in report.suspicious}
    return SummaryRead(
        method=report.method.value,
        fallback=report.fallback or None,
        language="zh" if report.language == "zh" else "en",
        characters=len(source.document.text),
        document=source.stored,
        summary=[
            SummaryItemRead(
                text=_masked(item.text),
                generated=item.is_generated,
                citations=[_span(quote) for quote in item.citations],
            )
            for item in report.items
        ],
        facts=[
            _fact(fact, is_hidden=fact.quote_start in hidden) for fact in report.facts[:MAX_FACTS]
        ],
        facts_omitted=max(0, len(report.facts) - MAX_FACTS),
        sections=[_section(section) for section in report.sections],
        suspicious=[_span(quote) for quote in report.suspicious],
    )


def _span(quote: Quote) -> SpanRead:
    return SpanRead(
        section=_masked(PATH.join(quote.headings)),
        quote=_masked(quote.text),
        start=quote.start,
        end=quote.end,
    )


def _fact(fact: Fact, *, is_hidden: bool) -> FactRead:
    quote, value = _masked(fact.quote), _masked(fact.value)
    is_masked = value != fact.value or fact.value not in quote
    return FactRead(
        kind=fact.kind,
        value="[masked]" if is_masked else value,
        normalised="" if is_masked else fact.normalised,
        section=_masked(PATH.join(fact.headings)),
        quote=quote,
        start=fact.start,
        end=fact.end,
        suspicious=is_hidden,
    )


def _section(section: Quote) -> SectionRead:
    return SectionRead(
        heading=_masked(section.text),
        path=[_masked(heading) for heading in section.headings],
        start=section.start,
        end=section.end,
    )


def _masked(text: str) -> str:
    return inspect(text).text
