"""A message that is sent twice. Knows no transaction."""

from app.db.conversation import MessageRecord
from app.errors import BadInput, FieldError


def require_same_text(before: MessageRecord, text: str) -> None:
    """A message that is sent again is the same message; another needs another id."""
    if before.text != text:
        problem = FieldError("client_message_id", "was used for another message")
        raise BadInput(
            "The client_message_id was used for another message.",
            code="client_message_id_reused",
            errors=(problem,),
        )
