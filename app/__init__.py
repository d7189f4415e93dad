"""The service: everything around the conversation."""

__version__ = "0.1.0"
