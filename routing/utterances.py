"""A labelled utterance, what makes two texts equal, and the digest of a data set. Pure."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

OUT_OF_SCOPE_LABELS = frozenset({"oos", "ood", "out_of_scope", "out of scope"})
LONGEST_TEXT = 2000
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class LabelledUtterance:
    """A customer's words and what they want; `intent` is None where none of ours applies."""

    text: str
    intent: str | None
    language: str
    source: str = field(default="", compare=False)  # where it came from, for people

    @property
    def normalised(self) -> str:
        return normalise(self.text)


def normalise(text: str) -> str:
    """Equal for texts that differ only in case, width, punctuation and spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_WORDS.sub(" ", folded).strip() or folded.strip()


def deduplicate(utterances: Iterable[LabelledUtterance]) -> list[LabelledUtterance]:
    """Keep the first of several equal texts; two labels for one text cannot both be right."""
    first: dict[str, LabelledUtterance] = {}
    for utterance in utterances:
        first.setdefault(utterance.normalised, utterance)
    return list(first.values())


def data_digest(utterances: Iterable[LabelledUtterance]) -> str:
    """SHA-256 over the rows; the order in the file does not matter."""
    rows = sorted([u.text, u.intent or "", u.language] for u in utterances)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
