"""The ways to train, behind one interface: what is fitted beside the frozen encoder's head."""

from collections.abc import Sequence
from enum import StrEnum

from models.encoder_shelf import EncoderShelf
from models.intent_fitter import Tuned, Tuner
from models.tuning_settings import ByClass, Contrastive
from models.types import Encoder, Indices


class Recipe(StrEnum):
    """How an intent model is trained."""

    FROZEN = "frozen"  # heads on a frozen encoder: minutes
    FEWSHOT = "fewshot"  # the encoder learns by contrast: 5 to 30 examples an intent
    FINETUNE = "finetune"  # the encoder learns by class: from 50 examples an intent on
    LORA = "lora"  # the same through adapters of rank 16


_TUNINGS: dict[Recipe, Contrastive | ByClass] = {
    Recipe.FEWSHOT: Contrastive(),
    Recipe.FINETUNE: ByClass(),
    Recipe.LORA: ByClass(lora_rank=16, learning_rate=3e-4, stages=(0.0, 0.0)),
}


def tuner_for(recipe: Recipe, encoders: EncoderShelf, language: str) -> Tuner | None:
    """Fits an encoder of the checkpoint's own; None where the recipe or the language has none."""
    source = None if recipe is Recipe.FROZEN else encoders.source(language)
    if source is None:
        return None
    tuning = _TUNINGS[recipe]

    def tuner(texts: Sequence[str], targets: Indices, seed: int) -> Tuned:
        from models.tuning import tune  # noqa: PLC0415 -- torch, only to tune

        return tune(source, tuning, texts, targets, seed=seed)

    return tuner


def second_for(recipe: Recipe, encoders: EncoderShelf, language: str) -> Encoder | None:
    """A second frozen encoder; the fast recipe keeps to one."""
    return None if recipe is Recipe.FROZEN else encoders.second(language)
