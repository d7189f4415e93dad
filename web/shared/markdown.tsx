// A small part of Markdown as vnodes. There is no HTML string anywhere, so there is nothing to sanitise.

import type { ComponentChild, JSX } from "preact";

const INLINE =
  /`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*|\[([^\]\n]+)\]\(([^)\s]+)\)|\[(\d{1,2})\]|(https:\/\/[^\s<>()，。；！？、）】]+)/g;

export type Block =
  | { kind: "paragraph" | "heading"; text: string }
  | { kind: "code"; text: string }
  | { kind: "list"; isOrdered: boolean; items: string[] }
  | { kind: "table"; head: string[]; rows: string[][] };

const RULE = /^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$/;

/** Lines to blocks. */
export function parseBlocks(source: string): Block[] {
  const blocks: Block[] = [];
  const lines = source.replace(/\r\n?/g, "\n").split("\n");
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length) blocks.push({ kind: "paragraph", text: paragraph.join("\n") });
    paragraph = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const item = /^\s{0,3}(?:([-*•])|(\d{1,3})[.)、])\s+(.*)$/.exec(line);
    if (line.startsWith("```")) {
      flush();
      const code: string[] = [];
      while (++i < lines.length && !lines[i]?.startsWith("```")) code.push(lines[i] ?? "");
      blocks.push({ kind: "code", text: code.join("\n") });
    } else if (item) {
      flush();
      const isOrdered = item[2] !== undefined;
      const last = blocks.at(-1);
      const isSameList =
        last?.kind === "list" && last.isOrdered === isOrdered && isAfterItem(lines, i);
      if (isSameList) last.items.push(item[3] ?? "");
      else blocks.push({ kind: "list", isOrdered, items: [item[3] ?? ""] });
    } else if (isRow(line) && RULE.test(lines[i + 1] ?? "")) {
      flush();
      const rows: string[][] = [];
      for (i += 2; isRow(lines[i]); i++) rows.push(cells(lines[i] ?? ""));
      i -= 1; // the line behind the table is not ours
      blocks.push({ kind: "table", head: cells(line), rows });
    } else if (/^#{1,6}\s/.test(line)) {
      flush();
      blocks.push({ kind: "heading", text: line.replace(/^#+\s*/, "") });
    } else if (line.trim() === "") {
      flush();
    } else {
      paragraph.push(line);
    }
  }
  flush();
  return blocks;
}

function isAfterItem(lines: string[], at: number): boolean {
  const previous = lines[at - 1] ?? "";
  return previous.trim() === "" || /^\s{0,3}([-*•]|\d{1,3}[.)、])\s/.test(previous);
}

function isRow(line: string | undefined): boolean {
  return line?.trimStart().startsWith("|") ?? false;
}

function cells(line: string): string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** Only web and mail addresses become links; everything else stays text. */
export function safeHref(address: string): string | null {
  return /^(https?:\/\/|mailto:|tel:)/i.test(address) ? address : null;
}

function inline(text: string): ComponentChild[] {
  const out: ComponentChild[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) out.push(text.slice(from, match.index));
    const [whole, code, strong, em, label, address, mark, bare] = match;
    if (code !== undefined) out.push(<code>{code}</code>);
    else if (strong !== undefined) out.push(<strong>{inline(strong)}</strong>);
    else if (em !== undefined) out.push(<em>{inline(em)}</em>);
    else if (mark !== undefined) out.push(<sup class="mark">{mark}</sup>);
    else out.push(link(label ?? bare ?? whole, address ?? bare ?? "", whole));
    from = match.index + whole.length;
  }
  if (from < text.length) out.push(text.slice(from));
  return out;
}

function link(label: string, address: string, whole: string): ComponentChild {
  const href = safeHref(address);
  if (!href) return whole;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {label}
    </a>
  );
}

function lines(text: string): ComponentChild[] {
  return text
    .split("\n")
    .flatMap((line, i) => (i ? [<br key={i} />, ...inline(line)] : inline(line)));
}

export function Markdown({ text }: { text: string }): JSX.Element {
  return <div class="markdown">{parseBlocks(text).map(renderBlock)}</div>;
}

function renderBlock(block: Block, index: number): JSX.Element {
  switch (block.kind) {
    case "code":
      return (
        <pre key={index}>
          <code>{block.text}</code>
        </pre>
      );
    case "list": {
      const items = block.items.map((item, i) => <li key={i}>{inline(item)}</li>);
      return block.isOrdered ? <ol key={index}>{items}</ol> : <ul key={index}>{items}</ul>;
    }
    case "table":
      return (
        <table key={index}>
          <thead>
            <tr>
              {block.head.map((cell, i) =>
                // an empty heading says nothing to who cannot see the table
                cell ? (
                  <th key={i} scope="col">
                    {inline(cell)}
                  </th>
                ) : (
                  <td key={i} />
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row, n) => (
              <tr key={n}>
                {row.map((cell, i) => (
                  <td key={i}>{inline(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case "heading":
      return (
        <p key={index} class="heading">
          <strong>{inline(block.text)}</strong>
        </p>
      );
    default:
      return <p key={index}>{lines(block.text)}</p>;
  }
}
