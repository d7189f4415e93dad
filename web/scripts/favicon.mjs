// Draw favicon.ico: a lit lamp on a dark panel, as one 32 x 32 bitmap. Browsers without SVG icons take it.

const SIZE = 32;
const PANEL = [0x0c, 0x5a, 0x61];
const LAMP = [0xff, 0xd4, 0x79];
const JACK = [0x06, 0x3a, 0x40];

function pixel(x, y) {
  const inside = (cx, cy, r) => (x - cx) ** 2 + (y - cy) ** 2 <= r * r;
  const edge = Math.max(Math.abs(x - 15.5) - 9, 0) ** 2 + Math.max(Math.abs(y - 15.5) - 9, 0) ** 2;
  if (edge > 49) return [0, 0, 0, 0];
  if (inside(21, 10, 4.6)) return [...LAMP, 255];
  if (inside(10, 10, 3.6) || inside(10, 21.5, 3.6) || inside(21, 21.5, 3.6)) return [...JACK, 255];
  return [...PANEL, 255];
}

export function favicon() {
  const pixels = SIZE * SIZE * 4;
  const mask = (SIZE * SIZE) / 8;
  const out = Buffer.alloc(22 + 40 + pixels + mask);
  out.writeUInt16LE(1, 2);
  out.writeUInt16LE(1, 4);
  out.writeUInt8(SIZE, 6);
  out.writeUInt8(SIZE, 7);
  out.writeUInt16LE(1, 10);
  out.writeUInt16LE(32, 12);
  out.writeUInt32LE(40 + pixels + mask, 14);
  out.writeUInt32LE(22, 18);
  out.writeUInt32LE(40, 22);
  out.writeInt32LE(SIZE, 26);
  out.writeInt32LE(SIZE * 2, 30); // picture and mask
  out.writeUInt16LE(1, 34);
  out.writeUInt16LE(32, 36);
  out.writeUInt32LE(pixels, 42);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const [r, g, b, a] = pixel(x, y);
      out.set([b, g, r, a], 62 + ((SIZE - 1 - y) * SIZE + x) * 4);
    }
  }
  return out;
}
