"""Nothing unfiltered leaves: the bank's and the customer's own numbers pass, others are masked."""

from dataclasses import replace

from app.content_filter import FilterAction, inspect_output
from app.dialogue.endings import Ending
from app.parts import Parts


def filter_ending(parts: Parts, ending: Ending) -> Ending:
    """The ending with its words and quotes filtered."""
    text = filter_words(parts, ending.text, own_values=ending.own_values)
    citations = tuple(
        {**citation, "quote": filter_words(parts, citation["quote"])}
        for citation in ending.citations
    )
    return replace(ending, text=text, citations=citations)


def filter_words(parts: Parts, text: str, *, own_values: tuple[str, ...] = ()) -> str:
    """Masked text; empty when the filter blocks it altogether."""
    settings = parts.settings
    checked = inspect_output(
        text,
        own_values=(*settings.bank_phones, *own_values),
        allowed_hosts=settings.bank_hosts,
    )
    return "" if checked.action is FilterAction.BLOCK else checked.text
