"""What stands in place of masked values is found, and taken out without a gap."""

import pytest

from app.content_filter import inspect_output
from app.content_filter.placeholders import placeholders_of, without_placeholders

TEXTS = (
    "my card is 4111 1111 1111 1111, thanks",
    "ring +353 86 123 4567 please",
)


@pytest.mark.parametrize("text", TEXTS)
def test_what_the_filter_puts_there_is_a_placeholder(text: str) -> None:
    masked = inspect_output(text).text
    assert masked != text
    (found,) = placeholders_of(masked)
    assert found in masked
    assert "[" not in without_placeholders(masked)


def test_no_gap_is_left() -> None:
    assert without_placeholders("ring [phone], or  write .\nBye [removed] ") == (
        "ring, or write.\nBye"
    )


def test_a_placeholder_is_named_once() -> None:
    assert placeholders_of("[phone] or [e-mail] or [phone]") == ("[phone]", "[e-mail]")
