"""Settings, read once and passed down. Unsafe values are refused outside development."""

import os
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_SECRET = "development-only-secret-change-me"  # noqa: S105 - refused outside development


class Group(BaseModel):
    """A group of settings; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSettings(Group):
    """Where the truth lives."""

    url: str = "sqlite:///var/switchboard.db"
    pool_size: int = Field(10, ge=1, le=200)
    lock_timeout_ms: int = Field(5_000, ge=100)


class RedisSettings(Group):
    """Optional: fan-out, rate limits and token streams between processes."""

    url: str | None = None


class JobSettings(Group):
    """How jobs and turns run."""

    backend: Literal["embedded", "celery"] = "embedded"
    turn_threads: int = Field(8, ge=1, le=64)
    threads: int = Field(2, ge=1, le=32)
    lease_seconds: float = Field(8.0, gt=0)
    sweep_seconds: float = Field(2.0, gt=0)


class RoutingSettings(Group):
    """The router's taxonomy, and its dials where they differ from the checkpoint's."""

    taxonomy: Path | None = None
    max_wrong: float | None = Field(None, gt=0, le=0.5)
    accept: float | None = Field(None, ge=0, le=1)
    reject: float | None = Field(None, ge=0, le=1)
    margin: float | None = Field(None, ge=0, le=1)
    out_of_scope: float | None = None
    must_not_miss: float | None = Field(None, ge=0, le=1)
    max_clarifications: int = Field(2, ge=0, le=5)
    max_queued: int = Field(512, ge=1, le=100_000)
    check_seconds: float = Field(1.0, gt=0, le=60)
    open_request_turns: int = Field(3, ge=0, le=20)
    open_request_minutes: int = Field(15, ge=1, le=120)


class GateSettings(Group):
    """What a checkpoint must show on the golden sets before it may go live."""

    golden: Path | None = None
    min_accuracy: float = Field(0.90, ge=0, le=1)
    min_macro_f1: float = Field(0.88, ge=0, le=1)
    max_ece: float = Field(0.08, ge=0, le=1)
    min_must_not_miss: float = Field(0.95, ge=0, le=1)
    significance: float = Field(0.05, gt=0, lt=1)


class FairnessSettings(Group):
    """How often the fairness suite runs by itself."""

    every_days: int = Field(7, ge=0, le=366)  # 0: only at promotions and on request


class LabelSettings(Group):
    """Learning from people: what a retrain reads, and when the console offers one."""

    base: Path | None = None  # utterances beside the labels; our own without it
    evaluation: Path | None = None  # what every retrained model is measured on; our golden sets
    offer_after: int = Field(50, ge=1)
    training_minutes: float = Field(30.0, gt=0, le=60)


class KnowledgeSettings(Group):
    """Retrieval."""

    content: Path = Path("knowledge_base/content")
    keep_versions: int = Field(3, ge=1)
    index_url: str | None = (
        None  # fsspec URL where machines share index versions; none: one machine
    )
    reranker: str | None = None  # folder or hub id of a cross-encoder; none: as it was found
    phrase: bool = False


class SummarySettings(Group):
    """What a language model may spend on one summary; afterwards quotes stand in for it."""

    seconds: float = Field(30.0, gt=0, le=300)
    most_calls: int = Field(24, ge=2, le=200)


class OutboundSettings(Group):
    """Addresses that somebody else chose: web pages to import."""

    private_hosts: tuple[str, ...] = ()
    ports: tuple[int, ...] = (80, 443)


class GenerationSettings(Group):
    """Who answers free-form questions. No model: a curated bilingual set."""

    model: str | None = None
    backend: Literal["embedded", "pool"] = "embedded"
    dtype: Literal["auto", "float32", "float16", "bfloat16"] = "auto"
    max_new_tokens: int = Field(256, ge=1, le=4096)
    temperature: float = Field(0.0, ge=0, le=2)
    deadline_seconds: float = Field(20.0, gt=0)
    max_queued: int = Field(64, ge=1)
    gateway: str | None = None  # name of this process in the token stream; generated when empty


class BankingSettings(Group):
    """The core banking system."""

    backend: Literal["demo"] = "demo"
    demo_url: str = "sqlite:///var/demo_bank.db"
    allow_demo: bool = False  # the demo bank outside development: for trials, never with customers


class SecuritySettings(Group):
    """Secrets and life times."""

    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    audit_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    allowed_origins: tuple[str, ...] = ()
    widget_session_hours: int = Field(12, ge=1, le=168)
    staff_session_minutes: int = Field(480, ge=5)
    staff_idle_minutes: int = Field(30, ge=1)
    otp_minutes: int = Field(5, ge=1, le=10)
    level_minutes: int = Field(10, ge=1, le=60)
    otp_attempts: int = Field(5, ge=1, le=10)
    rate_limit_per_minute: int = Field(600, ge=1)
    integration_limit_per_minute: int = Field(12_000, ge=1)
    message_limit_per_minute: int = Field(120, ge=1)
    anonymous_sessions_per_minute: int = Field(600, ge=1)
    login_attempts_per_minute: int = Field(20, ge=1)


class Settings(BaseSettings):
    """Everything a process is told. Names: SWITCHBOARD_GROUP__FIELD."""

    model_config = SettingsConfigDict(
        env_prefix="SWITCHBOARD_",
        env_nested_delimiter="__",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    environment: Literal["development", "test", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    var: Path = Path("var")
    files: str | None = None  # fsspec URL; default is var/files
    bank_name: str = "Lantern Bank"
    # what the output filter lets pass in replies: the bank's own numbers and hosts
    bank_phones: tuple[str, ...] = ("+353 1 555 0100", "+353 1 555 0140")
    bank_hosts: tuple[str, ...] = ("lanternbank.example",)
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    jobs: JobSettings = JobSettings()
    routing: RoutingSettings = RoutingSettings()
    fairness: FairnessSettings = FairnessSettings()
    labels: LabelSettings = LabelSettings()
    gate: GateSettings = GateSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    outbound: OutboundSettings = OutboundSettings()
    generation: GenerationSettings = GenerationSettings()
    summaries: SummarySettings = SummarySettings()
    banking: BankingSettings = BankingSettings()
    security: SecuritySettings = SecuritySettings()

    @cached_property
    def files_url(self) -> str:
        return self.files or str(self.var / "files")

    @property
    def is_development(self) -> bool:
        return self.environment in ("development", "test")

    @model_validator(mode="after")
    def _refuse_unsafe_values(self) -> Self:
        if self.is_development:
            return self
        if not self.banking.allow_demo:
            raise ValueError(
                "the demo bank is refused outside development; for a trial set "
                "SWITCHBOARD_BANKING__ALLOW_DEMO=true"
            )
        for name in ("secret_key", "audit_key"):
            secret: SecretStr = getattr(self.security, name)
            if (
                len(secret.get_secret_value()) < 32
                or secret.get_secret_value() == DEVELOPMENT_SECRET
            ):
                raise ValueError(
                    f"SWITCHBOARD_SECURITY__{name.upper()} must be set to at least 32 random "
                    "characters outside development (for example: openssl rand -base64 48)"
                )
        return self


def load_settings() -> Settings:
    """Settings from the environment and .env; PORT overrides the port."""
    port = os.environ.get("PORT")
    return Settings(port=int(port)) if port else Settings()
