"""What stood around a message when it was decided: kept with the decision, put back for a replay.

The thread goes on, so the open request and the locale of today are not those of then. Whatever
`decide` reads of a conversation beside the stored messages belongs into these two functions.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.dialogue.context import TurnContext
from app.dialogue.open_request import open_request_from


def situation_of(context: TurnContext) -> dict[str, Any]:
    """As data. Holds names of intents and what a request for an action asked, never a message."""
    opened = context.open_request
    return {
        "locale": context.locale,
        "clarify_options": list(context.clarify_options),
        "open_request": opened.as_dict() if opened else None,
        "previous_intent": context.previous_intent,
    }


def put_back(context: TurnContext, situation: Mapping[str, Any]) -> TurnContext:
    """A turn's context as it was when the decision was made."""
    opened = situation["open_request"]
    return replace(
        context,
        locale=situation["locale"],
        clarify_options=tuple(situation["clarify_options"]),
        open_request=open_request_from(opened) if opened else None,
        previous_intent=situation["previous_intent"],
    )
