"""The command line. Errors are one clear line and exit code 2."""

from app.cli.main import main

__all__ = ["main"]
