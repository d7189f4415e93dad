"""Fit an encoder to the examples of one language: contrastive for a few, by class for many.

Contrastive: texts of one intent are pulled together and those of others apart (Khosla et al.,
"Supervised Contrastive Learning", 2020; for few examples as in Tunstall et al., "Efficient Few-Shot
Learning Without Prompts", 2022). By class: a linear head and the encoder learn together, the head
first, then the upper blocks, then all (staged unfreezing after Howard & Ruder, 2018). Word tables
stay frozen: they are most of the weights, and rare rows decay into slow denormals.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from transformers import BertConfig, BertModel

from models.bert_graph import build_graph
from models.chinese import to_simplified
from models.device import choose_device, prepare_cpu, seed_everything
from models.encoder_source import EncoderSource
from models.lora import add_adapters, merge_adapters
from models.onnx_encoder import OnnxEncoder, graph_bytes
from models.text_folding import strip_cjk
from models.tuning_settings import ByClass, Contrastive
from models.types import Floats, Indices

MAX_TOKENS = 64
_CLIP = 1.0
_DECAY = 0.01
_WARM_UP = 0.1  # share of the steps
Report = Callable[[float], None]


class TunedEncoder(OnnxEncoder):
    """An encoder of a checkpoint's own, with the bytes that are kept of it."""

    def __init__(self, source: EncoderSource, weights: dict[str, Floats]) -> None:
        self.graph = graph_bytes(build_graph(weights, source.shape))
        super().__init__(
            self.graph,
            source.tokenizer,
            name=f"{source.name}-tuned",
            prefix=source.prefix,
            reads_cjk=source.reads_cjk,
        )
        self._source = source

    def facts(self) -> dict[str, Any]:
        """What a checkpoint must know to serve it."""
        name = f"{self._source.name}-tuned"
        return {
            "name": name,
            "prefix": self._source.prefix,
            "reads_cjk": self._source.reads_cjk,
        }

    def tokenizer_document(self) -> Any:  # noqa: ANN401 -- any JSON
        """The tokeniser as JSON."""
        return json.loads(self._source.tokenizer.to_str())


def tune(
    source: EncoderSource,
    recipe: Contrastive | ByClass,
    texts: Sequence[str],
    targets: Indices,
    *,
    seed: int,
    report: Report | None = None,
) -> TunedEncoder:
    """An encoder fitted to texts and their labels. The same seed gives the same weights."""
    prepare_cpu()
    seed_everything(seed)
    learner = _Learner(source, choose_device())
    if isinstance(recipe, Contrastive):
        _learn_by_contrast(learner, recipe, texts, targets, seed, report)
    else:
        _learn_by_class(learner, recipe, texts, targets, seed, report)
    return TunedEncoder(source, learner.weights())


class _Learner:
    """The encoder in torch: texts to pooled unit vectors that carry gradients."""

    def __init__(self, source: EncoderSource, device: torch.device) -> None:
        self.source = source
        self.device = device
        shape, words = source.shape, source.weights["embeddings.word_embeddings.weight"]
        config = BertConfig(
            vocab_size=len(words),
            hidden_size=shape.hidden,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            intermediate_size=source.weights["encoder.layer.0.intermediate.dense.bias"].size,
            max_position_embeddings=len(source.weights["embeddings.position_embeddings.weight"]),
            type_vocab_size=len(source.weights["embeddings.token_type_embeddings.weight"]),
            layer_norm_eps=shape.epsilon,
        )
        model: Any = BertModel(config, add_pooling_layer=False)
        self.model = model
        state = {name: torch.from_numpy(np.array(w)) for name, w in source.weights.items()}
        self.model.load_state_dict(state, strict=True)
        self.model.embeddings.requires_grad_(requires_grad=False)
        self.model = self.model.to(device)
        self.layers: list[Any] = list(self.model.encoder.layer)

    def ids(self, text: str) -> list[int]:
        readable = to_simplified(text) if self.source.reads_cjk else strip_cjk(text)
        encoded: list[int] = self.source.tokenizer.encode(self.source.prefix + readable).ids
        return encoded[:MAX_TOKENS]

    def forward(self, rows: Sequence[list[int]]) -> torch.Tensor:
        longest = max(len(row) for row in rows)
        ids = torch.zeros(len(rows), longest, dtype=torch.long, device=self.device)
        mask = torch.zeros_like(ids)  # (batch, length)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = torch.tensor(row)
            mask[place, : len(row)] = 1
        hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        real = mask.unsqueeze(-1).to(hidden.dtype)  # (batch, length, 1)
        pooled = hidden[:, 0] if self.source.shape.pools_first_token else (hidden * real).sum(1)
        return functional.normalize(pooled, dim=-1)  # a sum has the direction of the mean

    def weights(self) -> dict[str, Floats]:
        return {
            name: tensor.detach().cpu().numpy() for name, tensor in self.model.state_dict().items()
        }


def _learn_by_contrast(
    learner: _Learner,
    recipe: Contrastive,
    texts: Sequence[str],
    targets: Indices,
    seed: int,
    report: Report | None,
) -> None:
    rows = [learner.ids(text) for text in texts]
    batches = _contrast_batches(targets, recipe, seed)
    learner.model.train()
    steps = _Steps(learner.model.parameters(), recipe.learning_rate, recipe.steps)
    for step in range(recipe.steps):
        chosen, labels = next(batches)
        vectors = learner.forward([rows[index] for index in chosen])
        steps.take(_contrast_loss(vectors, labels.to(learner.device), recipe.temperature))
        if report is not None:
            report((step + 1) / recipe.steps)
    learner.model.eval()


def _contrast_batches(
    targets: Indices, recipe: Contrastive, seed: int
) -> Iterator[tuple[list[int], torch.Tensor]]:
    """Endless batches of several texts of several intents."""
    generator = random.Random(seed)  # noqa: S311 -- sampling, not a secret
    members = {int(t): np.flatnonzero(targets == t).tolist() for t in np.unique(targets)}
    names = [name for name, rows in members.items() if len(rows) > 1]
    while True:
        chosen: list[int] = []
        labels: list[int] = []
        for name in generator.sample(names, min(recipe.intents, len(names))):
            picked = generator.sample(members[name], min(recipe.examples, len(members[name])))
            chosen += picked
            labels += [name] * len(picked)
        yield chosen, torch.tensor(labels)


def _contrast_loss(vectors: torch.Tensor, labels: torch.Tensor, temperature: float) -> torch.Tensor:
    """Supervised contrastive loss over all pairs of a batch; vectors: (batch, dimension)."""
    itself = torch.eye(len(labels), dtype=torch.bool, device=vectors.device)
    similar = (vectors @ vectors.T / temperature).masked_fill(itself, -1e9)
    is_same = (labels[:, None] == labels[None]) & ~itself
    log_share = similar - torch.logsumexp(similar, dim=1, keepdim=True)
    return -((log_share * is_same).sum(1) / is_same.sum(1)).mean()


def _learn_by_class(
    learner: _Learner,
    recipe: ByClass,
    texts: Sequence[str],
    targets: Indices,
    seed: int,
    report: Report | None,
) -> None:
    if recipe.lora_rank:
        add_adapters(learner.layers, recipe.lora_rank)
    rows = [learner.ids(text) for text in texts]
    head = torch.nn.Linear(learner.source.shape.hidden, int(targets.max()) + 1)
    head.to(learner.device)
    scale = 20.0  # unit vectors need room between their scores
    per_epoch = -(-len(rows) // recipe.batch)
    total = per_epoch * recipe.epochs
    learner.model.train()
    groups = [
        {"params": list(learner.model.parameters()), "lr": recipe.learning_rate},
        {"params": list(head.parameters()), "lr": recipe.head_learning_rate},
    ]
    steps = _Steps(groups, recipe.learning_rate, total)
    done = 0
    for epoch in range(recipe.epochs):
        for batch in _length_batches(rows, recipe.batch, seed + epoch):
            if not recipe.lora_rank:
                _unfreeze(learner, recipe, done / total)
            labels = torch.from_numpy(targets[batch]).to(learner.device)
            vectors = functional.dropout(learner.forward([rows[i] for i in batch]), 0.1)
            scores = scale * head(vectors)
            steps.take(functional.cross_entropy(scores, labels, label_smoothing=recipe.smoothing))
            done += 1
            if report is not None:
                report(done / total)
    learner.model.eval()
    if recipe.lora_rank:
        merge_adapters(learner.layers)


def _unfreeze(learner: _Learner, recipe: ByClass, share: float) -> None:
    """The head alone, then the upper half of the blocks, then every block."""
    head_alone, upper_only = recipe.stages
    first_open = len(learner.layers) if share < head_alone else len(learner.layers) // 2
    first_open = first_open if share < upper_only else 0
    for place, layer in enumerate(learner.layers):
        layer.requires_grad_(requires_grad=place >= first_open)


def _length_batches(rows: Sequence[list[int]], size: int, seed: int) -> Iterator[list[int]]:
    """Shuffled batches whose texts have similar lengths."""
    generator = random.Random(seed)  # noqa: S311 -- sampling, not a secret
    order = list(range(len(rows)))
    generator.shuffle(order)
    window = 32 * size
    batches: list[list[int]] = []
    for start in range(0, len(order), window):
        part = sorted(order[start : start + window], key=lambda index: len(rows[index]))
        batches += [part[place : place + size] for place in range(0, len(part), size)]
    generator.shuffle(batches)
    yield from batches


class _Steps:
    """AdamW with warm-up, linear decay and clipping."""

    def __init__(self, parameters: Any, rate: float, total: int) -> None:  # noqa: ANN401 -- torch
        self._optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=_DECAY)
        warm = max(1, int(_WARM_UP * total))
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser,
            lambda step: min((step + 1) / warm, max(0.0, (total - step) / max(1, total - warm))),
        )

    def take(self, loss: torch.Tensor) -> None:
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for group in self._optimiser.param_groups:
            torch.nn.utils.clip_grad_norm_(group["params"], _CLIP)
        self._optimiser.step()
        self._schedule.step()
