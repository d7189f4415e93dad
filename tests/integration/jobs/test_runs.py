"""A job is run by one runner at a time, tried again, buried with a person; the row is the truth."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.clock import utc_now
from app.config import DatabaseSettings
from app.db.conversation import TurnRecord
from app.db.job import JobRecord
from app.db.people import CustomerRecord
from app.db.session import Database
from app.ids import new_id
from app.jobs import repository
from app.jobs.enqueue import enqueue
from app.jobs.job_queue import ThreadJobQueue
from app.jobs.registry import KINDS, job
from app.jobs.runner import JobRun, JobRunner, LeaseLost, Postponed
from app.jobs.sweeper import Periodic, sweep
from app.parts import Parts
from tests.fixtures.callers import Api
from tests.fixtures.expectations import count_rows, eventually, thread_of
from tests.fixtures.service import Service

Work = Callable[[JobRun], None]


@pytest.fixture
def kind() -> Iterator[Callable[..., str]]:
    """Register kinds for one test."""
    names: list[str] = []

    def register(work: Work, **options: object) -> str:
        name = f"test.{new_id()}"
        names.append(name)

        def handler(_parts: Parts, run: JobRun, **_arguments: object) -> None:
            work(run)

        job(name, **options)(handler)  # type: ignore[arg-type]  # passed on as they are
        return name

    yield register
    for name in names:
        del KINDS[name]


@pytest.fixture
def runner(database: Database) -> JobRunner:
    return JobRunner(database, lease_seconds=30, seed=1)


def add_job(database: Database, kind: str, **columns: object) -> str:
    with database.write() as session:
        row = enqueue(session, kind, number=1)
        for name, value in columns.items():
            setattr(row, name, value)
        return row.id


def read_job(database: Database, job_id: str) -> JobRecord:
    with database.read() as session:
        return session.get_one(JobRecord, job_id)


def change_job(database: Database, job_id: str, **values: object) -> None:
    with database.write() as session:
        session.execute(update(JobRecord).where(JobRecord.id == job_id).values(**values))


def mark(run: JobRun, reference: str) -> None:
    """An effect that can be counted, in the job's own transaction."""
    with run.finishing() as session:
        session.add(CustomerRecord(external_id=f"{reference}-{new_id()}"))


def marks(database: Database, reference: str) -> int:
    with database.read() as session:
        query = session.query(CustomerRecord)
        return query.filter(CustomerRecord.external_id.startswith(reference)).count()


def test_one_of_many_runners_has_the_job(
    database: Database, runner: JobRunner, kind: Callable[..., str]
) -> None:
    job_id = add_job(database, kind(lambda run: mark(run, "once")))
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(runner.run, [job_id] * 10))
    assert marks(database, "once") == 1
    done = read_job(database, job_id)
    assert (done.state, done.attempts, done.fence) == ("done", 1, 1)


def test_job_that_is_not_due_or_done_is_not_run(
    database: Database, runner: JobRunner, kind: Callable[..., str]
) -> None:
    name = kind(lambda run: mark(run, "never"))
    later = add_job(database, name, run_after=utc_now() + timedelta(hours=1))
    done = add_job(database, name, state="done")
    dead = add_job(database, name, state="dead")
    for job_id in (later, done, dead, new_id()):
        runner.run(job_id)
    assert marks(database, "never") == 0


def test_expired_lease_is_taken_over_and_the_old_run_changes_nothing(
    database: Database, runner: JobRunner, kind: Callable[..., str]
) -> None:
    job_id = add_job(database, kind(lambda run: mark(run, "fenced")))
    with database.write() as session:
        old = repository.claim(session, job_id, now=utc_now(), lease_seconds=-1)
    assert old is not None
    runner.run(job_id)
    assert marks(database, "fenced") == 1
    outdated = JobRun(database, old)
    with pytest.raises(LeaseLost):
        mark(outdated, "fenced")
    assert outdated.is_finished is False
    assert marks(database, "fenced") == 1
    assert read_job(database, job_id).fence == 2


def test_running_lease_is_left_alone(
    database: Database, runner: JobRunner, kind: Callable[..., str]
) -> None:
    job_id = add_job(database, kind(lambda run: mark(run, "held")))
    with database.write() as session:
        assert repository.claim(session, job_id, now=utc_now(), lease_seconds=30) is not None
    runner.run(job_id)
    assert marks(database, "held") == 0


def _lease_after(work: Callable[[], None], database: Database, job_id: str) -> float:
    """Seconds by which `work` moved the end of the job's lease."""
    with database.read() as session:
        before = session.get_one(JobRecord, job_id).lease_until
    work()
    with database.read() as session:
        after = session.get_one(JobRecord, job_id).lease_until
    assert before is not None
    assert after is not None
    return (after - before).total_seconds()


@pytest.mark.parametrize(
    ("time_limit", "is_renewed"),
    [pytest.param(60.0, True, id="within-limit"), pytest.param(0.01, False, id="over-limit")],
)
def test_long_run_keeps_its_lease_until_its_time_limit(
    database: Database, kind: Callable[..., str], *, time_limit: float, is_renewed: bool
) -> None:
    runner = JobRunner(database, lease_seconds=0.3)
    moved: list[float] = []

    def work(run: JobRun) -> None:
        threading.Event().wait(0.15)  # longer than a third of the lease
        moved.append(_lease_after(runner.renew_leases, database, run.lease.job_id))

    job_id = add_job(database, kind(work, time_limit=time_limit))
    runner.run(job_id)
    assert (moved[0] > 0) is is_renewed


def test_postponed_job_is_offered_again_without_a_lost_attempt(
    database: Database, kind: Callable[..., str], runner: JobRunner
) -> None:
    runs: list[int] = []

    def work(run: JobRun) -> None:
        runs.append(run.lease.attempt)
        if len(runs) == 1:
            raise Postponed(0.0)

    job_id = add_job(database, kind(work))
    runner.run(job_id)
    runner.run(job_id)
    assert runs == [1, 1]


@pytest.mark.parametrize("step", ["release", "bury"])
def test_outdated_run_cannot_close_a_job(
    database: Database, kind: Callable[..., str], step: str
) -> None:
    job_id = add_job(database, kind(lambda _: None))
    with database.write() as session:
        old = repository.claim(session, job_id, now=utc_now(), lease_seconds=-1)
        new = repository.claim(session, job_id, now=utc_now(), lease_seconds=30)
        assert old is not None
        assert new is not None
        now = utc_now()
        closed = (
            repository.release(session, old, run_after=now, error="x")
            if step == "release"
            else repository.bury(session, old, now=now, error="x")
        )
    assert closed is False
    assert read_job(database, job_id).state == "running"


def test_failing_job_is_tried_again_later_and_buried_at_last(
    database: Database, runner: JobRunner, kind: Callable[..., str]
) -> None:
    buried: list[int] = []

    def fail(_run: JobRun) -> None:
        raise ValueError("broken on purpose")

    def bury(_parts: Parts, _session: object, *, number: int) -> None:
        buried.append(number)

    job_id = add_job(database, kind(fail, attempts=3, when_buried=bury))
    delays = []
    for attempt in (1, 2):
        runner.run(job_id)
        row = read_job(database, job_id)
        assert (row.state, row.attempts) == ("ready", attempt)
        assert row.last_error == "ValueError: broken on purpose"
        delays.append((row.run_after - utc_now()).total_seconds())
        change_job(database, job_id, run_after=utc_now())
    assert 0.0 < delays[0] <= 0.5
    assert 0.4 < delays[1] <= 1.0
    runner.run(job_id)
    assert read_job(database, job_id).state == "dead"
    assert buried == [1]
    runner.run(job_id)
    assert buried == [1]


def test_failing_burial_leaves_the_job_to_be_offered_again(
    database: Database, runner: JobRunner, kind: Callable[..., str]
) -> None:
    """Nobody is left in silence: while the person cannot be called, the job is not given up."""

    def fail(_run: JobRun) -> None:
        raise ValueError("broken")

    def bury(_parts: Parts, _session: object, **_ids: object) -> None:
        raise OSError("cannot hand over now")

    job_id = add_job(database, kind(fail, attempts=1, when_buried=bury))
    runner.run(job_id)
    row = read_job(database, job_id)
    assert row.state == "running"
    change_job(database, job_id, lease_until=utc_now() - timedelta(seconds=1))
    assert sweep(database, lambda _id, _lane: None) == 1


def test_job_whose_runs_never_come_back_is_buried(
    database: Database, runner: JobRunner, kind: Callable[..., str]
) -> None:
    """It may be what kills its process: after the last attempt a person takes over."""
    buried: list[int] = []

    def bury(_parts: Parts, _session: object, *, number: int) -> None:
        buried.append(number)

    name = kind(lambda run: mark(run, "poison"), attempts=3, when_buried=bury)
    past = utc_now() - timedelta(seconds=1)
    job_id = add_job(database, name, state="running", attempts=3, lease_until=past)
    runner.run(job_id)
    assert (read_job(database, job_id).state, buried) == ("dead", [1])
    assert marks(database, "poison") == 0


def test_failure_after_the_commit_is_not_tried_again(
    database: Database, runner: JobRunner, kind: Callable[..., str]
) -> None:
    def finish_and_fail(run: JobRun) -> None:
        mark(run, "kept")
        raise ValueError("too late")

    job_id = add_job(database, kind(finish_and_fail))
    runner.run(job_id)
    assert (read_job(database, job_id).state, marks(database, "kept")) == ("done", 1)


def test_failure_inside_the_transaction_keeps_nothing(
    database: Database, runner: JobRunner, kind: Callable[..., str]
) -> None:
    def fail_inside(run: JobRun) -> None:
        with run.finishing() as session:
            session.add(CustomerRecord(external_id="half-written"))
            session.flush()
            raise ValueError("half-way")

    job_id = add_job(database, kind(fail_inside))
    runner.run(job_id)
    assert (read_job(database, job_id).state, marks(database, "half-written")) == ("ready", 0)


def test_unknown_kind_is_not_lost(database: Database, runner: JobRunner) -> None:
    with database.write() as session:
        row = JobRecord(
            kind="from.a.newer.version", lane="default", run_after=utc_now(), max_attempts=2
        )
        session.add(row)
    runner.run(row.id)
    assert read_job(database, row.id).state == "ready"


def test_sweeper_offers_what_is_due_and_what_was_left(
    database: Database, kind: Callable[..., str]
) -> None:
    name = kind(lambda _: None)
    past, future = utc_now() - timedelta(minutes=1), utc_now() + timedelta(minutes=1)
    due = add_job(database, name, run_after=past)
    left = add_job(database, name, state="running", lease_until=past)
    add_job(database, name, run_after=future)
    add_job(database, name, state="running", lease_until=future)
    add_job(database, name, state="done")
    offered: list[str] = []
    assert sweep(database, lambda job_id, _lane: offered.append(job_id)) == 2
    assert set(offered) == {due, left}


def test_jobs_survive_a_queue_that_stops(
    database: Database, runner: JobRunner, kind: Callable[..., str]
) -> None:
    """What a closing process did not begin, the next process's sweeper brings."""
    began, go_on = threading.Event(), threading.Event()

    def work(run: JobRun) -> None:
        began.set()
        assert go_on.wait(10)
        mark(run, "survivor")

    name = kind(work)
    jobs = [add_job(database, name) for _ in range(4)]
    first = ThreadJobQueue(runner.run, threads={"default": 1, "turns": 1})
    for job_id in jobs:
        first.wake(job_id, "default")
    assert began.wait(10)
    closing = threading.Thread(target=first.close)
    closing.start()
    go_on.set()
    closing.join(10)
    first.wake(jobs[-1], "default")  # a closed queue takes nothing and raises nothing
    assert 1 <= marks(database, "survivor") < 4
    second = ThreadJobQueue(runner.run, threads={"default": 2, "turns": 1})
    sweep(database, second.wake)
    eventually(lambda: marks(database, "survivor") == 4)
    second.close()


def test_job_is_woken_after_the_commit_and_not_after_a_rollback(
    database_url: str, kind: Callable[..., str]
) -> None:
    woken: list[str] = []

    class Listening:
        def wake(self, job_id: str, lane: str) -> None:
            woken.append(job_id)

        def close(self) -> None:
            """Nothing runs."""

    name = kind(lambda _: None)
    database = Database(DatabaseSettings(url=database_url), session_info={"job_queue": Listening()})
    with database.write() as session:
        row = enqueue(session, name)
        assert woken == []
    assert woken == [row.id]
    with pytest.raises(ZeroDivisionError):
        enqueue_and_fail(database, name)
    assert woken == [row.id]
    database.dispose()


def enqueue_and_fail(database: Database, name: str) -> None:
    with database.write() as session:
        enqueue(session, name)
        raise ZeroDivisionError


def test_periodic_goes_on_after_a_failure() -> None:
    calls: list[int] = []
    third = threading.Event()

    def call() -> None:
        calls.append(1)
        if len(calls) >= 3:
            third.set()
        raise ValueError("this once")

    periodic = Periodic("test", call, every=0.01)
    periodic.start()
    assert third.wait(10)
    periodic.stop()
    assert len(calls) >= 3


# -- through the service


class BrokenRouter:
    """Fails whatever it is asked."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError("the model is broken")


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_turn_that_fails_for_good_ends_with_a_person(
    customer: Api, service: Service, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    conversation = customer.open_conversation(locale=locale)
    monkeypatch.setattr(service.parts, "router", BrokenRouter())
    text = {"en": "hello", "zh": "你好"}[locale]
    customer.post(f"/v1/conversations/{conversation}/messages", {"text": text})

    def hurry() -> TurnRecord | None:
        """Backoff is real time; the test moves the next attempt up."""
        with service.parts.database.write() as session:
            session.execute(
                update(JobRecord)
                .where(JobRecord.state == "ready", JobRecord.kind == "dialogue.run_turn")
                .values(run_after=utc_now())
            )
            rows = session.query(TurnRecord).filter_by(conversation_id=conversation)
            return rows.filter(TurnRecord.ending.is_not(None)).one_or_none()

    turn = eventually(hurry, seconds=20)
    assert turn.ending == "handoff"
    state = customer.get(f"/v1/conversations/{conversation}").json()
    assert state["handoff"]["reason"] == "technical"
    assert state["handoff"]["priority"] == "high"
    reply = next(
        item for item in thread_of(customer, conversation) if item["author"] == "assistant"
    )
    assert {"en": "your message is safe", "zh": "您的消息已保存"}[locale] in reply["text"]
    assert count_rows(service, JobRecord, key=f"turn:{turn.id}", state="dead") == 1


def test_lost_wake_up_costs_seconds_only(
    customer: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue hears nothing; the sweeper finds the row."""
    real = service.parts.database._write_sessions.kw["info"]
    monkeypatch.setitem(real, "job_queue", None)
    conversation = customer.open_conversation()
    answer = customer.say(conversation, "hello")
    assert answer["reply"]["author"] == "assistant"
