"""Train in a process of its own, follow it, end it when it takes too long. Knows no database."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from routing.dataset import LabelledUtterance
from routing.retrain import REFUSED, RetrainRequest

OnProgress = Callable[[str, float], None]
LONGEST_WORDS = 500


class TrainingRefused(Exception):
    """The data or a model cannot be used, or time is over: another attempt will not help."""


class TrainingEnded(Exception):
    """This process is stopping; another one begins again."""


class Trainer:
    """Runs one training; `stop_all` ends those of this process."""

    _running: set["Trainer"] = set()  # noqa: RUF012 - of the process, on purpose
    _lock = threading.Lock()

    def __init__(self, folder: Path, *, minutes: float) -> None:
        self._folder = folder
        self._minutes = minutes
        self._process: subprocess.Popen[str] | None = None
        self._is_late = False
        self._is_stopped = False

    def train(
        self,
        learnt: Sequence[LabelledUtterance],
        held_out: Sequence[LabelledUtterance],
        *,
        output: Path,
        evaluation: Path | None,
        live: Path | None,
        seed: int,
        on_progress: OnProgress,
    ) -> dict[str, Any]:
        """The report of `routing.retrain`. Leaves no customer's words on the disk."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        try:
            evaluations = {"evaluation": str(evaluation)} if evaluation else {}
            if held_out:
                evaluations["labels"] = str(self._write("held_out.jsonl", held_out))
            request = RetrainRequest(
                data=str(self._write("learnt.jsonl", learnt)),
                output=str(output),
                evaluations=evaluations,
                live=str(live) if live else None,
                seed=seed,
            )
            return self._run(request, on_progress)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def stop(self) -> None:
        self._is_stopped = True
        if self._process is not None:
            self._process.kill()

    @classmethod
    def stop_all(cls) -> None:
        """When the process stops: the job is offered again at once, not after minutes."""
        with cls._lock:
            running = list(cls._running)
        for trainer in running:
            trainer.stop()

    def _run(self, request: RetrainRequest, on_progress: OnProgress) -> dict[str, Any]:
        asked, errors = self._folder / "request.json", self._folder / "errors.txt"
        asked.write_text(json.dumps(asdict(request)), encoding="utf-8")
        with self._lock:
            self._running.add(self)
        watchdog = threading.Timer(self._minutes * 60, self._end_late)
        watchdog.daemon = True
        try:
            with errors.open("w") as complaints:
                self._process = subprocess.Popen(  # noqa: S603 - our own module
                    [sys.executable, "-m", "routing.retrain", str(asked)],
                    stdout=subprocess.PIPE,
                    stderr=complaints,
                    text=True,
                )
            watchdog.start()
            if self._is_stopped:  # the process began to stop while the child was started
                self._process.kill()
            self._follow(self._process, on_progress)
            code = self._process.wait()
        finally:
            watchdog.cancel()
            if self._process is not None:
                self._process.kill()
                self._process.wait()
            with self._lock:
                self._running.discard(self)
        return self._result(code, errors)

    def _follow(self, process: "subprocess.Popen[str]", on_progress: OnProgress) -> None:
        assert process.stdout is not None  # noqa: S101 - asked for above
        with process.stdout as lines:
            for line in lines:
                told = _progress_of(line)
                if told is not None:
                    on_progress(str(told["step"]), float(told["share"]))

    def _result(self, code: int, errors: Path) -> dict[str, Any]:
        if self._is_late:
            raise TrainingRefused(f"It took longer than {self._minutes:g} minutes.")
        if self._is_stopped:
            raise TrainingEnded
        words = errors.read_text(encoding="utf-8", errors="replace").strip()[-LONGEST_WORDS:]
        if code == REFUSED:
            raise TrainingRefused(words or "The data cannot be used.")
        if code != 0:
            raise RuntimeError(f"training ended with code {code}: {words}")
        report: dict[str, Any] = json.loads((self._folder / "report.json").read_text("utf-8"))
        return report

    def _end_late(self) -> None:
        self._is_late = True
        if self._process is not None:
            self._process.kill()

    def _write(self, name: str, rows: Sequence[LabelledUtterance]) -> Path:
        path = self._folder / name
        lines = (
            json.dumps(
                {"text": row.text, "intent": row.intent or "oos", "language": row.language},
                ensure_ascii=False,
            )
            for row in rows
        )
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path


def _progress_of(line: str) -> Mapping[str, Any] | None:
    """What the child tells; other libraries may print as well."""
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) and {"step", "share"} <= told.keys() else None
