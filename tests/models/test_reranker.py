"""Cross-encoders with tiny random weights: heads, truncation, and what is refused."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForSequenceClassification,
)

from app.assembly import open_reranker
from app.config import KnowledgeSettings, Settings
from models.errors import RerankerError
from models.reranker import CrossEncoderReranker

QUESTION = "what is the fee"
PASSAGES = ["the fee is four euros", "card", "block the card 卡 in the app", "账户月费是四欧元"]
WORDS = [
    "what",
    "is",
    "the",
    "fee",
    "four",
    "euros",
    "card",
    "block",
    "in",
    "app",
    *"账户月费是四欧元卡",
]
SHAPE: dict[str, Any] = {
    "vocab_size": 5 + len(WORDS),
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 34,
    "initializer_range": 0.7,  # so that scores differ visibly
}
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """The folder of a cross-encoder of one kind."""

    def save(kind: Any = BertForSequenceClassification, *, labels: int = 1, seed: int = 0) -> Path:
        folder = tmp_path / f"{kind.__name__}-{labels}-{seed}"
        config: Any = RobertaConfig if kind is RobertaForSequenceClassification else BertConfig
        torch.manual_seed(seed)
        kind(config(**SHAPE, num_labels=labels, pad_token_id=1)).save_pretrained(folder)
        _tokenizer(with_parts=config is BertConfig).save_pretrained(folder)
        return folder

    return save


def _tokenizer(*, with_parts: bool) -> PreTrainedTokenizerFast:
    marks = ["[CLS]", "[PAD]", "[SEP]", "[UNK]", "[MASK]"]
    vocabulary = {word: number for number, word in enumerate([*marks, *WORDS])}
    words = Tokenizer(WordPiece(vocab=vocabulary, unk_token="[UNK]"))
    words.normalizer = BertNormalizer()
    words.pre_tokenizer = BertPreTokenizer()
    words.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 0), ("[SEP]", 2)],
    )
    parts = ["token_type_ids"] if with_parts else []
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=words,
        pad_token="[PAD]",
        model_input_names=["input_ids", *parts, "attention_mask"],
    )


@torch.inference_mode()
def _logits(kind: Any, folder: Path, passage: str, *, longest: int) -> Any:
    """Of one passage alone, the way transformers documents it."""
    read = AutoTokenizer.from_pretrained(folder)
    inputs = read(QUESTION, passage, truncation=True, max_length=longest, return_tensors="pt")
    return kind.from_pretrained(folder).eval()(**inputs).logits[0].tolist()


@pytest.mark.parametrize(
    ("kind", "longest"),
    [(BertForSequenceClassification, 34), (RobertaForSequenceClassification, 32)],
    ids=["counts-from-0", "counts-from-behind-padding"],
)
@pytest.mark.parametrize("labels", [1, 2])
def test_scores_are_the_models_own(make: Make, kind: Any, longest: int, labels: int) -> None:
    folder = make(kind, labels=labels)
    passages = [*PASSAGES, "the fee is four euros " * 50]
    scores = CrossEncoderReranker(folder, "cpu", batch_size=2).score(QUESTION, passages)

    alone = [_logits(kind, folder, passage, longest=longest) for passage in passages]
    wanted = [one[0] if labels == 1 else one[1] - one[0] for one in alone]
    assert scores.dtype == np.float32
    assert scores == pytest.approx(np.array(wanted), abs=1e-4)
    assert np.ptp(scores) > 0.01


def test_the_end_of_a_long_passage_is_not_read(make: Make) -> None:
    reranker = CrossEncoderReranker(make(), "cpu")
    long = "card " * 40
    same, cut, short = reranker.score(QUESTION, [long, long + "fee " * 900, "card fee"])
    assert same == cut != short
    few = CrossEncoderReranker(make(), "cpu", max_tokens=12)
    same, cut = few.score(QUESTION, ["card " * 5, "card " * 5 + "fee"])
    assert same == cut


def test_a_question_longer_than_the_model_is_scored(make: Make) -> None:
    scores = CrossEncoderReranker(make(), "cpu").score("what is the fee " * 5_000, PASSAGES)
    assert np.isfinite(scores).all()


def test_chinese_words_count(make: Make) -> None:
    fee, card = CrossEncoderReranker(make(), "cpu").score("月费是四欧元", ["账户月费", "卡"])
    assert fee != card


def test_nothing_to_read_does_no_harm(make: Make) -> None:
    reranker = CrossEncoderReranker(make(), "cpu")
    assert reranker.score(QUESTION, []).shape == (0,)
    assert np.isfinite(reranker.score("", ["", "\x00", "card"])).all()


def test_many_threads_get_the_same_scores(make: Make) -> None:
    reranker = CrossEncoderReranker(make(), "cpu")
    wanted = reranker.score(QUESTION, PASSAGES).tolist()
    found: list[list[float]] = []

    def ask() -> None:
        found.extend(reranker.score(QUESTION, PASSAGES).tolist() for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 80


def test_the_revision_names_the_weights(make: Make) -> None:
    one, other = (CrossEncoderReranker(make(seed=seed), "cpu").revision for seed in (1, 2))
    assert one.startswith("BertForSequenceClassification-1-1@")
    assert one.split("@")[1] != other.split("@")[1]
    assert CrossEncoderReranker(make(seed=1), "cpu").revision == one


@pytest.mark.parametrize("absent", ["tokenizer.json", "config.json"])
def test_an_incomplete_folder_is_refused(make: Make, absent: str) -> None:
    folder = make()
    (folder / absent).unlink()
    with pytest.raises(RerankerError, match=absent):
        CrossEncoderReranker(folder, "cpu")


@pytest.mark.parametrize(
    ("kind", "labels", "because"),
    [
        pytest.param(BertModel, 1, "no weights for classifier", id="encoder-without-head"),
        pytest.param(BertForSequenceClassification, 3, "3 labels", id="classifier-of-topics"),
    ],
)
def test_another_kind_of_model_is_refused(make: Make, kind: Any, labels: int, because: str) -> None:
    with pytest.raises(RerankerError, match=because):
        CrossEncoderReranker(make(kind, labels=labels), "cpu")


def test_weights_that_are_no_weights_are_refused(make: Make) -> None:
    folder = make()
    (folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(RerankerError, match="cannot load a cross-encoder"):
        CrossEncoderReranker(folder, "cpu")


def test_a_missing_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(RerankerError, match="'nobody/has-this' is neither a folder nor"):
        CrossEncoderReranker("nobody/has-this", "cpu")


@pytest.mark.parametrize("broken", ["fails", "no-number"])
def test_a_failing_model_says_so(make: Make, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    reranker = CrossEncoderReranker(make(), "cpu")
    if broken == "no-number":
        torch.nn.init.constant_(reranker._model.classifier.weight, float("nan"))
    else:
        monkeypatch.setattr(reranker, "_model", lambda **_: torch.zeros(2) @ torch.zeros(3))
    with pytest.raises(RerankerError, match="BertForSequenceClassification-1-0@"):
        reranker.score(QUESTION, PASSAGES)


def test_the_setting_names_it_and_by_default_there_is_none(make: Make) -> None:
    folder = make()
    named = Settings(_env_file=None, knowledge=KnowledgeSettings(reranker=str(folder)))
    opened = open_reranker(named)
    assert opened is not None
    assert opened.revision == CrossEncoderReranker(folder).revision
    assert open_reranker(Settings(_env_file=None)) is None
