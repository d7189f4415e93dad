"""Commands that talk: route one text, chat in the terminal."""

import json
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assembly import Assembled, assemble, load_router
from app.audit_trail import Actor
from app.auth.caller import Integration, Scope
from app.config import load_settings
from app.content_filter import inspect
from app.conversations.repository import ConversationRepository
from app.conversations.schemas import ConversationCreate, CustomerReference
from app.conversations.service import ConversationService
from app.conversations.waiting import wait_for_ending
from app.db.credential import ApiKeyRecord
from app.errors import NotFound, Unavailable
from routing import Utterance
from routing.explanation import summarise

console = Console()
ACTOR = Actor("system", "terminal")
REPLY_SECONDS = 30.0


def register(app: typer.Typer) -> None:
    app.command()(route)
    app.command()(chat)


def route(
    text: Annotated[str, typer.Argument(help="What the customer says.")],
    locale: Annotated[
        str | None, typer.Option(help="en or zh, where the text does not tell.")
    ] = None,
) -> None:
    """Where a text would go, and why.  Example: switchboard route "I lost my card" """
    router = load_router(load_settings())
    filtered = inspect(text)
    decision = router.route(Utterance(filtered.text, locale))
    shown = {
        "text": filtered.text,
        "route": decision.route,
        "outcome": decision.outcome,
        "intent": decision.intent,
        "confidence": round(decision.confidence, 4),
        "margin": round(decision.margin, 4),
        "out_of_scope": decision.out_of_scope,
        "reason": decision.reason,
        "filter": filtered.action,
        "candidates": {item.intent: round(item.confidence, 4) for item in decision.candidates},
        "model_version": decision.model_version,
        "why": summarise(decision, router.taxonomy),
        "nearest": [[item.text, item.intent] for item in decision.nearest],
    }
    console.print_json(json.dumps(shown, ensure_ascii=False))


def chat(
    customer: Annotated[str | None, typer.Option(help="A demo customer, e.g. cust-1001.")] = None,
    locale: Annotated[str, typer.Option(help="en or zh")] = "en",
) -> None:
    """Talk to the assistant here.  Example: switchboard chat --customer cust-1001"""
    assembled = assemble(load_settings())
    assembled.start()
    try:
        _converse(assembled, customer, locale)
    finally:
        assembled.stop()


def _converse(assembled: Assembled, customer: str | None, locale: str) -> None:
    body = ConversationCreate.model_validate(
        {
            "channel": "api",
            "locale": locale,
            "customer": CustomerReference(external_id=customer) if customer else None,
        }
    )
    with assembled.parts.database.write() as session:
        caller = _as_crm(session)
        conversation_id = ConversationService(session).open(body, caller).id
    console.print("[dim]An empty line ends the chat.[/dim]")
    while text := console.input("[bold]you[/bold]  ").strip():
        console.print(
            f"[bold]bank[/bold] {_say(assembled, caller, conversation_id, text)}", highlight=False
        )


def _as_crm(session: Session) -> Integration:
    """The terminal speaks as the bank's own system: with its key, so that access is the same."""
    key = session.scalar(select(ApiKeyRecord).order_by(ApiKeyRecord.created_at).limit(1))
    if key is None:
        raise NotFound("there is no API key yet; run `switchboard seed` first")
    return Integration(key.id, key.name, frozenset(Scope(scope) for scope in key.scopes))


def _say(assembled: Assembled, caller: Integration, conversation_id: str, text: str) -> str:
    parts = assembled.parts
    filtered = inspect(text)
    with parts.database.write() as session:
        service = ConversationService(session)
        accepted = service.accept_customer_message(
            service.lock(conversation_id, caller), filtered, actor=ACTOR, client_message_id=None
        )
        turn_id = accepted.turn.id if accepted.turn else ""
    if wait_for_ending(parts, conversation_id, turn_id, timeout=REPLY_SECONDS) is None:
        raise Unavailable(f"no answer within {REPLY_SECONDS:.0f} s; the message is stored")
    with parts.database.read() as session:
        reply = ConversationRepository(session).find_reply(turn_id)
    return reply.text if reply else "(a person holds this conversation)"
