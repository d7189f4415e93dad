"""What can go wrong with machine-learning models.

ModelError
├── EncoderError       weights or tokeniser are missing, altered or not usable
├── RerankerError      a cross-encoder is missing, of another kind, or fails on a text
├── CheckpointError    a saved model is incomplete, altered or of another kind
├── RegistryError      nothing is live, or nothing to go back to
├── BatcherFull        more calls wait than the micro-batcher may hold
└── BatcherClosed      a call came after the micro-batcher was closed
"""


class ModelError(Exception):
    """Base of the errors of this room."""


class EncoderError(ModelError):
    """The encoder cannot be loaded; the message names the file and the remedy."""


class RerankerError(ModelError):
    """The reranker cannot be loaded or cannot score; the message names the model."""


class CheckpointError(ModelError):
    """A checkpoint cannot be trusted or used; the message names the folder and the file."""


class RegistryError(ModelError):
    """The registry has no such version, or nothing live."""


class BatcherFull(ModelError):
    """Too many calls wait; nothing of this one was taken."""


class BatcherClosed(ModelError):
    """The micro-batcher takes no more calls."""
