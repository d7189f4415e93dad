"""Encoders learn from labels: a tiny random BERT is enough to see every recipe work."""

from dataclasses import replace

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from models.bert_graph import BertShape
from models.encoder_source import EncoderSource
from models.onnx_encoder import OnnxEncoder
from models.recipes import Recipe, second_for, tuner_for
from models.tuning import TunedEncoder, tune
from models.tuning_settings import ByClass, Contrastive
from models.types import Encoder

HIDDEN, LAYERS, WIDE, LONGEST = 32, 4, 64, 70
WORDS = [
    "[UNK]",
    *[
        "card",
        "lost",
        "gone",
        "balance",
        "money",
        "fee",
        "cost",
        "rate",
        "please",
        "my",
        "the",
        "a",
        "is",
        "what",
    ],
]
INTENTS = {"lost": "card lost gone", "balance": "balance money", "fee": "fee cost"}
FILLERS = ("my", "the", "a", "please", "what is")
TEXTS = [
    f"{filler} {word}" for words in INTENTS.values() for word in words.split() for filler in FILLERS
]
TARGETS = np.array(
    [n for n, words in enumerate(INTENTS.values()) for _ in words.split() for _ in FILLERS],
    dtype=np.int64,
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def source() -> EncoderSource:
    generator = np.random.default_rng(0)

    def random(*shape: int) -> np.ndarray:
        return generator.normal(0, 0.2, shape).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": random(len(WORDS), HIDDEN),
        "embeddings.position_embeddings.weight": random(LONGEST, HIDDEN) * 0.1,
        "embeddings.token_type_embeddings.weight": random(2, HIDDEN) * 0.1,
    }
    sizes = {
        "attention.self.query": (HIDDEN, HIDDEN),
        "attention.self.key": (HIDDEN, HIDDEN),
        "attention.self.value": (HIDDEN, HIDDEN),
        "attention.output.dense": (HIDDEN, HIDDEN),
        "intermediate.dense": (WIDE, HIDDEN),
        "output.dense": (HIDDEN, WIDE),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}."
        for name, size in sizes.items():
            weights[f"{prefix}{name}.weight"] = random(*size)
            weights[f"{prefix}{name}.bias"] = np.zeros(size[0], dtype=np.float32)
        norms += [f"{prefix}attention.output.LayerNorm", f"{prefix}output.LayerNorm"]
    for norm in norms:
        weights[f"{norm}.weight"] = np.ones(HIDDEN, dtype=np.float32)
        weights[f"{norm}.bias"] = np.zeros(HIDDEN, dtype=np.float32)
    tokenizer = Tokenizer(models.WordLevel({w: n for n, w in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    shape = BertShape(layers=LAYERS, heads=4, hidden=HIDDEN, epsilon=1e-12)
    return EncoderSource("tiny", weights, shape, tokenizer)


QUICK = Contrastive(steps=80, intents=3, examples=4, learning_rate=3e-3)
BY_CLASS = ByClass(epochs=8, batch=8, learning_rate=3e-3, head_learning_rate=1e-2)
LORA = replace(BY_CLASS, lora_rank=4, learning_rate=1e-2, stages=(0.0, 0.0))


def apartness(encoder: Encoder) -> float:
    """Mean similarity inside the intents less that between them."""
    vectors = encoder.encode(TEXTS)
    similar = vectors @ vectors.T
    same = TARGETS[:, None] == TARGETS[None]
    return float(similar[same].mean() - similar[~same].mean())


@pytest.mark.parametrize("recipe", [QUICK, BY_CLASS, LORA], ids=["contrastive", "by-class", "lora"])
def test_intents_move_apart(source: EncoderSource, recipe: Contrastive | ByClass) -> None:
    untouched = TunedEncoder(source, source.weights)
    shares: list[float] = []

    tuned = tune(source, recipe, TEXTS, TARGETS, seed=0, report=shares.append)

    assert apartness(tuned) > apartness(untouched) + 0.2
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_same_seed_gives_the_same_graph(source: EncoderSource) -> None:
    first = tune(source, QUICK, TEXTS, TARGETS, seed=3)

    assert tune(source, QUICK, TEXTS, TARGETS, seed=3).graph == first.graph
    assert tune(source, QUICK, TEXTS, TARGETS, seed=4).graph != first.graph


def test_what_a_checkpoint_keeps_serves_the_same_vectors(source: EncoderSource) -> None:
    tuned = tune(source, QUICK, TEXTS, TARGETS, seed=0)
    facts = tuned.facts()

    again = OnnxEncoder(
        tuned.graph,
        Tokenizer.from_str(source.tokenizer.to_str()),
        name=facts["name"],
        prefix=facts["prefix"],
        reads_cjk=facts["reads_cjk"],
    )

    assert np.array_equal(again.encode(TEXTS), tuned.encode(TEXTS))
    assert again.revision == tuned.revision


class OneShelf:
    """A shelf with one encoder that can be tuned, for English alone."""

    def __init__(self, source: EncoderSource) -> None:
        self._source = source

    def find(self, language: str) -> Encoder | None:
        return TunedEncoder(self._source, self._source.weights) if language == "en" else None

    def second(self, language: str) -> Encoder | None:
        return self.find(language)

    def source(self, language: str) -> EncoderSource | None:
        return self._source if language == "en" else None


def test_only_the_frozen_recipe_leaves_the_encoder_alone(source: EncoderSource) -> None:
    shelf = OneShelf(source)

    assert tuner_for(Recipe.FROZEN, shelf, "en") is None
    assert second_for(Recipe.FROZEN, shelf, "en") is None
    assert all(tuner_for(r, shelf, "en") is not None for r in Recipe if r is not Recipe.FROZEN)
    assert tuner_for(Recipe.FEWSHOT, shelf, "zh-Latn") is None
    assert second_for(Recipe.FINETUNE, shelf, "en") is not None
