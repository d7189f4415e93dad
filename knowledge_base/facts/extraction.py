"""Facts of a long document: what is said, in which words, in which section. Knows no database."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from knowledge_base.facts.contacts import find_contacts
from knowledge_base.facts.dates import find_dates
from knowledge_base.facts.money import find_money
from knowledge_base.facts.periods import find_periods
from knowledge_base.facts.rates import find_rates
from knowledge_base.facts.roles import find_counts, find_free, with_role
from knowledge_base.facts.statements import find_definitions, find_obligations
from knowledge_base.facts.types import Fact, FactKind, Finding
from knowledge_base.long_document import CELL_BORDER, LongDocument, Unit

# in this order: a number belongs to the first rule that reads it
_VALUES: tuple[Callable[[str], Iterable[Finding]], ...] = (
    find_contacts,
    find_dates,
    find_money,
    find_rates,
    find_periods,
    find_counts,
    find_free,
)


def extract_facts(document: LongDocument) -> list[Fact]:
    """Every fact in reading order. The same value twice in one unit is one fact."""
    return [fact for unit in document.units for fact in _facts_of(document, unit)]


def find_facts(
    text: str, *, context: str = "", heading: str = "", columns: Sequence[str] = ()
) -> list[Finding]:
    """Findings in one sentence, item or row, by position; values never overlap.

    `context` introduces the text; `columns` are the names over the cells of a table row.
    """
    found: list[Finding] = []
    for rule in _VALUES:
        for finding in rule(text):
            if not any(_overlap(finding, other) for other in found):
                around = _around(text, finding, heading, columns) if columns else (context, heading)
                found.append(with_role(finding, text, around, is_row=bool(columns)))
    if not columns:
        found += find_definitions(text) or find_obligations(text, context)
    return sorted(found, key=lambda one: (one.start, one.end, one.kind))


def _around(text: str, finding: Finding, heading: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The name of the column; the heading speaks for every column but the first, the row's name."""
    before = text[: finding.start]
    column = len(CELL_BORDER.findall(before)) - before.lstrip().startswith("|")
    name = columns[column] if column < len(columns) else ""
    return (name, heading) if column else (name,)


def _facts_of(document: LongDocument, unit: Unit) -> Iterator[Fact]:
    quote = document.quote(unit)
    headings = document.sections[unit.section].headings
    found = find_facts(
        quote,
        context=unit.context,
        heading=headings[-1] if headings else "",
        columns=unit.columns,
    )
    seen: set[tuple[FactKind, str]] = set()
    for one in found:
        if (one.kind, one.normalised) in seen:
            continue
        seen.add((one.kind, one.normalised))
        yield Fact(
            kind=one.kind,
            value=quote[one.start : one.end],
            normalised=one.normalised,
            headings=headings,
            quote=quote,
            start=unit.start + one.start,
            end=unit.start + one.end,
            quote_start=unit.start,
        )


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end
