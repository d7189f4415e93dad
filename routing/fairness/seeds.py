"""The seeds: our own utterances, two for each intent and language, never trained on."""

from pathlib import Path

from routing.dataset import load_utterances
from routing.fairness.types import Seed

DATA = Path(__file__).with_name("data")


def load_seeds(path: Path | None = None) -> list[Seed]:
    """Ours, or a bank's own labelled file or folder; DatasetError names what cannot be read."""
    return [Seed(u.text, u.intent, u.language) for u in load_utterances(path or DATA)]
