// Drawings of the console: strokes in the colour of the text, and the board at the door.

const PATHS = {
  queue: "M4 6h16 M4 12h11 M4 18h7 M18 15v4 M18 21.500v.01",
  mine: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4.500 20c1.200-3.500 4-5 7.500-5s6.300 1.500 7.500 5",
  all: "M4 5h16v11H12l-4.500 4v-4H4z",
  analytics: "M4 20V4 M4 20h16 M8 16l4-5 3 3 5-7",
  fairness: "M12 4v16 M7 20h10 M5 7h14 M5 7l-2.500 6.500h5z M19 7l-2.500 6.500h5z",
  audit:
    "M12 3.500 19 6v5.500c0 4.300-2.900 7.400-7 9-4.100-1.600-7-4.700-7-9V6z M9 12l2.200 2.200L15.200 10",
  knowledge:
    "M12 6.500C10 5 7 4.500 4 4.500V18c3 0 6 .500 8 2 2-1.500 5-2 8-2V4.500c-3 0-6 .500-8 2z M12 6.500V20",
  labels: "M4 4h8l8.500 8.500-7.500 7.500L4 11.500z M8.200 8.200v.01",
  models: "M5 6.500h6v5H5z M13 12.500h6v5h-6z M11 9h5v3.500 M13 15H8v-3.500",
  theme: "M12 4a8 8 0 1 0 8 8 6 6 0 0 1-8-8z",
  help: "M9.300 9.200a2.800 2.800 0 1 1 4.100 2.900c-1 .500-1.400 1-1.400 2 M12 17.300v.01 M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  out: "M10 4H5v16h5 M14 8l4 4-4 4 M18 12H9",
  back: "M14 6l-6 6 6 6",
  side: "M4 5h16v14H4z M14.500 5v14",
  close: "M6 6l12 12 M18 6 6 18",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="30" height="30" aria-hidden="true">
      <circle class="jack" cx="9" cy="9" r="4" />
      <circle class="jack" cx="9" cy="23" r="4" />
      <circle class="jack" cx="23" cy="23" r="4" />
      <path class="cord" d="M9 23C9 13 23 19 23 9" />
      <circle class="lit" cx="23" cy="9" r="5" />
    </svg>
  );
}

/** Rows of jacks, a few lamps lit, two lines plugged through. */
export function Board() {
  const cells = Array.from({ length: 60 }, (_, i) => ({
    x: 40 + (i % 6) * 64,
    y: 44 + Math.floor(i / 6) * 64,
    i,
  }));
  const lit = new Set([3, 10, 26, 31, 44, 53]);
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 400 664"
      preserveAspectRatio="xMidYMid slice"
      width="100%"
      height="100%"
    >
      {cells.map(({ x, y, i }) => (
        <g key={i}>
          <circle class={lit.has(i) ? "lit" : "dim"} cx={x} cy={y - 16} r="5" />
          <circle class="jack" cx={x} cy={y + 8} r="11" />
          <circle class="hole" cx={x} cy={y + 8} r="5" />
        </g>
      ))}
      <path class="cord one" d="M168 180C168 330 296 250 296 372" />
      <path class="cord two" d="M104 372C104 520 232 450 232 564" />
      <path class="cord three" d="M232 52C232 190 360 130 360 308" />
    </svg>
  );
}
