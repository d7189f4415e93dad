"""Cost of the content filter for one message of 400 characters. Knows no service."""

import argparse
import csv
import json
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import quantiles

from app.content_filter import (
    FindingType,
    SentenceFilter,
    inspect,
    inspect_output,
    mask_for_log,
)
from routing import rules

_ENGLISH = (
    "Hello, I paid 49.90 EUR on 12/11/2026 with the card ending in 4242 and the shop says that the "
    "order 4829134 never arrived. My IBAN is GB29NWBK60161331926819 and you can call me on "
    "+44 20 7946 0958. The app asks for a PIN, then for a verification code, and then it stops. "
)
_CHINESE = (
    "你好，我在11月12日用尾号4242的银行卡消费了499元，商家说订单4829134没有收到付款。我的手机是"
    "13800138000，手机银行一直提示输入验证码，然后就没有反应了。请问这笔钱什么时候能退回来？谢谢！"
)
_EVASIVE = "卡号４１１１\u200b１１１１ 1111.1111 四一一一 \u202e1111 1114\u202c \U0001d7d2l1O "
ROUNDS = 2_000


def main(rounds: int = ROUNDS) -> dict[str, float]:
    """Processor milliseconds per call, p50 and p99, by kind of text; other load does not count."""
    texts = {
        name: (text * 20)[:400]
        for name, text in (("en", _ENGLISH), ("zh", _CHINESE), ("evasive", _EVASIVE))
    }
    figures: dict[str, float] = {}
    for name, text in texts.items():
        figures |= _times(f"inspect_{name}", partial(inspect, text), rounds)
    figures |= _times("inspect_output_en", lambda: inspect_output(texts["en"]), rounds)
    figures |= _times("stream_en", lambda: SentenceFilter().feed(texts["en"]), rounds)
    figures |= _times("log_plain", lambda: mask_for_log("handoff.accepted"), rounds)
    return figures


def _times(name: str, call: Callable[[], object], rounds: int) -> dict[str, float]:
    took: list[float] = []
    for _ in range(rounds):
        started = time.thread_time()
        call()
        took.append((time.thread_time() - started) * 1_000)
    cuts = quantiles(took, n=100)
    return {f"{name}_p50_ms": round(cuts[49], 4), f"{name}_p99_ms": round(cuts[98], 4)}


def false_alarms(utterances: Path) -> dict[str, float]:
    """Share of ordinary bank texts (CSV with a `text` column) that anything fires on."""
    with utterances.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    results = [inspect(text) for text in texts]
    seen = Counter(result.action.value for result in results)
    seen.update(f"rule_{found.name}" for text in texts if (found := rules.match(text, "en")))
    masked = sum(result.text != text for text, result in zip(texts, results, strict=True))
    shares = {name: round(count / len(texts), 5) for name, count in sorted(seen.items())}
    return {"texts": len(texts), "masked": masked, **shares}


def attack_recall(folder: Path) -> dict[str, float]:
    """Share of jailbreaks (JSON lists of texts, cut at 4,000 characters) blocked and flagged."""
    texts = [
        text for file in sorted(folder.glob("*.json")) for text in json.loads(file.read_text())
    ]
    results = [inspect(text[:4_000]) for text in texts]
    blocked = sum(result.name == "prompt_injection" for result in results)
    flagged = sum(
        any(one.type is FindingType.PROMPT_INJECTION for one in result.findings)
        for result in results
    )
    return {"texts": len(texts), "blocked": blocked / len(texts), "flagged": flagged / len(texts)}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Cost and errors of the content filter.")
    parser.add_argument("--benign", type=Path, help="CSV with a text column")
    parser.add_argument("--attacks", type=Path, help="folder of JSON lists")
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _arguments()
    figures = main()
    if arguments.benign:
        figures |= false_alarms(arguments.benign)
    if arguments.attacks:
        figures |= {
            f"attacks_{name}": value for name, value in attack_recall(arguments.attacks).items()
        }
    for figure, value in figures.items():
        print(f"{figure:28} {value:10.4f}")
