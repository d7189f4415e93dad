"""The order of actions, as a table."""

import pytest

from app.content_filter.findings import FilterAction, FindingType
from app.content_filter.policy import MASKED, judge, judge_output

T = FindingType


@pytest.mark.parametrize(
    ("found", "is_attack", "action", "name"),
    [
        pytest.param({T.SELF_HARM, T.THREAT, T.PIN}, True, "escalate", "self_harm", id="gravest"),
        pytest.param({T.THREAT, T.FRAUD_IN_PROGRESS}, False, "escalate", "threat", id="threat"),
        pytest.param(
            {T.FRAUD_IN_PROGRESS}, True, "escalate", "fraud_in_progress", id="before-block"
        ),
        pytest.param({T.PIN}, True, "block", "prompt_injection", id="block-before-mask"),
        pytest.param({T.PIN, T.CARD_NUMBER}, False, "mask", "card_number", id="mask"),
        pytest.param({T.PROMPT_INJECTION, T.ABUSE}, False, "allow", None, id="flags-only"),
        pytest.param({T.IBAN, T.PHONE, T.EMAIL, T.EXPIRY}, False, "allow", None, id="contact-data"),
        pytest.param(set(), False, "allow", None, id="nothing"),
    ],
)
def test_order(found: set[FindingType], is_attack: bool, action: str, name: str | None) -> None:
    assert judge(found, is_attack=is_attack) == (FilterAction(action), name)


@pytest.mark.parametrize("kind", MASKED)
def test_promised_kinds_are_masked(kind: FindingType) -> None:
    assert judge({kind}, is_attack=False) == (FilterAction.MASK, kind.value)


@pytest.mark.parametrize(
    ("found", "action"),
    [
        ({T.CANARY, T.LINK}, "block"),
        ({T.LINK}, "mask"),
        ({T.PHONE}, "mask"),
        ({T.EMAIL}, "allow"),
        ({T.SELF_HARM}, "allow"),
    ],
)
def test_replies(found: set[FindingType], action: str) -> None:
    assert judge_output(found).action == action
