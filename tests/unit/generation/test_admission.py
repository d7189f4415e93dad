"""Admission counts requests and tokens, and keeps room for customers."""

from contextlib import ExitStack

import pytest

from app.generation.admission import Admission
from app.generation.client import ChatMessage, GenerationRequest, Priority
from app.generation.errors import GenerationRejected, GenerationUnavailable


def request(priority: Priority = Priority.CUSTOMER, *, tokens: int = 10) -> GenerationRequest:
    return GenerationRequest(
        "r", (ChatMessage("user", "hi"),), max_new_tokens=tokens, priority=priority
    )


def test_full_is_refused_with_a_time_and_leaving_makes_room() -> None:
    admission = Admission(2)
    with ExitStack() as held:
        held.enter_context(admission.admit(request()))
        held.enter_context(admission.admit(request()))
        with pytest.raises(GenerationUnavailable) as refused, admission.admit(request()):
            pass
        assert refused.value.retry_after >= 1
    with admission.admit(request()):
        assert admission.in_flight == 1


def test_batch_work_leaves_room_for_customers() -> None:
    admission = Admission(2)
    with admission.admit(request(Priority.BATCH)):
        with pytest.raises(GenerationUnavailable), admission.admit(request(Priority.BATCH)):
            pass
        with admission.admit(request(Priority.CUSTOMER)):
            assert admission.in_flight == 2


def test_tokens_count_too_but_one_large_request_is_served() -> None:
    admission = Admission(10, max_tokens=100)
    with (
        admission.admit(request(tokens=4000)),
        pytest.raises(GenerationUnavailable),
        admission.admit(request(tokens=90)),
    ):
        pass


@pytest.mark.parametrize("tokens", [0, 1_000_000])
def test_senseless_limits_are_rejected(tokens: int) -> None:
    with pytest.raises(GenerationRejected, match="max_new_tokens"):
        request(tokens=tokens)
