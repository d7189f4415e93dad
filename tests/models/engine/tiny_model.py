"""A causal language model with random weights and a small bilingual tokeniser, in a folder."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, Qwen3Config
from transformers import Qwen3ForCausalLM as Qwen3

_CORPUS = [
    "Hello, how can I help you today? The bank is open from nine to five.",
    "Please call us if your card is lost. Thank you for your patience.",
    "您好，请问有什么可以帮您？我们的营业时间是早上九点到下午五点。",
    "如果您的银行卡丢失，请立即联系我们。感谢您的耐心等待。",
    "System: Customer: Assistant:",
]
CHAT_TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
_SPECIAL = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]


def build_tokenizer(*, has_template: bool = True) -> PreTrainedTokenizerFast:
    """Byte-level BPE: Chinese characters take several tokens, so halves really occur."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=_SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_CORPUS, trainer)
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        eos_token="<|end|>",
        pad_token="<|pad|>",
        extra_special_tokens=_SPECIAL[2:],
    )
    if has_template:
        fast.chat_template = CHAT_TEMPLATE
    return fast


def save_tiny_model(
    folder: Path, *, kind: str = "llama", has_template: bool = True, can_end: bool = True
) -> Path:
    """Two layers, hidden size 64. `can_end=False`: always runs to max_new_tokens."""
    tokenizer = build_tokenizer(has_template=has_template)
    torch.manual_seed(7)
    model = _BUILDERS[kind](len(tokenizer), tokenizer.eos_token_id)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "norm" not in name:
                weight.normal_(0, 0.3)  # spread, so that greedy text wanders
        if not can_end:
            model.lm_head.weight[: len(_SPECIAL)] = -model.lm_head.weight[: len(_SPECIAL)].abs()
    if not can_end:
        model.config.eos_token_id = None
        model.generation_config.eos_token_id = None
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _llama(vocabulary: int, eos: int) -> LlamaForCausalLM:
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocabulary,
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=2048,
            eos_token_id=eos,
            pad_token_id=0,
            bos_token_id=None,
        )
    )


def _qwen3_sliding(vocabulary: int, eos: int) -> Qwen3:
    return Qwen3(
        Qwen3Config(
            vocab_size=vocabulary,
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=16,
            max_position_embeddings=2048,
            use_sliding_window=True,
            sliding_window=16,
            layer_types=["sliding_attention", "full_attention"],
            eos_token_id=eos,
            pad_token_id=0,
            bos_token_id=None,
        )
    )


_BUILDERS = {"llama": _llama, "qwen3-sliding": _qwen3_sliding}
