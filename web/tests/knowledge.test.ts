// The knowledge base without a screen: the strip of publications, folded comparisons, quotes, articles.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as article from "../console/knowledge/article.ts";
import { aroundQuote, fileSize, withFigures } from "../console/knowledge/quotes.ts";
import { folded, stripOf } from "../console/knowledge/timeline.ts";
import { en } from "../shared/i18n/knowledge.en.ts";
import { zh } from "../shared/i18n/knowledge.zh.ts";
import type { DiffLine, DocumentText, Publication, Version } from "../shared/knowledge.ts";

const NOW = Date.parse("2027-01-10T12:00:00Z");

function shown(
  version: number,
  from: string,
  until: string | null,
  state: Publication["state"],
): Publication {
  return {
    version,
    shown_from: from,
    shown_until: until,
    state,
    cause: "approved",
    approver: null,
  };
}

const HISTORY = [
  shown(3, "2027-02-01T00:00:00Z", null, "scheduled"),
  shown(2, "2027-01-10T11:59:00Z", "2027-02-01T00:00:00Z", "shown"),
  shown(1, "2025-01-01T00:00:00Z", "2027-01-10T11:59:00Z", "ended"),
];

test("publications lie in their order, none hides another, and now is in the one that is shown", () => {
  const { pieces, now } = stripOf(HISTORY, NOW);
  assert.deepEqual(
    pieces.map((piece) => piece.publication.version),
    [1, 2, 3],
  );
  for (const [at, piece] of pieces.entries()) {
    assert.ok(piece.width > 4, `version ${piece.publication.version} is seen`);
    const next = pieces[at + 1];
    if (next) assert.ok(Math.abs(piece.left + piece.width - next.left) < 1e-9);
  }
  assert.equal(pieces[0]?.left, 0);
  assert.ok(Math.abs((pieces[2]?.left ?? 0) + (pieces[2]?.width ?? 0) - 100) < 1e-9);
  const second = pieces[1];
  assert.ok(second && second.left < now && now < second.left + second.width);
});

test("a document that was taken offline leaves room between its end and now", () => {
  const { pieces, now } = stripOf(
    [shown(1, "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "ended")],
    NOW,
  );
  const only = pieces[0];
  assert.ok(only && only.left + only.width < now && now < 100);
});

test("long runs of unchanged lines fold, short ones and the neighbours of a change do not", () => {
  const line = (op: DiffLine["op"], text: string): DiffLine => ({ op, text });
  const lines = [
    ...Array.from({ length: 6 }, (_, i) => line("same", `a${i}`)),
    line("removed", "x"),
    line("added", "y"),
    ...Array.from({ length: 4 }, (_, i) => line("same", `b${i}`)),
  ];
  const outline = folded(lines).map((one) =>
    one.kind === "fold" ? `fold ${one.lines.length}` : one.line.text,
  );
  assert.deepEqual(outline, ["fold 4", "a4", "a5", "x", "y", "b0", "b1", "b2", "b3"]);
  assert.deepEqual(
    folded(lines).flatMap((one) => (one.kind === "fold" ? one.lines : [one.line])),
    lines,
  );
});

test("a quote is found where the service counted it, beyond characters of two units", () => {
  const text = "💳 Karte. The fee is €4. The fee is €4.";
  const start = Array.from("💳 Karte. The fee is €4. ").length;
  const quote = { quote: "The fee is €4.", start, end: start + 14 };
  const parts = aroundQuote(text, quote);
  assert.deepEqual(parts, [
    { text: "💳 Karte. The fee is €4. ", isMarked: false },
    { text: "The fee is €4.", isMarked: true },
    { text: "", isMarked: false },
  ]);
});

test("a quote that moved is looked for by its words; one that is masked has no place", () => {
  const parts = aroundQuote("\r\nOne.\r\nTwo.", { quote: "Two.", start: 90, end: 94 }, 3);
  assert.deepEqual(
    parts?.map((part) => part.text),
    ["… e.\n", "Two.", ""],
  );
  assert.equal(aroundQuote("Card 4111.", { quote: "Card [card].", start: 0, end: 10 }), null);
});

test("only whole figures are marked", () => {
  const marked = (text: string, figures: string[]) =>
    withFigures(text, figures)
      .map((part) => (part.isMarked ? `[${part.text}]` : part.text))
      .join("");
  assert.equal(marked("It costs 4 EUR, not 40 or 1.4.", ["4"]), "It costs [4] EUR, not 40 or 1.4.");
  assert.equal(marked("1.75 % (of 5)", ["1.75 %", "5"]), "[1.75 %] (of [5])");
  assert.equal(marked("No figure", []), "No figure");
  assert.equal(marked("a+b", ["+"]), "a[+]b");
});

const DOCUMENT: DocumentText = {
  id: "d1",
  document_id: "d1",
  version: 2,
  status: "submitted",
  title: "Fees",
  body: "Four euros.",
  format: "markdown",
  locale: "en",
  audience: "customers",
  intents: ["card_fees"],
  source_url: null,
  effective_from: "2026-01-01T00:00:00Z",
  expires_at: "2027-12-01T00:00:00Z",
  owner: null,
  review_by: null,
  author: { kind: "staff", id: "s1" },
  approver_id: null,
  rejection: null,
  created_at: "2026-01-01T00:00:00Z",
  published_at: null,
  shown_from: null,
  shown_until: null,
  slug: null,
  published_version: 1,
  updated_at: "2026-01-01T00:00:00Z",
};

test("the next version says what the newest says, but for a begin that has passed", () => {
  const request = article.requestOf(article.writingOf(DOCUMENT, NOW));
  assert.equal(request.effective_from, null);
  assert.equal(request.expires_at, "2027-12-01T00:00:00.000Z");
  assert.equal(request.owner, null);
  assert.equal(request.audience, "customers");
  assert.ok(!("basedOn" in request));
  const ahead = article.writingOf({ ...DOCUMENT, effective_from: "2027-06-01T08:30:00Z" }, NOW);
  assert.equal(article.requestOf(ahead).effective_from, "2027-06-01T08:30:00.000Z");
});

test("a text that was kept comes back whole, anything else does not", () => {
  const writing = article.writingFor("  Do you send\ncoins? ", "en", ["card_fees"]);
  assert.equal(writing.body, "## Do you send coins?\n\n");
  assert.deepEqual(article.readWriting(JSON.stringify(writing)), writing);
  for (const broken of [null, "", "{", "{}", '{"body": 1}'])
    assert.equal(article.readWriting(broken), null);
});

test("acts follow from the state", () => {
  assert.deepEqual(article.possibleActs(DOCUMENT, []), ["publish", "reject", "remove"]);
  const published: DocumentText = { ...DOCUMENT, status: "published" };
  assert.deepEqual(article.possibleActs(published, HISTORY), ["unschedule", "withdraw", "remove"]);
});

test("only what was read, is not read now and has not expired may come back", () => {
  const version = (n: number, expires: string | null = null): Version => ({
    ...DOCUMENT,
    version: n,
    expires_at: expires,
  });
  assert.equal(article.mayComeBack(version(1), HISTORY, NOW), true);
  assert.equal(article.mayComeBack(version(2), HISTORY, NOW), false);
  assert.equal(article.mayComeBack(version(3), HISTORY, NOW), false);
  assert.equal(article.mayComeBack(version(1, "2027-01-01T00:00:00Z"), HISTORY, NOW), false);
});

test("sizes are said as people say them", () => {
  assert.deepEqual([900, 2048, 3_565_158].map(fileSize), ["900 B", "2 KB", "3.4 MB"]);
});

test("the knowledge base says the same in both languages, with the same placeholders", () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  const compare = (a: Record<string, unknown>, b: Record<string, unknown>, at: string) => {
    assert.deepEqual(Object.keys(a).sort(), Object.keys(b).sort(), at);
    for (const [key, value] of Object.entries(a)) {
      const other = b[key];
      if (typeof value === "string")
        assert.deepEqual(holes(value), holes(String(other)), `${at}.${key}`);
      else
        compare(value as Record<string, unknown>, other as Record<string, unknown>, `${at}.${key}`);
    }
  };
  compare(en, zh, "words");
});
