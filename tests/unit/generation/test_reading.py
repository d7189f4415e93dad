"""A transcript shows text once, whatever runs, gaps and late events arrive."""

import pytest

from app.generation.client import Failure, StreamEvent, StreamKind
from app.generation.errors import GenerationError, GenerationTimeout, GenerationUnavailable
from app.generation.reading import Transcript
from app.generation.redis_stream import pack, unpack


def delta(fence: int, offset: int, text: str) -> StreamEvent:
    return StreamEvent("r", fence, StreamKind.DELTA, offset, text)


def end(fence: int, offset: int) -> StreamEvent:
    return StreamEvent("r", fence, StreamKind.END, offset)


def read(events: list[StreamEvent]) -> list[str]:
    transcript = Transcript()
    return [text for event in events if (text := transcript.take(event))]


@pytest.mark.parametrize(
    ("events", "deltas"),
    [
        pytest.param([delta(1, 0, "a"), delta(1, 1, "b"), end(1, 2)], ["a", "b"], id="plain"),
        pytest.param(
            [delta(1, 0, "abc"), delta(2, 0, "ab"), delta(2, 2, "cd"), end(2, 4)],
            ["abc", "d"],
            id="second-run-repeats",
        ),
        pytest.param(
            [delta(1, 0, "ab"), delta(2, 0, "abc"), delta(1, 2, "zz"), end(2, 3)],
            ["ab", "c"],
            id="outdated-run-ignored",
        ),
        pytest.param(
            [delta(1, 0, "ab"), delta(1, 0, "ab"), end(1, 2), end(1, 2)], ["ab"], id="doubled"
        ),
    ],
)
def test_text_is_shown_once(events: list[StreamEvent], deltas: list[str]) -> None:
    assert read(events) == deltas


@pytest.mark.parametrize(
    ("events", "error"),
    [
        pytest.param([delta(1, 0, "a"), delta(1, 2, "c")], GenerationUnavailable, id="gap"),
        pytest.param([delta(1, 0, "a"), end(1, 5)], GenerationUnavailable, id="lost-tail"),
        pytest.param([delta(1, 0, "ab"), delta(2, 0, "ax")], GenerationUnavailable, id="diverged"),
        pytest.param(
            [StreamEvent("r", 1, StreamKind.ERROR, 0, Failure.TIMEOUT)],
            GenerationTimeout,
            id="deadline",
        ),
    ],
)
def test_what_cannot_be_whole_is_an_error(
    events: list[StreamEvent], error: type[GenerationError]
) -> None:
    with pytest.raises(error):
        read(events)


def test_packed_events_come_back_whole() -> None:
    events = [delta(3, 7, '你好 "x"\n'), StreamEvent("s", 1, StreamKind.START), end(3, 9)]
    assert unpack(pack(events)) == events
