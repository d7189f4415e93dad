"""The live classifier: swaps under load, refusals, arms on other checkpoints. A toy loader."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from models.checkpoint import Manifest, load_manifest, save_checkpoint, verify_checkpoint
from models.registry import ModelRegistry
from models.types import RankedIntents
from routing import IntentRouter, RoutingDecision, Utterance, load_taxonomy
from routing.classifier import BatchedClassifier
from routing.errors import CheckpointRefused
from routing.live import LiveClassifier

KIND = "intent"


class ToyModel:
    """Says its own intent; a moment slow, so that swaps fall into running requests."""

    def __init__(self, folder: Path) -> None:
        verify_checkpoint(folder)
        facts = load_manifest(folder)
        self.version = facts.version
        self.thresholds = dict(facts.thresholds)
        self.intent = facts.labels["en"][0]

    def predict(self, texts: Sequence[str], *, language: str) -> list[RankedIntents]:
        if self.intent == "broken":
            raise RuntimeError("shapes do not match")
        time.sleep(0.0005)
        return [RankedIntents(((self.intent, 0.9),), 0.0) for _ in texts]


@dataclass
class Watching:
    """Remembers what it is told."""

    swaps: list[tuple[str, str]] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    fallbacks: list[tuple[str, str]] = field(default_factory=list)

    def swapped(self, version: str, before: str) -> None:
        self.swaps.append((version, before))

    def refused(self, version: str, error: Exception) -> None:
        self.refusals.append((version, str(error)))

    def fell_back(self, wanted: str, used: str) -> None:
        self.fallbacks.append((wanted, used))


@dataclass
class Room:
    """A registry with toy checkpoints and everything that was loaded from it."""

    registry: ModelRegistry
    watching: Watching = field(default_factory=Watching)
    loaded: list[BatchedClassifier] = field(default_factory=list)

    def save(self, intent: str, accept: float = 0.5) -> str:
        manifest = Manifest(
            kind=KIND,
            labels={"en": [intent]},
            thresholds={"accept": accept, "reject": 0.1, "margin": 0.05, "out_of_scope": 1.0},
        )
        documents = {"words.json": [intent]}
        parent = self.registry.root / KIND
        return save_checkpoint(parent, manifest, tensors={}, documents=documents).name

    def load(self, folder: Path) -> BatchedClassifier:
        self.loaded.append(BatchedClassifier(ToyModel(folder)))
        return self.loaded[-1]

    def open(self, **options: int) -> LiveClassifier:
        return LiveClassifier(
            self.registry, self.load, kind=KIND, observer=self.watching, **options
        )

    def tamper(self, version: str) -> None:
        (self.registry.folder(KIND, version) / "words.json").write_text('["altered"]')


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(ModelRegistry(tmp_path))
    yield made
    for classifier in made.loaded:
        classifier.close()


def is_closed(classifier: BatchedClassifier) -> bool:
    return not classifier._batcher._thread.is_alive()


def test_fifty_swaps_drop_no_request_and_mix_none(room: Room) -> None:
    first = room.save("card_lost", accept=0.55)
    second = room.save("balance_inquiry", accept=0.65)
    room.registry.promote(KIND, first)
    live = room.open()
    router = IntentRouter(load_taxonomy(), live)
    is_over = threading.Event()

    def keep_asking(_: int) -> list[RoutingDecision]:
        seen: list[RoutingDecision] = []
        while not is_over.is_set():
            seen += router.route_many([Utterance("hello", "en"), Utterance("你好", "zh")])
        return seen

    with ThreadPoolExecutor(16) as pool:
        asking = [pool.submit(keep_asking, number) for number in range(16)]
        for turn in range(50):
            room.registry.promote(KIND, second if turn % 2 == 0 else first)
            assert live.check()
            time.sleep(0.005)
        is_over.set()
        decided = [decision for future in asking for decision in future.result(10)]

    belongs = {first: ("card_lost", 0.55), second: ("balance_inquiry", 0.65)}
    assert len(decided) > 500
    assert {decision.model_version for decision in decided} == {first, second}
    for one, other in zip(decided[::2], decided[1::2], strict=True):
        assert one.model_version == other.model_version, "one request, one checkpoint"
    for decision in decided:
        intent, accept = belongs[decision.model_version]
        assert (decision.intent, decision.thresholds.accept) == (intent, accept)
    assert len(room.watching.swaps) == 50
    assert [is_closed(old) for old in room.loaded[:-1]] == [True] * 50
    assert not is_closed(room.loaded[-1])


def test_a_leased_checkpoint_answers_until_its_lease_ends(room: Room) -> None:
    first, second = room.save("card_lost"), room.save("balance_inquiry")
    room.registry.promote(KIND, first)
    live = room.open()

    with live.lease() as leased:
        room.registry.promote(KIND, second)
        assert live.check()
        assert live.version == second
        assert leased.version == first
        assert leased.classify(["x"], language="en")[0].ranking[0].intent == "card_lost"
        assert not is_closed(room.loaded[0])
    assert is_closed(room.loaded[0])


@pytest.mark.parametrize("fault", ["tampered", "broken", "missing", "pointer"])
def test_what_cannot_be_trusted_is_refused_once_and_the_old_one_serves_on(
    room: Room, fault: str
) -> None:
    good = room.save("card_lost")
    bad = room.save("broken" if fault == "broken" else "balance_inquiry")
    room.registry.promote(KIND, good)
    live = room.open()
    room.registry.promote(KIND, bad)
    if fault == "tampered":
        room.tamper(bad)
    elif fault == "missing":
        (room.registry.folder(KIND, bad) / "words.json").unlink()
    elif fault == "pointer":
        (room.registry.root / KIND / "live.json").write_text("{")

    assert [live.check() for _ in range(3)] == [False] * 3
    assert len(room.watching.refusals) == 1
    assert live.version == good
    assert live.classify(["x"], language="en")[0].ranking[0].intent == "card_lost"


def test_a_process_starts_on_the_latest_promotion_that_it_can_trust(room: Room) -> None:
    good, bad = room.save("card_lost"), room.save("balance_inquiry")
    room.registry.promote(KIND, good)
    room.registry.promote(KIND, bad)
    room.tamper(bad)

    assert room.open().version == good
    assert [version for version, _ in room.watching.refusals] == [bad]


def test_nothing_to_start_on_is_said_in_words(room: Room) -> None:
    with pytest.raises(CheckpointRefused, match="no intent model is live"):
        room.open()
    only = room.save("card_lost")
    room.registry.promote(KIND, only)
    room.tamper(only)
    with pytest.raises(CheckpointRefused, match="neither"):
        room.open()


def test_an_arm_has_a_checkpoint_of_its_own(room: Room) -> None:
    first, second = room.save("card_lost"), room.save("balance_inquiry", accept=0.7)
    room.registry.promote(KIND, first)
    router = IntentRouter(load_taxonomy(), room.open())

    for _ in range(3):
        with router.hold(second) as held:
            decision = held.route(Utterance("hello", "en"))
        assert (decision.model_version, decision.intent) == (second, "balance_inquiry")
        assert decision.thresholds.accept == 0.7
    assert router.route(Utterance("hello", "en")).model_version == first
    assert len(room.loaded) == 2, "loaded once"


def test_an_arm_whose_checkpoint_cannot_serve_is_served_by_the_live_one(room: Room) -> None:
    good, bad = room.save("card_lost"), room.save("balance_inquiry")
    room.registry.promote(KIND, good)
    room.tamper(bad)
    live = room.open()
    router = IntentRouter(load_taxonomy(), live)

    for _ in range(2):
        with router.hold(bad) as held:
            assert held.route(Utterance("hello", "en")).model_version == good
    assert room.watching.fallbacks == [(bad, good)] * 2
    assert len(room.watching.refusals) == 1, "not loaded anew for every request"
    with pytest.raises(CheckpointRefused), live.lease_exactly(bad):
        pass


def test_few_checkpoints_stay_loaded_and_a_leased_one_is_not_closed(room: Room) -> None:
    live_version, *arms = [room.save(f"intent_{n}") for n in range(4)]
    room.registry.promote(KIND, live_version)
    live = room.open(keep=2)

    with live.lease(arms[0]) as oldest:
        for arm in arms[1:]:
            with live.lease(arm):
                pass
        assert oldest.classify(["x"], language="en")
    closed = {classifier.version for classifier in room.loaded if is_closed(classifier)}
    assert closed == {arms[0]}
