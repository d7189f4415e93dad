"""Read a table of questions and answers, as spreadsheets export it. Knows CSV and TSV.

Columns are recognised by name. A row that cannot be kept refuses the file and is named: no row is
dropped in silence.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from knowledge_base.errors import DocumentUnreadable
from knowledge_base.formats.charset import decode
from knowledge_base.formats.html import from_html
from knowledge_base.formats.markup import heading, plain, squeezed

_COLUMNS = {  # meaning -> names, the surest first
    "question": "question questions q faq title 问题 問題 标题 標題 问 提问",
    "answer": "answer answers a response reply content body text 答案 回答 答 内容 內容 答复",
    "category": "category topic section group 类别 類別 分类 分類 主题",
    "locale": "locale language lang 语言 語言",
    "audience": "audience readers 读者 受众",
}
_LOCALES = {"en": "en", "english": "en", "英文": "en", "英语": "en", "zh": "zh", "chinese": "zh"}
_LOCALES |= {"中文": "zh", "汉语": "zh", "简体中文": "zh", "繁體中文": "zh", "cn": "zh"}
_AUDIENCES = ("public", "customers", "staff")
_SEPARATORS = (",", "\t", ";", "|")
_TAG = re.compile(
    r"</?(?:p|br|ul|ol|li|a|div|span|b|strong|em|i|table|h[1-6]|script)\b[^>]*>", re.I
)
_MAX_FIELD = 131_072  # characters; the csv module's own limit


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question with its answer; locale and audience where the table has such columns."""

    question: str
    answer: str
    category: str = ""
    locale: str | None = None
    audience: str | None = None


def read_rows(content: bytes) -> list[QuestionRow]:
    """Every row that holds anything; `DocumentUnreadable` names line and reason otherwise."""
    text = decode(content)
    separator, columns = _head(text)
    filled = (line for line in _lines(text, separator) if any(cell.strip() for cell in line[1]))
    _, head = next(filled)
    rows = [_row(number, cells, columns, width=len(head)) for number, cells in filled]
    if not rows:
        raise DocumentUnreadable("the table holds no row below its head")
    return rows


def write_rows(rows: Iterable[QuestionRow]) -> str:
    """Each row as a section; rows of a category stand together below its heading."""
    by_category: dict[str, list[QuestionRow]] = {}
    for row in rows:
        by_category.setdefault(row.category, []).append(row)
    blocks: list[str] = []
    for category, members in by_category.items():
        blocks.append(heading(1, category))
        blocks.extend(section(row) for row in members)
    return "\n\n".join(block for block in blocks if block)


def section(row: QuestionRow) -> str:
    """The question as a heading and the answer below it, in its own lines."""
    return f"{heading(2, row.question)}\n\n{row.answer}"


def _head(text: str) -> tuple[str, dict[str, int]]:
    """The separator and the columns by meaning, from the first line that is not empty."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    for separator in _SEPARATORS:
        cells = next(iter(csv.reader([first], delimiter=separator)), [])
        columns = _columns(cells)
        if {"question", "answer"} <= columns.keys():
            return separator, columns
    raise DocumentUnreadable(
        "the table's first line names no columns `question` and `answer` (or 问题 and 答案)"
    )


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """The column of each meaning that the head names."""
    names = [squeezed(cell).strip("\ufeff ").lower() for cell in cells]
    found: dict[str, int] = {}
    for meaning, known in _COLUMNS.items():
        position = next((names.index(name) for name in known.split() if name in names), None)
        if position is not None:
            found[meaning] = position
    return found


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells. Strict: a broken quote would swallow the rows that follow it."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    last = 0
    while True:
        last = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            why = "a quotation mark is not closed or not doubled"
            if "field larger" in str(broken):
                why = f"a field has more than {_MAX_FIELD} characters; is a quotation mark open?"
            raise DocumentUnreadable(f"the table breaks in line {last + 1}: {why}") from broken
        yield last + 1, cells


def _row(number: int, cells: Sequence[str], columns: dict[str, int], *, width: int) -> QuestionRow:
    """What a line says; a line with more cells than the head has a comma that nobody quoted."""
    if any(cell.strip() for cell in cells[width:]):
        raise DocumentUnreadable(
            f"the row in line {number} has {len(cells)} fields, but the head names {width}"
        )
    value = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
    for name in ("question", "answer"):
        if not value[name]:
            raise DocumentUnreadable(f"the row in line {number} has no {name}")
    return QuestionRow(
        question=squeezed(_readable(value["question"])),
        answer=_readable(value["answer"]),
        category=squeezed(value.get("category", "")),
        locale=_locale(number, value.get("locale", "")),
        audience=_audience(number, value.get("audience", "")),
    )


def _readable(text: str) -> str:
    """Cells out of a content system are often HTML; the others are plain words."""
    if _TAG.search(text):
        return from_html(text.encode())
    return plain(text)


def _locale(number: int, said: str) -> str | None:
    if not said:
        return None
    known = _LOCALES.get(said.lower()) or _LOCALES.get(said.lower()[:2])
    if known is None:
        raise DocumentUnreadable(f"the row in line {number}: locale {said!r} is not en or zh")
    return known


def _audience(number: int, said: str) -> str | None:
    if said and said.lower() not in _AUDIENCES:
        names = ", ".join(_AUDIENCES)
        raise DocumentUnreadable(f"the row in line {number}: audience {said!r} is not {names}")
    return said.lower() or None
