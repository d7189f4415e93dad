"""What one decision costs in process: one text, one thread, part by part, in one interleaved run.

Whole decisions go through the router that serves: language, rules, classifier, policy. Beside them
the parts, and the encoder as int8 and float32 graphs and in torch.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from app.config import load_settings
from app.errors import NotFound
from benchmarks.encoder_runtimes import Runtimes, open_runtimes
from benchmarks.runner import spread
from models.checkpoint import load_checkpoint
from models.device import prepare_cpu
from models.encoder_shelf import as_shelf
from models.intent_classifier import KIND, IntentModel, LanguageModel, restore_intent_model
from models.registry import ModelRegistry
from models.types import Floats
from routing import IntentRouter, Utterance, load_taxonomy
from routing.classifier import BatchedClassifier, to_classification
from routing.dataset import load_utterances
from routing.types import Classification, Thresholds

CALLS = 400
WARM_UP = 10  # calls before each block
BLOCK = 40
SAMPLE = 200  # own utterances on which the runtimes' vectors are compared
SEED = 20261128
TEXTS = {
    "en": "I lost my card on the train, please help me",
    "zh": "我的银行卡在火车上丢了，请帮帮我",
}
Work = Callable[[], object]


class DirectClassifier:
    """The model without the micro-batcher: what the batcher costs a lonely text."""

    def __init__(self, model: IntentModel) -> None:
        self._model = model
        self.version = model.version
        self.thresholds = Thresholds(**model.thresholds)

    def classify(self, texts: Sequence[str], *, language: str) -> list[Classification]:
        """The same values in the caller's thread."""
        return [to_classification(seen) for seen in self._model.predict(texts, language=language)]


@dataclass(frozen=True, slots=True)
class KnownClassifier:
    """Answers with what the model said before: language, rules and policy are what remains."""

    known: Classification
    version: str
    thresholds: Thresholds

    def classify(self, texts: Sequence[str], *, language: str) -> list[Classification]:  # noqa: ARG002
        """The one answer."""
        return [self.known for _ in texts]


def main(calls: int = CALLS) -> Mapping[str, Any]:
    """Part -> p50 and p99 in wall and processor milliseconds, for each language."""
    folder = _live()
    encoders = as_shelf(None, folder.parent)
    model = restore_intent_model(load_checkpoint(folder, kind=KIND), encoders)
    figures: dict[str, Any] = {"model": folder.name}
    with ExitStack() as stack:
        stack.enter_context(threadpool_limits(1))
        prepare_cpu(1)
        batched = BatchedClassifier(model)
        stack.callback(batched.close)
        for language, text in TEXTS.items():
            source = encoders.source(language)
            served = encoders.find(language)
            if source is None or served is None:
                continue
            runtimes = stack.enter_context(open_runtimes(source, served))
            parts = _parts(model, batched, language, text) | _encodings(runtimes, text)
            figures[f"{language} text"] = _tokens(text, source.tokenizer, source.prefix)
            figures |= {f"{language} {name}": took for name, took in _measure(parts, calls).items()}
            figures |= {
                f"{language} cosine to fp32, {name}": cosine
                for name, cosine in _cosines(runtimes, language).items()
            }
    return figures


def _live() -> Path:
    registry = ModelRegistry(load_settings().var / "models")
    live = registry.find_live(KIND)
    if live is None:
        raise NotFound("No intent model is live here: run `switchboard prepare` first.")
    return live


def _parts(
    model: IntentModel, batched: BatchedClassifier, language: str, text: str
) -> dict[str, Work]:
    """Whole decisions, and what they consist of."""
    taxonomy = load_taxonomy()
    said = Utterance(text)
    direct = DirectClassifier(model)
    known = KnownClassifier(
        direct.classify([text], language=language)[0], direct.version, direct.thresholds
    )
    routers = {
        "decision": IntentRouter(taxonomy, batched),
        "decision, no batcher": IntentRouter(taxonomy, direct),
        "language, rules, policy": IntentRouter(taxonomy, known),
    }
    reading = model._languages[language]
    return {name: _routing(router, said) for name, router in routers.items()} | _heads(
        reading, text
    )


def _routing(router: IntentRouter, said: Utterance) -> Work:
    return lambda: router.route(said)


def _heads(reading: LanguageModel, text: str) -> dict[str, Work]:
    vectors = {view: encoder.encode([text]) for view, encoder in reading.encoders.items()}
    return {
        "lexical features": lambda: reading.heads.lexical.features.transform([text]),
        "heads and scope, lexical features within": lambda: reading.heads.read([text], vectors),
    }


def _encodings(runtimes: Runtimes, text: str) -> dict[str, Work]:
    return {
        f"encoder, {name}": _encoding(encode, text) for name, encode in runtimes.by_name().items()
    }


def _encoding(encode: Callable[[Sequence[str]], Floats], text: str) -> Work:
    return lambda: encode([text])


def _measure(parts: Mapping[str, Work], calls: int) -> dict[str, dict[str, float]]:
    """A block of calls of every part in each turn.

    Other load falls on all alike, and each part finds its own data in the caches, as in a service.
    """
    wall: dict[str, list[float]] = {name: [] for name in parts}
    processor: dict[str, list[float]] = {name: [] for name in parts}
    names = list(parts)
    for turn in range(calls // BLOCK):
        for name in _turned(names, turn):
            for number in range(WARM_UP + BLOCK):
                began, worked = time.perf_counter(), time.process_time()
                parts[name]()
                if number >= WARM_UP:
                    processor[name].append(1_000 * (time.process_time() - worked))
                    wall[name].append(1_000 * (time.perf_counter() - began))
    return {name: _figures(wall[name], processor[name]) for name in parts}


def _turned(names: Sequence[str], number: int) -> list[str]:
    """Another part begins each time."""
    start = number % len(names)
    return [*names[start:], *names[:start]]


def _figures(wall: Sequence[float], processor: Sequence[float]) -> dict[str, float]:
    """Milliseconds: the processor's leave out what other processes took."""
    real, worked = spread(wall), spread(processor)
    return {
        "p50": real["p50"],
        "p99": real["p99"],
        "cpu p50": worked["p50"],
        "cpu p99": worked["p99"],
        "n": real["n"],
    }


def _tokens(text: str, tokenizer: Tokenizer, prefix: str) -> dict[str, Any]:
    """The length of the text with and without the prefix and the special tokens."""
    tokenizer.no_padding()
    alone = tokenizer.encode(text, add_special_tokens=False).ids
    return {
        "text": text,
        "tokens": len(alone),
        "with specials": len(tokenizer.encode(prefix + text).ids),
    }


def _cosines(runtimes: Runtimes, language: str) -> dict[str, dict[str, float]]:
    """How far the other runtimes' vectors are from the float32 graph's."""
    own = [one.text for one in load_utterances() if one.language == language]
    texts = random.Random(SEED).sample(own, SAMPLE)  # noqa: S311 - the same in every run
    exact = runtimes.float32(texts)
    found = {}
    for name, encode in (("ONNX int8", runtimes.int8), ("torch fp32", runtimes.torch)):
        cosines = np.sum(encode(texts) * exact, axis=1)
        found[name] = {
            "mean": round(float(cosines.mean()), 5),
            "p1": round(float(np.quantile(cosines, 0.01)), 5),
            "least": round(float(cosines.min()), 5),
            "n": len(texts),
        }
    return found
