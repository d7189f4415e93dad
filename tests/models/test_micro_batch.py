"""The micro-batcher: many callers, one call, everyone their own answer or error."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.errors import BatcherClosed, BatcherFull
from models.micro_batch import MicroBatcher


class Doubling:
    """Doubles numbers; refuses negative ones; the first batch waits until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.started = threading.Event()
        self.may_go_on = threading.Event()

    def __call__(self, items: list[int]) -> list[int]:
        self.batches.append(list(items))
        self.started.set()
        assert self.may_go_on.wait(10)
        if any(item < 0 for item in items):
            raise ValueError(f"negative among {len(items)}")
        return [item * 2 for item in items]


@pytest.fixture
def work() -> Doubling:
    return Doubling()


@pytest.fixture
def batcher(work: Doubling) -> Iterator[MicroBatcher[int, int]]:
    made: MicroBatcher[int, int] = MicroBatcher(work, max_batch=8)
    yield made
    work.may_go_on.set()
    made.close()


def test_waiting_calls_share_a_batch(work: Doubling, batcher: MicroBatcher[int, int]) -> None:
    first = batcher.submit(0)
    assert work.started.wait(10)
    waiting = [batcher.submit(number) for number in range(1, 12)]
    work.may_go_on.set()

    assert [future.result(10) for future in waiting] == [2 * n for n in range(1, 12)]
    assert first.result(10) == 0
    assert [len(batch) for batch in work.batches] == [1, 8, 3]


def test_everyone_gets_their_own_answers(work: Doubling, batcher: MicroBatcher[int, int]) -> None:
    work.may_go_on.set()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: batcher.call([n, n + 1], timeout=10), range(100)))

    assert answers == [[2 * n, 2 * n + 2] for n in range(100)]


def test_only_the_guilty_caller_pays(work: Doubling, batcher: MicroBatcher[int, int]) -> None:
    batcher.submit(0)
    assert work.started.wait(10)
    good, bad, fine = batcher.submit(1), batcher.submit(-1), batcher.submit(2)
    work.may_go_on.set()

    assert (good.result(10), fine.result(10)) == (2, 4)
    with pytest.raises(ValueError, match="negative among 1"):
        bad.result(10)


def test_too_few_answers_are_an_error() -> None:
    batcher: MicroBatcher[int, int] = MicroBatcher(lambda items: items[1:])

    with pytest.raises(ValueError, match="1 items got 0 answers"):
        batcher.call([1], timeout=10)
    batcher.close()


def test_closing_answers_what_was_accepted(work: Doubling, batcher: MicroBatcher[int, int]) -> None:
    accepted = [batcher.submit(number) for number in range(20)]
    work.may_go_on.set()
    batcher.close()
    batcher.close()

    assert [future.result(0) for future in accepted] == [2 * n for n in range(20)]
    with pytest.raises(BatcherClosed):
        batcher.submit(1)


def test_a_cancelled_call_is_left_out(work: Doubling, batcher: MicroBatcher[int, int]) -> None:
    batcher.submit(0)
    assert work.started.wait(10)
    dropped, kept = batcher.submit(1), batcher.submit(2)
    assert dropped.cancel()
    work.may_go_on.set()

    assert kept.result(10) == 4
    assert work.batches[1] == [2]


def test_past_the_bound_a_call_is_refused_whole(
    work: Doubling,
) -> None:
    batcher: MicroBatcher[int, int] = MicroBatcher(work, max_batch=4, max_queued=3)
    running = batcher.submit(0)
    assert work.started.wait(10)
    waiting = [batcher.submit(1), batcher.submit(2)]

    with pytest.raises(BatcherFull, match="2 of at most 3"):
        batcher.call([3, 4])
    last = batcher.submit(5)
    work.may_go_on.set()
    batcher.close()

    assert [future.result(0) for future in (running, *waiting, last)] == [0, 2, 4, 10]
    assert [3, 4] not in [batch[-2:] for batch in work.batches]


def test_a_call_larger_than_the_bound_is_taken_when_nothing_waits(work: Doubling) -> None:
    work.may_go_on.set()
    batcher: MicroBatcher[int, int] = MicroBatcher(work, max_batch=4, max_queued=3)

    assert batcher.call(range(10), timeout=10) == [2 * n for n in range(10)]
    batcher.close()


def test_an_idle_batcher_waits_for_nobody(work: Doubling, batcher: MicroBatcher[int, int]) -> None:
    work.may_go_on.set()

    for number in range(5):
        assert batcher.call([number], timeout=10) == [2 * number]
    assert work.batches == [[0], [1], [2], [3], [4]]


def test_an_idle_batcher_runs_a_call_in_its_callers_thread() -> None:
    threads: list[threading.Thread] = []

    def work(items: list[int]) -> list[int]:
        threads.append(threading.current_thread())
        return items

    batcher: MicroBatcher[int, int] = MicroBatcher(work)
    assert batcher.call([1, 2]) == [1, 2]
    batcher.close()

    assert threads == [threading.current_thread()]


def test_what_arrives_meanwhile_waits_for_the_caller(
    work: Doubling, batcher: MicroBatcher[int, int]
) -> None:
    with ThreadPoolExecutor(1) as pool:
        alone = pool.submit(batcher.call, [1])
        assert work.started.wait(10)
        waiting = [batcher.submit(2), batcher.submit(3)]
        assert len(work.batches) == 1
        work.may_go_on.set()

        assert alone.result(10) == [2]
        assert [future.result(10) for future in waiting] == [4, 6]
    assert work.batches == [[1], [2, 3]]


def test_an_error_of_an_item_alone_is_the_callers(
    work: Doubling, batcher: MicroBatcher[int, int]
) -> None:
    work.may_go_on.set()

    with pytest.raises(ValueError, match="negative among 1"):
        batcher.call([1, -1])
    assert batcher.call([5]) == [10]
