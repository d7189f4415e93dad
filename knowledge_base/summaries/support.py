"""Which units of a section support a generated sentence, by the check of worded answers."""

from collections.abc import Sequence

from knowledge_base.grounding import GroundingChecker
from knowledge_base.long_document import Unit

_CHECKER = GroundingChecker()


def find_support(
    sentence: str, units: Sequence[Unit], *, headings: Sequence[str] = ()
) -> tuple[Unit, ...]:
    """The units that support the sentence, in reading order; none when it is unsupported.

    `headings` stand above the units and count as words that were said.
    """
    above = " ".join(headings)
    checked = _CHECKER.check(
        sentence,
        [unit.plain for unit in units],
        headings=[f"{above} {unit.context}" for unit in units],
    )
    places = {one.passage for one in checked}
    return (
        tuple(unit for place, unit in enumerate(units) if place in places)
        if (places and None not in places)
        else ()
    )
