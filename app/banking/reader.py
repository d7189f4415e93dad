"""The account model as the service uses it: the intent names the action, the words its slots."""

from app.banking.actions import ACTION_NAMES, ACTIONS, AccountAction, AccountRequest
from models.account_model.slots import read_slots


class SlotAccountReader:
    """Reads slots with the rules of `models/account_model`."""

    def read(self, text: str, *, intent: str) -> AccountRequest | None:
        if intent not in ACTION_NAMES:
            return None
        action = AccountAction(intent)
        slots = read_slots(text, expects_card=ACTIONS[action].needs_card)
        return AccountRequest(
            action=action,
            card_ending=slots.card_ending,
            card_kind=slots.card_kind,
            account_kind=slots.account_kind,
            count=slots.count,
        )
