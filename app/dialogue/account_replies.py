"""The only words about money: templates filled from the banking system, never from a model."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency

from app.banking.actions import AccountAction
from app.banking.client import Account, CardStatus
from app.banking.guard import (
    AccountDetails,
    ActionResult,
    Balances,
    CardChanged,
    ChooseCard,
    ConfirmCard,
    NothingFits,
    Transactions,
)

PURPOSES = {
    AccountAction.BALANCE_INQUIRY: {"en": "show your balance", "zh": "查询余额"},
    AccountAction.RECENT_TRANSACTIONS: {"en": "show your transactions", "zh": "查询交易记录"},
    AccountAction.PENDING_TRANSACTIONS: {
        "en": "show your pending transactions",
        "zh": "查询待入账交易",
    },
    AccountAction.ACCOUNT_DETAILS: {"en": "show your account number", "zh": "查询账号信息"},
    AccountAction.CARD_FREEZE: {"en": "freeze your card", "zh": "冻结银行卡"},
    AccountAction.CARD_UNFREEZE: {"en": "unfreeze your card", "zh": "解冻银行卡"},
    AccountAction.CARD_LOST: {"en": "block your lost card", "zh": "挂失银行卡"},
}
CARD_KINDS = {
    "debit": {"en": "debit card", "zh": "借记卡"},
    "credit": {"en": "credit card", "zh": "信用卡"},
}
TEXTS: dict[str, dict[str, str]] = {
    "balance": {
        "en": "{account} has a balance of {booked}; {available} is available.",
        "zh": "{account}的余额为 {booked}，可用金额为 {available}。",
    },
    "transactions": {
        "en": "The latest {count} transactions of {account}:",
        "zh": "{account}最近的 {count} 笔交易：",
    },
    "pending": {
        "en": "{count} transactions of {account} are still pending:",
        "zh": "{account}有 {count} 笔待入账交易：",
    },
    "no_transactions": {
        "en": "There are no such transactions on {account}.",
        "zh": "{account}没有符合条件的交易。",
    },
    "details": {"en": "{account}: IBAN {iban}", "zh": "{account}：IBAN {iban}"},
    "frozen": {
        "en": "Your {card} ending {ending} is frozen. No payment goes through until you unfreeze it.",
        "zh": "您尾号 {ending} 的{card}已冻结，解冻之前无法付款。",
    },
    "active": {
        "en": "Your {card} ending {ending} is active again.",
        "zh": "您尾号 {ending} 的{card}已恢复使用。",
    },
    "lost": {
        "en": (
            "Your {card} ending {ending} is blocked for good, and a new one is on its way to your "
            "address. It arrives in 5 to 7 working days."
        ),
        "zh": "您尾号 {ending} 的{card}已永久停用，新卡将在 5 至 7 个工作日内寄到您的地址。",
    },
    "already_lost": {
        "en": "The {card} ending {ending} was reported lost and stays blocked.",
        "zh": "尾号 {ending} 的{card}此前已挂失，将保持停用。",
    },
    "confirm_lost": {
        "en": (
            "Your {card} ending {ending} will be blocked for good, and a new one is sent to your "
            "address. This cannot be undone. Shall I go on? If you may find it again, I can freeze "
            "it instead."
        ),
        "zh": (
            "您尾号 {ending} 的{card}将被永久停用，新卡会寄到您的地址，此操作无法撤销。确定继续吗？"
            "如果还有可能找到，我可以先为您临时冻结。"
        ),
    },
    "yes": {"en": "Yes, block it for good", "zh": "是的，永久停用"},
    "no": {"en": "No, leave it", "zh": "不，先不处理"},
    "choose_card": {"en": "Which card do you mean?", "zh": "请问是哪一张卡？"},
    "card_option": {"en": "{card} ending {ending}", "zh": "尾号 {ending} 的{card}"},
    "nothing_fits": {
        "en": "I found no card or account of yours that fits. Which one do you mean?",
        "zh": "没有找到符合的银行卡或账户，请问您指的是哪一个？",
    },
    "booked": {"en": "Balance", "zh": "余额"},
    "available": {"en": "Available", "zh": "可用"},
}
BABEL = {"en": "en_IE", "zh": "zh_Hans_CN"}


@dataclass(frozen=True, slots=True)
class AccountReply:
    """A result in words, with a card for the widget."""

    text: str
    cards: tuple[dict[str, Any], ...] = ()
    quick_replies: tuple[str, ...] = ()
    own_values: tuple[str, ...] = ()
    asks_for_slot: bool = False
    asks_to_confirm: str | None = None  # the ending of the card that is meant


def reply_to(result: ActionResult, language: str) -> AccountReply:
    """The exact result of an action, in the customer's language."""
    match result:
        case Balances():
            return _balances(result, language)
        case Transactions():
            return _transactions(result, language)
        case AccountDetails():
            lines = [
                _say("details", language, account=item.name[language], iban=item.iban)
                for item in result.accounts
            ]
            own = tuple(item.iban for item in result.accounts)
            return AccountReply("\n".join(lines), own_values=own)
        case CardChanged():
            return AccountReply(_card_changed(result, language))
        case ChooseCard():
            options = tuple(_card_option(card.kind, card.ending, language) for card in result.cards)
            return AccountReply(
                _say("choose_card", language), quick_replies=options, asks_for_slot=True
            )
        case ConfirmCard():
            return _confirm(result, language)
        case NothingFits():
            return AccountReply(_say("nothing_fits", language), asks_for_slot=True)


def purpose_of(action: AccountAction, language: str) -> str:
    return PURPOSES[action][language]


def money(amount: Decimal, currency: str, language: str) -> str:
    """€1,234.56; the currency's own number of decimals."""
    return format_currency(amount, currency, locale=BABEL[language])


def day(value: date, language: str) -> str:
    return format_date(value, format="medium", locale=BABEL[language])


def _balances(result: Balances, language: str) -> AccountReply:
    lines = [
        _say(
            "balance",
            language,
            account=item.name[language],
            booked=money(item.booked_balance, item.currency, language),
            available=money(item.available_balance, item.currency, language),
        )
        for item in result.accounts
    ]
    cards = tuple(_balance_card(item, language) for item in result.accounts)
    return AccountReply("\n".join(lines), cards=cards)


def _balance_card(account: Account, language: str) -> dict[str, Any]:
    booked = money(account.booked_balance, account.currency, language)
    available = money(account.available_balance, account.currency, language)
    return {
        "kind": "balance",
        "title": account.name[language],
        "rows": [
            {"label": _say("booked", language), "value": booked, "hint": f"••{account.iban[-4:]}"},
            {"label": _say("available", language), "value": available, "hint": None},
        ],
    }


def _transactions(result: Transactions, language: str) -> AccountReply:
    account = result.account.name[language]
    if not result.items:
        return AccountReply(_say("no_transactions", language, account=account))
    key = "pending" if result.status == "pending" else "transactions"
    text = _say(key, language, account=account, count=str(len(result.items)))
    rows = [
        {
            "label": item.counterparty,
            "value": money(item.amount, item.currency, language),
            "hint": day(item.booking_date, language),
        }
        for item in result.items
    ]
    lines = [f"{row['hint']}  {row['label']}  {row['value']}" for row in rows]
    card = {"kind": "transactions", "title": account, "rows": rows}
    return AccountReply("\n".join([text, *lines]), cards=(card,))


def _confirm(result: ConfirmCard, language: str) -> AccountReply:
    card = result.card
    words = {"card": CARD_KINDS[card.kind][language], "ending": card.ending}
    return AccountReply(
        _say("confirm_lost", language, **words),
        quick_replies=(_say("yes", language), _say("no", language)),
        asks_to_confirm=card.ending,
    )


def _card_changed(result: CardChanged, language: str) -> str:
    card = result.card
    was_lost = result.was is CardStatus.LOST
    key = "already_lost" if was_lost else card.status.value
    return _say(key, language, card=CARD_KINDS[card.kind][language], ending=card.ending)


def _card_option(kind: str, ending: str, language: str) -> str:
    return _say("card_option", language, card=CARD_KINDS[kind][language], ending=ending)


def _say(key: str, language: str, **words: str) -> str:
    return TEXTS[key][language].format(**words)
