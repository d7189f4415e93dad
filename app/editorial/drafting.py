"""An agent's answer becomes an article's text: without masked values and names. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.content_filter.placeholders import placeholders_of, tidy, without_placeholders

LONGEST_TITLE = 120
_QUESTION_MARK = re.compile(r"[?？]")
_HEADING = re.compile(r"^([ \t]*)(?=#)", re.MULTILINE)
_ADDRESS = re.compile(r"[\w.+-]+@(?P<host>[\w-]+(?:\.[\w-]+)+)")
_GREETING = re.compile(
    r"\A\s*(?:"
    r"(?i:hello|hi|hey|dear|good (?:morning|afternoon|evening))"
    r"(?:\s+(?:[A-Z][\w'’-]*\.?|there|all|customer|madam|sir)){0,3}\s*[,.!:\n]"
    r"|(?:尊敬的)?[\u4e00-\u9fff]{0,4}[，,]?\s*[您你]好[，,。!！]?"
    r")\s*"
)
_CHINESE_TITLES = "先生|女士|小姐|太太"


@dataclass(frozen=True, slots=True)
class DraftText:
    """What an editor goes on with."""

    title: str
    body: str  # Markdown: the question as heading, the answer below
    removed: tuple[str, ...]  # placeholders that stood in the answer or the question


@dataclass(frozen=True, slots=True)
class Said:
    """One message of customer or agent, in the order of the thread."""

    message_id: str
    is_customer: bool
    text: str
    language: str


def choose_question(before: Sequence[Said]) -> Said | None:
    """What the agent answered: of what the customer wrote last, the question, else the longest.

    Where several agents' messages follow each other, the customer's words before all of them count.
    """
    block: list[Said] = []
    for said in reversed(before):
        if said.is_customer:
            block.append(said)
        elif block:
            break
    asked = [said for said in reversed(block) if without_placeholders(said.text)]
    questions = [said for said in asked if _QUESTION_MARK.search(said.text)]
    return max(questions or asked, key=lambda said: len(said.text), default=None)


def write_draft(question: str, answer: str, *, names: Sequence[str]) -> DraftText | None:
    """Title, heading and body; None when nothing is left of the question or the answer.

    Both are masked. `names` are those of customer and agent: they have no place in an article.
    """
    both = (question, answer)
    removed = tuple(dict.fromkeys(found for text in both for found in placeholders_of(text)))
    asked, said = (
        without_names(without_placeholders(without_greeting(text)), names) for text in both
    )
    heading = " ".join(asked.split()).lstrip("# ")
    if not (any(map(str.isalnum, heading)) and any(map(str.isalnum, said))):
        return None
    text = _HEADING.sub(r"\1\\", said)  # a line that begins with # is no heading of the article
    return DraftText(shorten(heading), f"## {heading}\n\n{text}\n", removed)


def mask_addresses(text: str, *, hosts: Sequence[str]) -> str:
    """E-mail addresses become placeholders, those at the bank's own hosts stay."""

    def replaced(found: re.Match[str]) -> str:
        return found.group() if found["host"].lower() in hosts else "[e-mail]"

    return _ADDRESS.sub(replaced, text)


def without_greeting(text: str) -> str:
    """The text without the words that it greets somebody with: an article greets nobody."""
    rest = _GREETING.sub("", text, count=1)
    return rest if rest == text else rest[:1].upper() + rest[1:]


def without_names(text: str, names: Sequence[str]) -> str:
    """The text without whole names and their parts, as they are written there."""
    for name in names:
        for part in sorted({name, *name.split()}, key=len, reverse=True):
            text = _name_pattern(part).sub("", text)
    return tidy(text)


def shorten(text: str, longest: int = LONGEST_TITLE) -> str:
    """At most so many characters, cut between words where there are any."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    space = kept.rfind(" ")
    return f"{(kept[:space] if space > longest // 2 else kept).rstrip()}…"


def _name_pattern(part: str) -> re.Pattern[str]:
    escaped = re.escape(part)
    if not part.isascii():  # Chinese: the family name with a form of address as well
        return re.compile(rf"{escaped}|{re.escape(part[0])}(?:{_CHINESE_TITLES})")
    if len(part) < 2:  # an initial
        return re.compile(r"(?!)")
    return re.compile(rf"(?:\b(?:Mr|Mrs|Ms|Dr)\.? )?\b{escaped}\b")
