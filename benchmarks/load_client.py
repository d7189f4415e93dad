"""Many clients in one process of their own: `python -m benchmarks.load_client < job.json`.

Each client keeps one connection and asks again as soon as it is answered; at the end every request
that was sent is waited for. The standard library alone, so that the client costs little.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count


@dataclass(frozen=True, slots=True)
class LoadJob:
    """What is asked of whom, and how hard."""

    port: int
    path: str
    bodies: Sequence[str]
    headers: dict[str, str] = field(default_factory=dict)
    clients: int = 64
    seconds: float = 10.0
    first: int = 0  # the body to begin with
    host: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What came back."""

    seconds: float  # until the last answer
    milliseconds: list[float]  # of each request that was answered with 200
    errors: dict[str, int]  # status or exception -> how many


def main() -> None:
    """A job from standard input, its result to standard output."""
    job = LoadJob(**json.load(sys.stdin))
    json.dump(asdict(asyncio.run(load(job))), sys.stdout)


async def load(job: LoadJob) -> LoadResult:
    """All clients at once until the time is over."""
    took: list[float] = []
    errors: Counter[str] = Counter()
    numbers = count(job.first)
    began = time.perf_counter()
    clients = (_client(job, began + job.seconds, numbers, took, errors) for _ in range(job.clients))
    await asyncio.gather(*clients)
    return LoadResult(time.perf_counter() - began, took, dict(errors))


async def _client(
    job: LoadJob, until: float, numbers: Iterator[int], took: list[float], errors: Counter[str]
) -> None:
    while time.perf_counter() < until:
        try:
            await _connection(job, until, numbers, took, errors)
        except (OSError, EOFError, ValueError) as broken:
            errors[type(broken).__name__] += 1


async def _connection(
    job: LoadJob, until: float, numbers: Iterator[int], took: list[float], errors: Counter[str]
) -> None:
    """One connection, kept alive until the time is over or it breaks."""
    reader, writer = await asyncio.open_connection(job.host, job.port)
    try:
        while time.perf_counter() < until:
            request = _request(job, job.bodies[next(numbers) % len(job.bodies)])
            sent = time.perf_counter()
            writer.write(request)
            status = await _answer(reader)
            if status == 200:
                took.append(1_000 * (time.perf_counter() - sent))
            else:
                errors[str(status)] += 1
    finally:
        writer.close()


def _request(job: LoadJob, body: str) -> bytes:
    content = body.encode()
    given = {"Host": job.host, "Content-Type": "application/json", **job.headers}
    lines = [f"POST {job.path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    head = "\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""])
    return head.encode() + content


async def _answer(reader: asyncio.StreamReader) -> int:
    """The status of one answer; its body is read to the end."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith("content-length:"))
    await reader.readexactly(length)
    return int(lines[0].split()[1])


if __name__ == "__main__":
    main()
