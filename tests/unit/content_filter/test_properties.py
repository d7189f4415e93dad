"""Whatever people type, the filter answers, its offsets are real, and no card number survives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.content_filter import SentenceFilter, inspect, inspect_output, mask_for_log
from app.content_filter.normalise import fold
from app.content_filter.recognizers.numbers import passes_luhn

# every code point, lone surrogates included, with a liking for what tricks are made of
_TRICKS = "0123456789oOlI|-. /\n\u200b\u202e\u202c\U000e0034\U000e0031\ufe0f\u20e3一二卡号pin@+"
_ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from(_TRICKS), max_size=120)
_PIECES = st.sampled_from(["", " ", "-", ".", "\u200b", "  "])


@given(_ANY_TEXT)
@settings(max_examples=400, deadline=None)
def test_any_text_is_inspected_and_offsets_lie_inside(text: str) -> None:
    result = inspect(text)

    assert all(0 <= one.start < one.end <= len(text) for one in result.findings)
    inspect_output(text, own_values=["1"], allowed_hosts=["bank.example"])
    mask_for_log(text)


@given(_ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_every_reading_maps_back(text: str) -> None:
    for view in fold(text).numeric:
        assert len(view.text) == len(view.starts) == len(view.ends)
        assert all(0 <= a < b <= len(text) for a, b in zip(view.starts, view.ends, strict=True))


@st.composite
def _cards(draw: st.DrawFn) -> str:
    body = "4" + "".join(draw(st.lists(st.sampled_from("0123456789"), min_size=14, max_size=14)))
    return next(body + str(digit) for digit in range(10) if passes_luhn(body + str(digit)))


@given(_cards(), st.lists(_PIECES, min_size=15, max_size=15), st.sampled_from(["", "a ", "卡"]))
@settings(max_examples=300, deadline=None)
def test_no_card_number_survives(number: str, between: list[str], before: str) -> None:
    spread = "".join(char + piece for char, piece in zip(number, [*between, ""], strict=True))

    masked = inspect(before + spread + " end").text

    assert spread not in masked
    assert number not in "".join(char for char in masked if char.isdigit())


@given(_ANY_TEXT, st.integers(1, 7))
@settings(max_examples=150, deadline=None)
def test_streaming_never_raises_and_masks_what_whole_replies_mask(text: str, size: int) -> None:
    reply = text + " Card 4111 1111 1111 1111. Next 4.50 EUR."
    stream = SentenceFilter()
    said = "".join(
        sentence
        for i in range(0, len(reply), size)
        for sentence in stream.feed(reply[i : i + size])
    )
    said += "".join(stream.flush())

    assert "4111 1111 1111 1111" not in said
