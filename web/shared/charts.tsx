// Small charts as SVG: a line with its interval, a bar with its interval. Colours come from CSS.

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface Point {
  label: string;
  value: number;
  low: number;
  high: number;
}

const HEIGHT = 230;
const LEFT = 46;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 28;

/** Round steps for an axis from 0 to at least `most`. */
export function ticks(most: number, wanted = 4): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((m) => m * power >= rough) ?? 10) * power;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(10)));
}

function useWidth(): [(el: HTMLElement | null) => void, number] {
  const [width, setWidth] = useState(720);
  const element = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    const el = element.current;
    if (!el) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(280, el.clientWidth)));
    observer.observe(el);
    return () => observer.disconnect();
  }, []);
  return [
    (el) => {
      element.current = el;
    },
    width,
  ];
}

export function LineChart(props: {
  points: Point[];
  title: string;
  format: (value: number) => string;
}): JSX.Element {
  const { points, title, format } = props;
  const [box, width] = useWidth();
  const marks = ticks(Math.max(...points.map((p) => p.high), 0.01));
  const most = marks.at(-1) ?? 1;
  const x = (i: number) =>
    LEFT +
    (points.length > 1 ? (i / (points.length - 1)) * (width - LEFT - RIGHT) : (width - LEFT) / 2);
  const y = (value: number) => TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM);
  const at = (value: (p: Point) => number) =>
    points.map((p, i) => `${x(i).toFixed(1)},${y(value(p)).toFixed(1)}`);
  const band = `M${at((p) => p.high).join("L")}L${at((p) => p.low)
    .reverse()
    .join("L")}Z`;
  // one point has no band to show its interval: a line from low to high does
  const only = points.length === 1 ? points[0] : undefined;
  const every = Math.max(1, Math.ceil(points.length / Math.floor((width - LEFT) / 74)));
  return (
    <div class="chart" ref={box}>
      <svg
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={title}
      >
        {marks.map((mark) => (
          <g key={mark}>
            <line class="grid" x1={LEFT} x2={width - RIGHT} y1={y(mark)} y2={y(mark)} />
            <text class="axis" x={LEFT - 8} y={y(mark) + 4} text-anchor="end">
              {format(mark)}
            </text>
          </g>
        ))}
        <path class="band" d={band} />
        {only ? <line class="line" x1={x(0)} x2={x(0)} y1={y(only.low)} y2={y(only.high)} /> : null}
        <path class="line" d={`M${at((p) => p.value).join("L")}`} />
        {points.map((point, i) => (
          <g key={point.label}>
            <circle class="dot" cx={x(i)} cy={y(point.value)} r={points.length > 45 ? 1.5 : 3}>
              <title>{`${point.label}: ${format(point.value)} (${format(point.low)}–${format(point.high)})`}</title>
            </circle>
            {(points.length - 1 - i) % every === 0 ? (
              <text
                class="axis"
                x={x(i)}
                y={HEIGHT - 8}
                text-anchor={
                  only ? "middle" : i === points.length - 1 ? "end" : i === 0 ? "start" : "middle"
                }
              >
                {point.label}
              </text>
            ) : null}
          </g>
        ))}
      </svg>
    </div>
  );
}

/** One bar from 0 to 1 with its interval as a whisker; decoration beside the number in the table. */
export function Bar(props: {
  value: number;
  low?: number;
  high?: number;
  className?: string;
}): JSX.Element {
  const { value, low, high, className = "" } = props;
  const share = (v: number) => `${(Math.min(1, Math.max(0, v)) * 100).toFixed(2)}%`;
  return (
    <svg class={`bar ${className}`} width="100%" height="16" aria-hidden="true">
      <rect class="rail" x="0" y="3" width="100%" height="10" rx="2" />
      <rect class="fill" x="0" y="3" width={share(value)} height="10" rx="2" />
      {low !== undefined && high !== undefined ? (
        <g class="whisker">
          <line x1={share(low)} x2={share(high)} y1="8" y2="8" />
          <line x1={share(low)} x2={share(low)} y1="4" y2="12" />
          <line x1={share(high)} x2={share(high)} y1="4" y2="12" />
        </g>
      ) : null}
    </svg>
  );
}
