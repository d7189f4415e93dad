"""How well the grounding check tells true sentences from corrupted ones.

python -m knowledge_base.grounding_evaluation

True ones are sentences of our articles, shortened or joined as a model would; each corruption
changes one thing in one of them, so that the article no longer says it.
"""

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge_base.chunker import chunk_document
from knowledge_base.evaluate import ENCODERS, ROOT
from knowledge_base.figures import figures
from knowledge_base.grounding import GroundingChecker
from knowledge_base.loader import LoadFailure, load_folder
from knowledge_base.protocols import Embedder
from knowledge_base.sentences import sentence_spans
from knowledge_base.types import Chunk
from models.encoder_shelf import BundledEncoders, article_encoder

Corrupt = Callable[[str, Chunk, random.Random], str | None]
_NUMBER = re.compile(r"\d+")
_UNITS = {
    "en": (("working day", "hour"), ("days", "weeks"), ("months", "weeks"), ("minutes", "days")),
    "zh": (("工作日", "小时"), ("天", "周"), ("个月", "天"), ("分钟", "小时")),
}
_PROMISES = {
    "en": ("and we guarantee it", "and the fee is always refunded", "and it is free of charge"),
    "zh": ("，我们保证", "，费用一定退还", "，而且免费"),
}
_NAMES = re.compile(r"\b(?:Plus|Everyday|Student|Goal|Saver|Credit|Debit)\b|优享|日常|学生|储蓄")
_OTHERS = {"en": ("Plus", "Everyday", "Gold", "Revolut"), "zh": ("优享", "日常", "黄金", "白金")}
_NEGATED = {
    "en": ((" can ", " cannot "), (" is ", " is not "), (" are ", " are not ")),
    "zh": (("可以", "不可以"), ("不能", "能"), ("需要", "不需要"), ("会", "不会")),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, the passage that it was written from, and whether the passage says it."""

    kind: str
    sentence: str
    passage: str
    heading: str
    is_true: bool


@dataclass(frozen=True, slots=True)
class GroundingFigures:
    """Of what is kept, how much is true; of what is true, how much is kept."""

    true: int
    corrupted: int
    precision: float
    recall: float
    refused: dict[str, float]  # share of each kind of sentence


def build_cases(content: Path, locale: str) -> list[Case]:
    """True sentences and their corruptions, the same every time."""
    chance = random.Random(0)  # noqa: S311 -- a draw, not a secret
    documents = [item for item in load_folder(content) if not isinstance(item, LoadFailure)]
    chunks = [
        chunk
        for document in documents
        if document.locale == locale
        for chunk in chunk_document(document)
    ]
    cases: list[Case] = []
    for place, chunk in enumerate(chunks):
        other = chunks[(place + len(chunks) // 2) % len(chunks)]
        for sentence in _sentences(chunk.text):
            for kind, text in _true_forms(sentence):
                cases.append(_case(kind, text, chunk, is_true=True))
            for kind, corrupt in _CORRUPTIONS.items():
                corrupted = corrupt(sentence, chunk, chance)
                if corrupted not in (None, sentence):
                    cases.append(_case(kind, str(corrupted), chunk, is_true=False))
        cases += [
            _case("another article", text, chunk, is_true=False)
            for text in _sentences(other.text)[:1]
            if text not in chunk.text
        ]
    return cases


def measure(cases: Sequence[Case], embedder: Embedder | None) -> GroundingFigures:
    """Precision and recall of what is kept, and the share refused of each kind."""
    checker = GroundingChecker(embedder)
    refused: defaultdict[str, list[bool]] = defaultdict(list)
    for case in cases:
        checked = checker.check(case.sentence, [case.passage], headings=[case.heading])
        refused[case.kind].append(not all(one.is_supported for one in checked))
    kept_true = sum(not one for kind in _TRUE for one in refused[kind])
    kept_false = sum(not one for kind, part in refused.items() if kind not in _TRUE for one in part)
    true = sum(len(refused[kind]) for kind in _TRUE)
    corrupted = len(cases) - true
    return GroundingFigures(
        true=true,
        corrupted=corrupted,
        precision=round(kept_true / max(1, kept_true + kept_false), 4),
        recall=round(kept_true / max(1, true), 4),
        refused={kind: round(sum(part) / len(part), 4) for kind, part in refused.items()},
    )


def main() -> int:
    """Print the figures of both languages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--content", type=Path, default=ROOT / "knowledge_base/content")
    parser.add_argument("--words-only", action="store_true", help="without the encoder")
    options = parser.parse_args()
    embedder = None if options.words_only else article_encoder(BundledEncoders(ENCODERS))
    report = {
        locale: asdict(measure(build_cases(options.content, locale), embedder))
        for locale in ("en", "zh")
    }
    json.dump(report, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    return 0


def _case(kind: str, text: str, chunk: Chunk, *, is_true: bool) -> Case:
    heading = ". ".join([chunk.title, *chunk.headings])
    return Case(kind, text, chunk.text, heading, is_true)


def _sentences(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if line.strip() and "|" not in line]
    found = [line[start:end] for line in lines for start, end in sentence_spans(line, 0, len(line))]
    return [one.strip() for one in found if len(one.strip()) > _SHORTEST]


_SHORTEST = 10
_TRUE = ("as written", "shortened", "addressed")


def _true_forms(sentence: str) -> list[tuple[str, str]]:
    """As it stands, without its last clause, and with a polite beginning."""
    forms = [("as written", sentence)]
    clauses = re.split(r",(?!\d)|，", sentence)
    if len(clauses) > 1 and len(clauses[0]) > 2 * _SHORTEST:
        forms.append(("shortened", clauses[0] + ("。" if "，" in sentence else ".")))
    plain = sentence.lstrip("-* ")
    is_english = plain[:1].isascii()
    polite = "For your question: " if is_english else "关于您的问题，"
    forms.append(("addressed", polite + plain))
    return forms


def _other_number(sentence: str, chunk: Chunk, chance: random.Random) -> str | None:
    numbers = list(_NUMBER.finditer(sentence))
    if not numbers:
        return None
    chosen = chance.choice(numbers)
    changed = str(int(chosen[0]) + chance.choice((1, 2, 5)))
    text = sentence[: chosen.start()] + changed + sentence[chosen.end() :]
    return None if figures(text) <= figures(chunk.text) else text


def _other_unit(sentence: str, chunk: Chunk, _chance: random.Random) -> str | None:
    for unit, other in _UNITS[chunk.locale]:
        if unit in sentence:
            text = sentence.replace(unit, other, 1)
            return None if figures(text) <= figures(chunk.text) else text
    return None


def _other_name(sentence: str, chunk: Chunk, chance: random.Random) -> str | None:
    match = _NAMES.search(sentence)
    if match is None:
        return None
    others = [name for name in _OTHERS[chunk.locale] if name != match[0]]
    return sentence[: match.start()] + chance.choice(others) + sentence[match.end() :]


def _promise(sentence: str, chunk: Chunk, chance: random.Random) -> str | None:
    promise = chance.choice(_PROMISES[chunk.locale])
    ending = sentence[-1] if sentence[-1] in ".。!！" else ""
    between = " " if chunk.locale == "en" else ""
    return sentence.removesuffix(ending) + between + promise + ending


def _negated(sentence: str, chunk: Chunk, _chance: random.Random) -> str | None:
    for plain, turned in _NEGATED[chunk.locale]:
        if plain in sentence and turned not in sentence:
            return sentence.replace(plain, turned, 1)
    return None


_CORRUPTIONS: dict[str, Corrupt] = {
    "another number": _other_number,
    "another unit": _other_unit,
    "another name": _other_name,
    "a promise added": _promise,
    "negated": _negated,
}

if __name__ == "__main__":
    sys.exit(main())
