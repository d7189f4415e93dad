"""Spellings one slip away from a word, as a pattern. Knows no word itself."""


def misspelt(word: str, *, but: str) -> str:
    """One letter dropped, doubled up, mistyped or swapped; the first letter is as it should be.

    `but` are the words, parted by "|", that are one slip away and mean something else.
    """
    places = range(1, len(word))
    dropped = [word[:at] + word[at + 1 :] for at in places]
    mistyped = [word[:at] + "[a-z]" + word[at + 1 :] for at in places]
    added = [word[:at] + "[a-z]" + word[at:] for at in (*places, len(word))]
    swapped = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]
    ways = "|".join(dict.fromkeys([*mistyped, *added, *dropped, *swapped]))
    return f"(?!(?:{but})(?![a-z]))(?:{ways})(?![a-z])"
