"""Delivers one-time codes. The demo's way: an outbox file and the terminal; never a log."""

import json
import os
import sys
import threading
from pathlib import Path
from typing import Protocol

from app.clock import rfc3339, utc_now

KEEP_LINES = 200


class CodeSender(Protocol):
    """Brings a text to a customer's phone."""

    def send(self, *, customer_id: str, phone: str, text: str) -> None:
        """Safe to call again: the customer then has the code twice."""


class OutboxCodeSender:
    """Appends to `var/otp_outbox.jsonl` (mode 600) and prints to the terminal. Development only."""

    def __init__(self, path: Path, *, prints: bool = True) -> None:
        self._path = path
        self._prints = prints
        self._lock = threading.Lock()

    def send(self, *, customer_id: str, phone: str, text: str) -> None:
        entry = {
            "customer_id": customer_id,
            "phone": phone,
            "text": text,
            "sent_at": rfc3339(utc_now()),
        }
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lines = [*self._lines(), json.dumps(entry, ensure_ascii=False)][-KEEP_LINES:]
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as outbox:
                outbox.write("\n".join(lines) + "\n")
        if self._prints:
            sys.stdout.write(f"[text message to {phone}] {text}\n")
            sys.stdout.flush()

    def read(self, customer_id: str, *, limit: int = 10) -> list[dict[str, str]]:
        """The newest messages to one customer, newest first."""
        entries: list[dict[str, str]] = [json.loads(line) for line in self._lines()]
        mine = [entry for entry in entries if entry["customer_id"] == customer_id]
        return mine[::-1][:limit]

    def _lines(self) -> list[str]:
        if not self._path.exists():
            return []
        return self._path.read_text(encoding="utf-8").splitlines()
