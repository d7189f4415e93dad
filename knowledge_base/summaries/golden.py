"""The labelled long documents: what a good summary must say, and the facts in the text.

Documents are Markdown or plain text with labels of the form `{{kind=normalised|words}}`; handbooks
are named articles one after another. Knows no ranking and no rule of extraction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge_base.facts.labels import Label, read_labels
from knowledge_base.loader import load_file


@dataclass(frozen=True, slots=True)
class KeyFact:
    """Something that a summary should say; each need is a choice of wordings, one of which must
    stand in the same sentence as the others."""

    says: str
    needs: tuple[tuple[str, ...], ...]

    def is_stated_in(self, sentence: str) -> bool:
        """Whether one sentence says it."""
        return all(any(words in sentence for words in choice) for choice in self.needs)


@dataclass(frozen=True, slots=True)
class GoldenDocument:
    """A text with what is expected of it; handbooks have no labels."""

    name: str
    locale: str
    text: str
    key_facts: tuple[KeyFact, ...]
    labels: tuple[Label, ...] = ()

    @property
    def is_labelled(self) -> bool:
        """Whether the facts in its text are labelled."""
        return bool(self.labels)


def load_golden_documents(folder: Path, content: Path) -> list[GoldenDocument]:
    """Every `<name>.<locale>.yaml` with its text beside it, or made of articles in `content`."""
    return [_load(path, content) for path in sorted(folder.glob("*.yaml"))]


def _load(path: Path, content: Path) -> GoldenDocument:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    name, locale = path.stem.split(".")
    labels: list[Label] = []
    if "articles" in said:
        text = _handbook([content / locale / f"{slug}.md" for slug in said["articles"]])
    else:
        text, labels = read_labels(path.with_suffix(".md").read_text(encoding="utf-8"))
    key_facts = tuple(
        KeyFact(fact["says"], tuple(tuple(need.split("|")) for need in fact["needs"]))
        for fact in said["key_facts"]
    )
    return GoldenDocument(name, locale, text, key_facts, tuple(labels))


def _handbook(articles: Sequence[Path]) -> str:
    documents = [document for path in articles for document in load_file(path)]
    return "\n\n".join(f"# {document.title}\n\n{document.body}" for document in documents)
