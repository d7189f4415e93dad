// The few drawings of the panel, as strokes in the colour of the text.

const PATHS = {
  send: "M5 12h13 M12 5.5 18.5 12 12 18.5",
  close: "M6 6l12 12 M18 6 6 18",
  more: "M4.5 12h1 M11.500 12h1 M18.500 12h1",
  person: "M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4.5 20c1.2-3.2 4-4.5 7.5-4.5s6.3 1.3 7.5 4.5",
  shield: "M12 3.5 19 6v5.5c0 4.3-2.9 7.4-7 9-4.1-1.6-7-4.7-7-9V6z M9 12l2.2 2.2L15.2 10",
  chevron: "M8 10l4 4 4-4",
  plus: "M12 5v14 M5 12h14",
  check: "M5 12.5l4.5 4.5L19 7.5",
  book: "M5 5.5c3-1 5-1 7 .8 2-1.8 4-1.8 7-.8v13c-3-1-5-1-7 .8-2-1.8-4-1.8-7-.8z M12 6.3v13",
  up: "M8 11v9 M8 11l4-7c1.800 0 2.600 1.300 2.200 3L13.500 10H19c1 0 1.600 .900 1.400 1.900l-1.400 6.500c-.200 1-1 1.600-2 1.600H4.500V11H8",
  down: "M16 13V4 M16 13l-4 7c-1.800 0-2.600-1.300-2.200-3l.700-3H5c-1 0-1.600-.900-1.400-1.900L5 5.600C5.200 4.600 6 4 7 4h12.500v9H16",
  alert: "M12 4 21 19.5H3z M12 10v4 M12 16.8h.01",
} as const;

export function Icon({ name, size = 20 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
