"""Experiments on real databases: states, sticky assignment, one exposure, results."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.analytics.filters import Filters, build_period
from app.analytics.summary_queries import summarise
from app.audit_trail import Actor
from app.clock import utc_now
from app.db.audit import AuditEventRecord
from app.db.conversation import ConversationRecord, MessageRecord, TurnRecord
from app.db.experiment import AssignmentRecord, ExposureRecord
from app.db.handoff import HandoffRecord
from app.db.people import CustomerRecord
from app.db.session import Database
from app.errors import BadInput, NotFound, StateConflict
from app.experiments import service
from app.experiments.metrics import Metric
from app.experiments.service import Arm, NewExperiment, NewVariant
from app.ids import new_id

ACTOR = Actor("staff", "1")


def wanted(key: str = "threshold", unit: str = "conversation") -> NewExperiment:
    return NewExperiment(
        key=key,
        hypothesis="Lower is better.",
        unit=unit,
        variants=(NewVariant("control", 1, {}), NewVariant("lower", 1, {"routing.accept": 0.4})),
        primary_metric=Metric.HANDOFF_RATE,
        guardrails=(Metric.CSAT,),
    )


def running(database: Database, key: str = "threshold", unit: str = "conversation") -> None:
    with database.write() as session:
        service.create(session, wanted(key, unit), actor=ACTOR)
        service.start(session, key, actor=ACTOR)


def arm_of(session: Session, conversation: str, customer: str | None = None) -> Arm:
    arm = service.arm_for(session, customer_id=customer, conversation_id=conversation)
    assert arm is not None
    return arm


def test_an_experiment_goes_from_draft_to_running_to_stopped(database: Database) -> None:
    with database.write() as session:
        created = service.create(session, wanted(), actor=ACTOR)
        assert created.record.status == "draft"
        with pytest.raises(StateConflict):
            service.stop(session, "threshold", actor=ACTOR)
        assert service.start(session, "threshold", actor=ACTOR).record.status == "running"
        with pytest.raises(StateConflict):
            service.start(session, "threshold", actor=ACTOR)
        stopped = service.stop(session, "threshold", actor=ACTOR).record
        assert stopped.status == "stopped"
        assert stopped.stopped_at is not None
    with database.read() as session:
        actions = set(session.scalars(select(AuditEventRecord.action)))
    assert actions == {"experiment.created", "experiment.running", "experiment.stopped"}


def test_a_key_is_used_once(database: Database) -> None:
    with database.write() as session:
        service.create(session, wanted(), actor=ACTOR)
        with pytest.raises(StateConflict) as refused:
            service.create(session, wanted(), actor=ACTOR)
        assert refused.value.code == "experiment_exists"
        assert len(service.list_page(session, after=None, limit=10)) == 1


def test_a_bad_override_leaves_nothing_behind(database: Database) -> None:
    bad = NewExperiment(
        "x", "y", "conversation", (NewVariant("a", 1, {"routing.accept": 7}),), Metric.CSAT
    )
    with database.write() as session:
        with pytest.raises(BadInput) as refused:
            service.create(session, bad, actor=ACTOR)
        assert refused.value.errors[0].field == "variants.0.overrides.routing.accept"
        with pytest.raises(NotFound):
            service.get(session, "x")


def test_a_draft_assigns_nobody(database: Database) -> None:
    with database.write() as session:
        service.create(session, wanted(), actor=ACTOR)
        assert service.arm_for(session, customer_id=None, conversation_id="c") is None
        with pytest.raises(StateConflict):
            service.assign(session, "threshold", "unit", actor=ACTOR)


def test_a_unit_keeps_its_variant_after_the_end(database: Database) -> None:
    running(database)
    with database.write() as session:
        before = {
            str(n): service.assign(session, "threshold", str(n), actor=ACTOR) for n in range(40)
        }
        service.stop(session, "threshold", actor=ACTOR)
    with database.write() as session:
        after = {unit: service.assign(session, "threshold", unit, actor=ACTOR) for unit in before}
        assert service.arm_for(session, customer_id=None, conversation_id="c") is None
    assert before == after
    assert set(before.values()) == {"control", "lower"}


def test_requests_at_the_same_moment_agree(database: Database) -> None:
    running(database)

    def assign(_: int) -> str:
        with database.write() as session:
            return service.assign(session, "threshold", "one-unit", actor=ACTOR)

    with ThreadPoolExecutor(6) as threads:
        variants = set(threads.map(assign, range(18)))
    assert len(variants) == 1
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(AssignmentRecord)) == 1


def test_the_oldest_running_experiment_that_applies_decides(database: Database) -> None:
    running(database, "customers", unit="customer")
    running(database, "conversations")
    with database.read() as session:
        assert arm_of(session, "c", "someone").experiment_key == "customers"
        visitor = arm_of(session, "c")
    assert (visitor.experiment_key, visitor.unit_id) == ("conversations", "c")
    assert visitor.overrides == ({"routing.accept": 0.4} if visitor.variant == "lower" else {})


def test_an_exposure_is_logged_once(database: Database) -> None:
    running(database)
    with database.write() as session:
        thread = conversation(session)
        arm = arm_of(session, thread)
        for _ in range(3):
            service.log_exposure(session, arm, thread)
        assert arm_of(session, thread) == arm
        counts = [
            session.scalar(select(func.count()).select_from(record))
            for record in (AssignmentRecord, ExposureRecord)
        ]
    assert counts == [1, 1]


def conversation(session: Session, *, customer: str | None = None, handed_off: bool = False) -> str:
    now = utc_now()
    row = ConversationRecord(channel="widget", customer_id=customer, updated_at=now, created_at=now)
    session.add(row)
    session.flush()
    message = MessageRecord(
        conversation_id=row.id, seq=1, author="customer", text="…", language="en"
    )
    session.add(message)
    session.flush()
    ending = "handoff" if handed_off else "answer"
    session.add(
        TurnRecord(
            conversation_id=row.id, message_id=message.id, message_seq=1, ending=ending,
            ended_at=now + timedelta(seconds=1), created_at=now,
        )
    )  # fmt: skip
    if handed_off:
        session.add(
            HandoffRecord(
                conversation_id=row.id, queue="general", reason="requested", language="en"
            )
        )
    session.flush()
    return row.id


def test_results_find_a_planted_effect(database: Database) -> None:
    running(database)
    share = Counter({"control": 0.8, "lower": 0.2})
    with database.write() as session:
        seen: Counter[str] = Counter()
        for _ in range(240):
            thread = new_id()
            variant = arm_of(session, thread).variant
            seen[variant] += 1
            is_handed_off = seen[variant] % 10 < share[variant] * 10
            thread_id = conversation(session, handed_off=is_handed_off)
            arm = arm_of(session, thread)
            service.log_exposure(session, arm, thread_id)
        experiment, results = service.results(session, "threshold")
    assert experiment.record.status == "running"
    assert results.sample_ratio_ok
    assert (results.verdict, results.winner) == ("better", "lower")
    assert sum(variant.conversations for variant in results.variants) == 240
    assert sum(variant.units for variant in results.variants) == 240


def test_customers_bring_all_their_later_conversations(database: Database) -> None:
    running(database, unit="customer")
    with database.write() as session:
        customer = CustomerRecord(id=new_id(), external_id="known")
        session.add(customer)
        session.flush()
        conversation(session, customer=customer.id)  # before the exposure: not counted
        first = conversation(session, customer=customer.id)
        service.log_exposure(session, arm_of(session, first, customer.id), first)
        conversation(session, customer=customer.id, handed_off=True)
        _, results = service.results(session, "threshold")
    assert sum(variant.units for variant in results.variants) == 1
    assert sum(variant.conversations for variant in results.variants) == 2


def test_containment_means_the_same_as_in_analytics(database: Database) -> None:
    running(database)
    with database.write() as session:
        customer = CustomerRecord(id=new_id(), external_id="known")
        session.add(customer)
        session.flush()
        threads = [
            conversation(session),
            conversation(session, handed_off=True),
            conversation(session, customer=customer.id),
            conversation(session, customer=customer.id),  # a repeat contact of the one before
        ]
        for thread in threads:
            service.log_exposure(session, arm_of(session, thread), thread)
        _, results = service.results(session, "threshold")
        period = build_period(utc_now() - timedelta(hours=1), utc_now() + timedelta(hours=1))
        summary = summarise(session, Filters(period))
    contained = sum(
        estimate.value * estimate.size
        for variant in results.variants
        if (estimate := variant.metrics[Metric.CONTAINMENT_RATE]) is not None
    )
    assert contained / len(threads) == summary.containment_rate == 0.5
