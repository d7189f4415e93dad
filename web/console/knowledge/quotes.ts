// A quote in its place, and the figures inside it. Pure.

export interface Part {
  text: string;
  isMarked: boolean;
}

/** A text around one quote. Positions count characters as the service does, not UTF-16 units. */
export function aroundQuote(
  text: string,
  quote: { quote: string; start: number; end: number },
  around = 600,
): Part[] | null {
  const characters = Array.from(text.replace(/\r\n?/g, "\n"));
  const isThere = characters.slice(quote.start, quote.end).join("") === quote.quote;
  const found = isThere ? quote.start : positionOf(characters, quote.quote);
  if (found === null) return null;
  const end = found + Array.from(quote.quote).length;
  const from = Math.max(0, found - around);
  const until = Math.min(characters.length, end + around);
  return [
    { text: (from ? "… " : "") + characters.slice(from, found).join(""), isMarked: false },
    { text: quote.quote, isMarked: true },
    {
      text: characters.slice(end, until).join("") + (until < characters.length ? " …" : ""),
      isMarked: false,
    },
  ];
}

function positionOf(characters: string[], quote: string): number | null {
  const at = characters.join("").indexOf(quote);
  return at < 0 ? null : Array.from(characters.join("").slice(0, at)).length;
}

/** A sentence with each of these figures marked. */
export function withFigures(text: string, figures: string[]): Part[] {
  const known = figures.filter((figure) => figure !== "");
  if (!known.length) return [{ text, isMarked: false }];
  const longestFirst = [...known].sort((a, b) => b.length - a.length);
  const pattern = longestFirst
    .map((figure) => figure.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("|");
  return text
    .split(new RegExp(`(?<![\\d.,])(${pattern})(?![\\d])`))
    .map((part, at) => ({ text: part, isMarked: at % 2 === 1 }))
    .filter((part) => part.text !== "");
}

/** 12 KB, 3.4 MB */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kilo = bytes / 1024;
  return kilo < 1024 ? `${Math.round(kilo)} KB` : `${(kilo / 1024).toFixed(1)} MB`;
}
