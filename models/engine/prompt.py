"""Messages to prompt token ids: the model's chat template, or role names in plain text."""

from collections.abc import Sequence
from typing import Any

from jinja2 import TemplateError

from models.engine.errors import PromptRejected

RoleText = tuple[str, str]

_PLAIN_NAMES = {"system": "System", "user": "Customer", "assistant": "Assistant"}
# a model without a chat template goes on writing the customer's lines: stop there
PLAIN_STOPS = tuple(f"\n{name}:" for name in _PLAIN_NAMES.values())


def build_prompt_ids(tokenizer: Any, messages: Sequence[RoleText]) -> list[int]:  # noqa: ANN401 -- tokenisers share no type
    """The prompt as the model was taught to read it, ready for the assistant's words."""
    if not messages:
        raise PromptRejected("a request needs at least one message")
    clean = [(role, without_special_tokens(tokenizer, text)) for role, text in messages]
    if tokenizer.chat_template:
        return _from_template(tokenizer, clean)
    return list(tokenizer.encode(plain_prompt(clean)))


def plain_prompt(messages: Sequence[RoleText]) -> str:
    """One line for each message, and the assistant's name to go on from."""
    # line breaks become spaces: a message must not open a line of another role
    lines = [f"{_PLAIN_NAMES[role]}: {' '.join(text.split())}" for role, text in messages]
    return "\n".join([*lines, f"{_PLAIN_NAMES['assistant']}:"])


def without_special_tokens(tokenizer: Any, text: str) -> str:  # noqa: ANN401 -- see above
    """Control tokens inside a message would let a customer write another role's words."""
    added = {str(token) for token in tokenizer.added_tokens_decoder.values() if token.special}
    for token in sorted(added | set(tokenizer.all_special_tokens), key=len, reverse=True):
        if len(token) > 1:
            text = text.replace(token, " ")
    return text


def _from_template(tokenizer: Any, messages: Sequence[RoleText]) -> list[int]:  # noqa: ANN401 -- see above
    try:
        return _apply(tokenizer, messages)
    except (TemplateError, ValueError, TypeError) as refused:
        merged = _merge_system(messages)
        if merged == list(messages):
            raise PromptRejected(f"the chat template refused the messages: {refused}") from refused
        return _apply(tokenizer, merged)


def _apply(tokenizer: Any, messages: Sequence[RoleText]) -> list[int]:  # noqa: ANN401 -- see above
    return list(
        tokenizer.apply_chat_template(
            [{"role": role, "content": text} for role, text in messages],
            add_generation_prompt=True,
            tokenize=True,
            return_dict=False,
            enable_thinking=False,  # customers wait: templates that know it skip the monologue
        )
    )


def _merge_system(messages: Sequence[RoleText]) -> list[RoleText]:
    """For templates without a system role: its text opens the first customer message."""
    system = "\n".join(text for role, text in messages if role == "system")
    others = [(role, text) for role, text in messages if role != "system"]
    if not system or not others:
        return list(messages)
    first_role, first_text = others[0]
    return [(first_role, f"{system}\n\n{first_text}"), *others[1:]]
