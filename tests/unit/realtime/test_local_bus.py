"""Hints inside a process: to everyone who listens, from any thread, and to nobody after leaving."""

from concurrent.futures import ThreadPoolExecutor

from app.realtime.bus import Hint, LocalBus


def test_hint_reaches_listeners_of_its_conversation_only() -> None:
    bus, heard = LocalBus(), dict[str, list[Hint]](a=[], b=[], c=[])
    bus.subscribe("one", heard["a"].append)
    bus.subscribe("one", heard["b"].append)
    bus.subscribe("other", heard["c"].append)
    bus.publish("one", {"seq": 1})
    assert heard == {"a": [{"seq": 1}], "b": [{"seq": 1}], "c": []}


def test_who_left_hears_nothing_and_may_leave_twice() -> None:
    bus, heard = LocalBus(), list[Hint]()
    stop = bus.subscribe("one", heard.append)
    stop()
    stop()
    bus.publish("one", {"seq": 1})
    assert heard == []


def test_failing_listener_does_not_silence_the_others() -> None:
    bus, heard = LocalBus(), list[Hint]()

    def fail(_hint: Hint) -> None:
        raise RuntimeError("gone")

    bus.subscribe("one", fail)
    bus.subscribe("one", heard.append)
    bus.publish("one", {"seq": 1})
    assert heard == [{"seq": 1}]


def test_listener_may_leave_while_it_is_told() -> None:
    bus, heard = LocalBus(), list[Hint]()

    def once(hint: Hint) -> None:
        heard.append(hint)
        stop()

    stop = bus.subscribe("one", once)
    bus.publish("one", {"seq": 1})
    bus.publish("one", {"seq": 2})
    assert heard == [{"seq": 1}]


def test_many_threads_publish_and_none_is_lost() -> None:
    bus, heard = LocalBus(), list[Hint]()
    bus.subscribe("one", heard.append)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: bus.publish("one", {"seq": n}), range(200)))
    assert sorted(hint["seq"] for hint in heard) == list(range(200))


def test_closed_bus_is_silent() -> None:
    bus, heard = LocalBus(), list[Hint]()
    bus.subscribe("one", heard.append)
    bus.close()
    bus.publish("one", {"seq": 1})
    assert heard == []
