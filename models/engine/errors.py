"""What can go wrong with the generation engine.

EngineError
├── EngineLoadError    the model cannot be loaded; the message names the remedy
├── EngineUnavailable  draining, closed or dead: another engine may serve the request
└── PromptRejected     this request can never be served: too long, or its limits make no sense
"""

from models.errors import ModelError


class EngineError(ModelError):
    """Base of the engine's errors."""


class EngineLoadError(EngineError):
    """The model or its tokeniser cannot be loaded."""


class EngineUnavailable(EngineError):
    """The engine takes no requests now."""


class PromptRejected(EngineError):
    """The request is outside what the model can do."""
