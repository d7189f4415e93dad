"""One message per decode step and gateway; a lost message does not stop the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.generation.client import Failure, StreamEvent, StreamKind, Subscription
from app.generation.memory_stream import MemoryTokenStream
from app.generation.relay import StepRelay


@dataclass(frozen=True)
class Step:
    text: str = ""
    finish: str | None = None


class Recorder(MemoryTokenStream):
    """Remembers messages; one gateway is unreachable."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[tuple[str, list[StreamEvent]]] = []

    def publish(self, gateway: str, events: Sequence[StreamEvent]) -> None:
        if gateway == "gone":
            raise ConnectionError
        self.messages.append((gateway, list(events)))
        super().publish(gateway, events)


def test_a_step_is_one_message_per_gateway() -> None:
    tokens = Recorder()
    lost: list[Exception] = []
    relay = StepRelay(tokens, on_lost=lost.append)
    runs = [
        relay.open("a", gateway="one", fence=1),
        relay.open("b", gateway="one", fence=1),
        relay.open("c", gateway="two", fence=1),
        relay.open("d", gateway="gone", fence=1),
    ]
    relay.flush()
    for run in runs:
        run.put(Step("你"))
        run.put(Step("好", finish="stop"))
    relay.flush()
    assert [(gateway, len(events)) for gateway, events in tokens.messages] == [
        ("one", 2),
        ("two", 1),
        ("one", 6),
        ("two", 3),
    ]
    assert len(lost) == 2
    assert [run.text for run in runs] == ["你好"] * 4


def test_events_carry_offsets_and_failures() -> None:
    tokens = MemoryTokenStream()
    relay = StepRelay(tokens, on_lost=lambda _: None)
    subscription: Subscription = tokens.subscribe("a")
    run = relay.open("a", gateway="memory", fence=2)
    run.put(Step("ab"))
    run.put(Step("c"))
    run.put(Step(finish="deadline"))
    relay.flush()
    events = [subscription.next_event(0) for _ in range(4)]
    assert [(e.kind, e.offset, e.text) for e in events if e] == [
        (StreamKind.START, 0, ""),
        (StreamKind.DELTA, 0, "ab"),
        (StreamKind.DELTA, 2, "c"),
        (StreamKind.ERROR, 3, Failure.TIMEOUT.value),
    ]
    assert run.has_ended.is_set()
    subscription.close()
    assert subscription.next_event(0) is None
