// Words on the screen: Markdown that cannot carry HTML, both languages complete, numbers as people write them.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { VNode } from "preact";
import { backoff } from "../shared/backoff.ts";
import { ticks } from "../shared/charts.tsx";
import * as format from "../shared/format.ts";
import { en as consoleEn } from "../shared/i18n/console.en.ts";
import { zh as consoleZh } from "../shared/i18n/console.zh.ts";
import { toLocale } from "../shared/i18n/locale.ts";
import { en as widgetEn } from "../shared/i18n/widget.en.ts";
import { zh as widgetZh } from "../shared/i18n/widget.zh.ts";
import { isSendKey } from "../shared/keys.ts";
import { Markdown, parseBlocks, safeHref } from "../shared/markdown.tsx";

/** The tree of a vnode as `tag(children)`, text as it is. */
function outline(node: unknown): string {
  if (Array.isArray(node)) return node.map(outline).join("");
  if (node === null || node === undefined || typeof node === "boolean") return "";
  if (typeof node !== "object") return String(node);
  const { type, props } = node as VNode<{ children?: unknown }>;
  return `${String(type)}(${outline(props.children)})`;
}

const show = (text: string) => outline(Markdown({ text }));

test("markdown becomes vnodes", () => {
  assert.equal(show("a **b** *c* `d`"), "div(p(a strong(b) em(c) code(d)))");
  assert.equal(show("- one\n- two\n\n1. first"), "div(ul(li(one)li(two))ol(li(first)))");
  assert.equal(show("free [1]."), "div(p(free sup(1).))");
});

test("a table becomes a table, its empty corner no heading", () => {
  const table = "Fees:\n\n| | Fee |\n| --- | :-: |\n| Abroad | 1.75 % |\n\nAsk us.";
  const head = "thead(tr(td()th(Fee)))";
  assert.equal(show(table), `div(p(Fees:)table(${head}tbody(tr(td(Abroad)td(1.75 %))))p(Ask us.))`);
  assert.equal(show("| not | a table"), "div(p(| not | a table))");
  assert.deepEqual(parseBlocks("|a\\|b|c|\n|-|-|"), [
    { kind: "table", head: ["a|b", "c"], rows: [] },
  ]);
});

test("markup in a message stays text", () => {
  const attack = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
  assert.equal(show(attack), `div(p(${attack}))`);
});

test("only web, mail and telephone addresses become links", () => {
  assert.equal(show("[x](javascript:alert(1))").includes("a("), false);
  assert.equal(safeHref("data:text/html,x"), null);
  assert.equal(safeHref("https://lanternbank.example/"), "https://lanternbank.example/");
  assert.equal(
    show("见 https://lanternbank.example。"),
    "div(p(见 a(https://lanternbank.example)。))",
  );
});

test("blocks keep code as it was written", () => {
  assert.deepEqual(parseBlocks("```\n**x**\n```"), [{ kind: "code", text: "**x**" }]);
});

function shape(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return [`${path}[${value.length}]`];
  if (value && typeof value === "object")
    return Object.entries(value).flatMap(([key, inner]) => shape(inner, `${path}.${key}`));
  return [path];
}

function sentences(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(sentences) : [];
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

for (const [name, en, zh] of [
  ["widget", widgetEn, widgetZh],
  ["console", consoleEn, consoleZh],
] as const) {
  test(`the ${name} says everything in both languages`, () => {
    const open = [".stepNames"]; // names of the service's own; unknown ones are made readable
    const keys = (d: unknown) =>
      shape(d)
        .filter((key) => !open.some((o) => key.startsWith(o)))
        .sort();
    assert.deepEqual(keys(zh), keys(en));
    assert.equal(sentences(zh).includes(""), false);
  });

  test(`the ${name}'s sentences have the same blanks in both languages`, () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      if (typeof en[key] !== "string") continue;
      assert.deepEqual(placeholders(String(zh[key])), placeholders(String(en[key])), String(key));
    }
  });
}

test("a language tag is narrowed to one we speak", () => {
  assert.equal(toLocale("zh-Hant-TW"), "zh");
  assert.equal(toLocale("EN_gb"), "en");
  assert.equal(toLocale("fr"), null);
});

test("durations, shares and times read well", () => {
  assert.equal(format.duration(45, "en"), "45 s");
  assert.equal(format.duration(3900, "en"), "1 h 5 min");
  assert.equal(format.duration(720, "zh"), "12 分");
  assert.equal(format.percent(0.1234, "en"), "12.3%");
  assert.equal(format.percent(null, "en"), "–");
  assert.equal(format.milliseconds(2400, "en"), "2.4 s");
  assert.equal(format.humanise("card_lost"), "Card lost");
  assert.equal(format.shortDay("2026-11-23", "en"), "23 Nov");
  assert.equal(format.fill("{n} of {m}", { n: 1 }), "1 of {m}");
});

test("text on the bank's colour has contrast", () => {
  assert.equal(format.contrastColour("#173a5e"), "#ffffff");
  assert.equal(format.contrastColour("#ffd27a"), "#000000");
});

test("waiting doubles, is half chance, and never passes 30 seconds", () => {
  assert.equal(backoff(0, 0), 250);
  assert.equal(backoff(0, 1), 500);
  assert.equal(backoff(3, 1), 4000);
  assert.equal(backoff(50, 1), 30_000);
  assert.equal(backoff(50, 0), 15_000);
});

test("Enter sends, but not while an input method is composing", () => {
  const key = { key: "Enter", keyCode: 13, isComposing: false, shiftKey: false };
  assert.equal(isSendKey(key), true);
  assert.equal(isSendKey({ ...key, shiftKey: true }), false);
  assert.equal(isSendKey({ ...key, isComposing: true }), false);
  assert.equal(isSendKey({ ...key, keyCode: 229 }), false);
});

test("axis steps are round and reach the top", () => {
  assert.deepEqual(ticks(0.31), [0, 0.1, 0.2, 0.3, 0.4]);
  assert.deepEqual(ticks(0), [0, 1]);
});
