"""What stood around a message when it was decided: kept with the decision, put back for a replay.

The thread goes on, so the open question and the locale of today are not those of then. Whatever
`decide` reads of a conversation beside the stored messages belongs into these two functions.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.dialogue.context import TurnContext, request_from


def situation_of(context: TurnContext) -> dict[str, Any]:
    """As data. Holds names of intents and what a request for an action asked, never a message."""
    pending = context.pending_request
    return {
        "locale": context.locale,
        "clarify_options": list(context.clarify_options),
        "pending_request": pending.as_dict() if pending else None,
    }


def put_back(context: TurnContext, situation: Mapping[str, Any]) -> TurnContext:
    """A turn's context as it was when the decision was made."""
    pending = situation["pending_request"]
    return replace(
        context,
        locale=situation["locale"],
        clarify_options=tuple(situation["clarify_options"]),
        pending_request=request_from(pending) if pending else None,
    )
