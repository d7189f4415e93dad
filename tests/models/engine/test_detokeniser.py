"""Text grows by whole characters, whatever the tokens are."""

import pytest

from models.engine.detokeniser import Detokeniser, StopStrings
from tests.models.engine.tiny_model import build_tokenizer

TEXTS = [
    pytest.param("Hello, how can I help you today?", id="english"),
    pytest.param("您好，请问有什么可以帮您？龘靐齉", id="chinese-known-and-rare"),
    pytest.param("Zoë paid 5 € 👩‍👩‍👧 in 北京", id="accents-currency-emoji"),
]


@pytest.mark.parametrize("text", TEXTS)
def test_deltas_join_to_the_text_without_halves(text: str) -> None:
    tokenizer = build_tokenizer()
    detokeniser = Detokeniser(lambda ids: str(tokenizer.decode(ids)))
    pieces = [detokeniser.push([token_id]) for token_id in tokenizer.encode(text)]
    assert all("\ufffd" not in piece for piece in pieces)
    assert "".join(pieces) + detokeniser.flush() == text


def test_text_is_not_held_back_longer_than_one_character() -> None:
    tokenizer = build_tokenizer()
    detokeniser = Detokeniser(lambda ids: str(tokenizer.decode(ids)))
    ids = tokenizer.encode("abc龘")
    assert detokeniser.push(ids[:-1]) == "abc"
    assert detokeniser.push(ids[-1:]) == "龘"


def test_bytes_that_never_become_a_character_are_dropped() -> None:
    tokenizer = build_tokenizer()
    detokeniser = Detokeniser(lambda ids: str(tokenizer.decode(ids)))
    ids = tokenizer.encode("ok龘")
    text = detokeniser.push(ids[:-1]) + detokeniser.flush()
    assert text == "ok"


@pytest.mark.parametrize(
    ("pieces", "wanted", "is_stopped"),
    [
        pytest.param(["one\nCus", "tomer: two"], "one", True, id="split-across-deltas"),
        pytest.param(["one\nCu", "rious"], "one\nCurious", False, id="false-alarm"),
        pytest.param(["one\nCu"], "one\nCu", False, id="held-back-at-the-end"),
        pytest.param(["a<|x|>b", "c"], "a", True, id="nothing-after-the-stop"),
    ],
)
def test_stop_strings(pieces: list[str], wanted: str, is_stopped: bool) -> None:
    stops = StopStrings(["\nCustomer:", "<|x|>"])
    text = "".join(stops.push(piece) for piece in pieces) + stops.flush()
    assert (text, stops.is_stopped) == (wanted, is_stopped)
