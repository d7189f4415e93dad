"""Why a conversation went to a person: the named list that analytics groups by."""

from enum import StrEnum

from routing import Priority


class HandoffReason(StrEnum):
    CUSTOMER_REQUEST = "customer_request"  # asked in words or by the button
    INTENT = "intent"  # the intent belongs to people
    RULE = "rule"  # a must-not-miss rule
    SAFETY = "safety"  # the content filter escalated
    UNCLEAR = "unclear"  # asked twice, still not understood
    NO_ANSWER = "no_answer"  # the knowledge base abstained
    GENERATION_FAILED = "generation_failed"
    BANK_UNAVAILABLE = "bank_unavailable"
    UNSUPPORTED_ACTION = "unsupported_action"
    TECHNICAL = "technical"  # the turn failed for good
    INTEGRATION = "integration"  # asked for over REST


PRIORITY_RANK = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 3}


def rank_of(priority: str) -> int:
    """0 is served first."""
    return PRIORITY_RANK[Priority(priority)]
