"""Guards over tables that must agree: jobs, intents, templates, errors, events, doors."""

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

from app.auth import step_up
from app.banking.actions import ACTIONS, AccountAction
from app.banking.client import BankingClient
from app.config import GenerationSettings, JobSettings, Settings
from app.dialogue.account_replies import CARD_KINDS, PURPOSES
from app.dialogue.account_replies import TEXTS as ACCOUNT_TEXTS
from app.dialogue.general import SYSTEM_PROMPTS
from app.dialogue.replies import REPLIES, TOPICS
from app.handoff.reasons import PRIORITY_RANK, HandoffReason
from app.handoff.texts import ACTIVITY
from app.main import create_app
from app.realtime.events import EventType, TransientType
from app.tasks import KINDS
from routing import Intent, Level, Priority, Route, load_taxonomy
from routing.taxonomy import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
INTENTS = list(load_taxonomy())
FEWEST_UTTERANCES = 12
LANES = {"turns", "default"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(APP.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        yield name, ast.parse(path.read_text(encoding="utf-8"))


# -- jobs


def enqueued_kinds() -> set[str]:
    """The second argument of every `enqueue(...)`: a name of this module, or of another."""
    constants: dict[str, str] = {}
    named: set[str] = set()
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                for target in node.targets:
                    if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                        constants[target.id] = node.value.value
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "enqueue"
                and len(node.args) > 1
            ):
                named.add(ast.unparse(node.args[1]))
    return {constants.get(name, name.strip("'\"")) for name in named}


def test_every_enqueued_kind_has_a_handler() -> None:
    kinds = enqueued_kinds()
    assert kinds
    assert kinds <= KINDS.keys()


def test_every_handler_is_enqueued_by_somebody() -> None:
    assert enqueued_kinds() >= {name for name in KINDS if not name.startswith("test.")}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_job_kind_has_lane_limit_and_attempts(name: str) -> None:
    kind = KINDS[name]
    assert re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", name), "feature.verb_object"
    assert kind.lane in LANES
    assert kind.attempts >= 2
    assert kind.time_limit > JobSettings().lease_seconds, "a run renews its lease up to its limit"
    if kind.lane == "turns":
        assert kind.time_limit > GenerationSettings().deadline_seconds
        assert kind.when_buried is not None, "a customer waits: somebody must take over"


# -- intents


def utterances() -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for language in LANGUAGES:
        path = ROOT / "routing" / "data" / f"utterances.{language}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            counted[(entry.get("intent") or entry["label"], language)] += 1
    return counted


def test_taxonomy_is_as_large_as_promised() -> None:
    assert len(INTENTS) >= 60


@pytest.mark.parametrize("intent", INTENTS, ids=[intent.name for intent in INTENTS])
def test_intent_is_complete(intent: Intent) -> None:
    assert intent.definition.strip()
    assert set(intent.label) == set(LANGUAGES)
    assert all(intent.label.values())
    assert intent.queue
    if intent.route is Route.ACCOUNT:
        assert intent.name in set(AccountAction)
        assert intent.level is ACTIONS[AccountAction(intent.name)].level
    else:
        assert intent.level in (Level.ANONYMOUS, Level.IDENTIFIED)


def test_every_intent_has_utterances_in_both_languages() -> None:
    counted = utterances()
    short = {
        (intent.name, language): counted[(intent.name, language)]
        for intent in INTENTS
        for language in LANGUAGES
        if counted[(intent.name, language)] < FEWEST_UTTERANCES
    }
    assert short == {}
    assert {name for name, _ in counted} <= {intent.name for intent in INTENTS}


def test_labels_tell_intents_apart() -> None:
    for language in LANGUAGES:
        labels = Counter(intent.label[language].casefold() for intent in INTENTS)
        assert [label for label, times in labels.items() if times > 1] == []


def test_every_action_is_an_intent_of_the_account_route() -> None:
    routed = {intent.name for intent in INTENTS if intent.route is Route.ACCOUNT}
    assert routed == {action.value for action in AccountAction}
    assert set(ACTIONS) == set(AccountAction)


def test_topics_are_intents() -> None:
    assert set(TOPICS) <= {intent.name for intent in INTENTS}


def test_every_priority_has_a_rank() -> None:
    assert set(PRIORITY_RANK) == set(Priority)


# -- words


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


TABLES: dict[str, Mapping[object, Mapping[str, str]]] = {
    "replies": REPLIES,  # type: ignore[dict-item]  # str is an object
    "account": ACCOUNT_TEXTS,  # type: ignore[dict-item]
    "purposes": PURPOSES,  # type: ignore[dict-item]
    "card-kinds": CARD_KINDS,  # type: ignore[dict-item]
    "activity": ACTIVITY,  # type: ignore[dict-item]
    "codes": {"code": step_up.TEXTS},
    "prompts": {"system": SYSTEM_PROMPTS},
}
WORDS = [(table, key) for table, entries in TABLES.items() for key in entries]


@pytest.mark.parametrize(("table", "key"), WORDS, ids=[f"{table}-{key}" for table, key in WORDS])
def test_words_exist_in_both_languages_with_the_same_placeholders(table: str, key: object) -> None:
    texts = TABLES[table][key]
    assert set(texts) == set(LANGUAGES)
    assert all(text.strip() for text in texts.values())
    assert placeholders(texts["en"]) == placeholders(texts["zh"])
    has_chinese = re.search(r"[\u4e00-\u9fff]", texts["zh"]) is not None
    assert has_chinese or not re.sub(r"{\w+}|\W|IBAN", "", texts["zh"])


def test_every_action_has_its_words() -> None:
    assert set(PURPOSES) == set(AccountAction)


def test_every_handoff_has_words() -> None:
    """By reason, by queue, or the general ones; a key without either is never said."""
    keys = {key.removeprefix("handoff.") for key in REPLIES if key.startswith("handoff.")}
    known = {reason.value for reason in HandoffReason} | {intent.queue for intent in INTENTS}
    assert keys <= known | {"self_harm", "care"}
    assert "handoff" in REPLIES


# -- errors


def declared_classes() -> dict[str, tuple[str, dict[str, object]]]:
    """First base and constants of every class of the application."""
    return {
        node.name: (ast.unparse(node.bases[0]), constants_of(node))
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.bases
    }


def constants_of(node: ast.ClassDef) -> dict[str, object]:
    return {
        target.id: statement.value.value
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def error_classes() -> dict[str, dict[str, object]]:
    """Constants, inherited ones too, of each subclass of AppError."""
    classes = declared_classes()
    classes.pop("AppError")
    found: dict[str, dict[str, object]] = {}
    for name in classes:
        constants: dict[str, object] = {}
        base = name
        while base in classes:
            constants = classes[base][1] | constants
            base = classes[base][0]
        if base == "AppError":
            found[name] = constants
    return found


def test_every_error_has_a_code_and_a_status() -> None:
    classes = error_classes()
    assert len(classes) >= 10
    for name, constants in classes.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", str(constants["code"])), name
        assert constants["status"] in (401, 403, 404, 409, 413, 422, 429, 503), name


def test_every_error_code_is_documented() -> None:
    page = ROOT / "docs" / "reference" / "errors.md"
    text = page.read_text(encoding="utf-8")
    codes = {str(constants["code"]) for constants in error_classes().values()}
    assert {code for code in codes if f"`{code}`" not in text} == set()


# -- events


def test_python_and_typescript_name_the_same_events() -> None:
    script = (ROOT / "web" / "shared" / "events.ts").read_text(encoding="utf-8")
    named = {event.value for event in (*EventType, *TransientType)}
    assert {name for name in named if f'"{name}"' not in script} == set()
    known = set(re.findall(r'(?:Sequenced|Transient)<"([\w.]+)"', script))
    known |= set(re.findall(r'\| "(handoff\.\w+)"', script))
    assert known - named == {"hidden", "ping"}


# -- doors


def test_nobody_but_the_guard_calls_the_bank() -> None:
    methods = {name for name in vars(BankingClient) if not name.startswith("_")}
    methods -= {"get_customer"}  # identity and phone: the guard offers it under the same name
    allowed = {"app/banking/guard.py", "app/banking/demo_client.py"}
    found = [
        f"{name}:{node.lineno} {node.attr}"
        for name, tree in sources()
        if name not in allowed
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in methods
    ]
    assert found == []


def test_a_banking_client_is_built_only_where_processes_are_assembled() -> None:
    built = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "DemoBankingClient"
    }
    assert {name for name in built if not name.startswith("app/cli/")} == {"app/assembly.py"}


OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, operations in create_app(Settings(_env_file=None)).openapi()["paths"].items()
    for method, operation in operations.items()
}


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_operation_is_described(name: str) -> None:
    operation = OPERATIONS[name]
    sentence = operation.get("description") or operation["summary"]
    assert len(sentence) >= 10
    assert not sentence.istitle(), "a docstring or a summary, not the function's name"
    assert operation.get("tags"), "a feature's name groups it"


def test_serving_loads_no_torch() -> None:
    """A service without a language model of its own starts in half the time and memory."""
    code = "import sys, app.cli; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
