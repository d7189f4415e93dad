// The harbour at night, drawn once; the beam turns unless the visitor prefers stillness.

export function Lighthouse({ label }: { label: string }) {
  return (
    <svg
      class="scene"
      viewBox="0 0 1200 560"
      preserveAspectRatio="xMaxYMax slice"
      role="img"
      aria-label={label}
    >
      <defs>
        <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" class="sky-top" />
          <stop offset="0.75" class="sky-low" />
          <stop offset="1" class="sky-glow" />
        </linearGradient>
        <linearGradient id="beam" x1="1" y1="0" x2="0" y2="0">
          <stop offset="0" class="beam-near" />
          <stop offset="1" class="beam-far" />
        </linearGradient>
      </defs>
      <rect width="1200" height="560" fill="url(#sky)" />
      <g class="stars">
        {STARS.map(([x, y, r]) => (
          <circle key={`${x}-${y}`} cx={x} cy={y} r={r} />
        ))}
      </g>
      <g class="beams">
        <path d="M962 154 L180 20 L180 250 Z" fill="url(#beam)" />
      </g>
      <path
        class="hill far"
        d="M420 500 C600 470 760 436 860 396 C960 362 1060 372 1200 330 V560 H420Z"
      />
      <path
        class="hill"
        d="M740 500 C820 452 880 418 960 412 C1050 406 1110 420 1200 396 V560 H740Z"
      />
      <g class="tower">
        <path d="M938 186 h48 l18 232 h-84z" class="wall" />
        <path d="M934.500 238 h55 l4.500 54 h-64z M926 350 h72 l4.500 56 h-81z" class="band" />
        <rect x="928" y="176" width="68" height="11" rx="3" class="band" />
        <rect x="943" y="134" width="38" height="42" class="glass" />
        <path d="M936 134 L962 106 L988 134z" class="band" />
        <circle cx="962" cy="155" r="11" class="lamp-light" />
        <rect x="957" y="306" width="11" height="18" rx="5" class="window" />
        <rect x="957" y="212" width="10" height="15" rx="5" class="window" />
      </g>
      <g class="town">
        <path d="M1040 412 v-34 l20-15 20 15 v34z M1084 410 v-24 l17-12 17 12 v22z M864 424 v-22 l17-13 17 13 v20z" />
        <rect x="1053" y="388" width="8" height="9" class="window" />
        <rect x="1068" y="388" width="8" height="9" class="window" />
        <rect x="1097" y="392" width="7" height="8" class="window" />
        <rect x="877" y="407" width="7" height="8" class="window" />
      </g>
      <path class="sea" d="M0 482 C180 470 320 492 500 480 C700 468 820 500 1200 474 V560 H0Z" />
      <path class="glint" d="M700 506 h70 M790 520 h120 M640 530 h90 M850 540 h60 M540 514 h50" />
    </svg>
  );
}

const STARS: [number, number, number][] = [
  [640, 60, 1.4],
  [700, 130, 1],
  [760, 40, 1.8],
  [830, 90, 1.1],
  [880, 36, 1.3],
  [1010, 60, 1.7],
  [1070, 120, 1.2],
  [1120, 50, 1.5],
  [1160, 170, 1],
  [560, 110, 1],
  [480, 50, 1.3],
  [1100, 230, 1.1],
  [860, 220, 1],
];
