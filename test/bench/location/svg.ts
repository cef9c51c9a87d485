/** Small pictures of the results, written by hand: they follow the reader's light or dark setting and need nothing but a browser. */
const STYLE = `<style>
  text{font:13px system-ui,sans-serif;fill:#1f2933}.small{font-size:11px;fill:#52606d}.title{font-size:15px;font-weight:600}
  .back{fill:#fff}.axis{stroke:#9aa5b1;stroke-width:1}.grid{stroke:#e4e7eb;stroke-width:1}
  .ours{fill:#0b6bcb}.base{fill:#d9822b}.retail{fill:#8a63d2}.line-ours{stroke:#0b6bcb}.line-base{stroke:#d9822b}.line-retail{stroke:#8a63d2}
  .curve{fill:none;stroke-width:2.5}.bar-mark{stroke:#1f2933;stroke-width:2;stroke-dasharray:4 3}
  @media (prefers-color-scheme:dark){text{fill:#e4e7eb}.small{fill:#b0bac5}.back{fill:#11181f}.grid{stroke:#26313b}.axis{stroke:#52606d}
  .ours{fill:#4aa3ff}.base{fill:#f0a35a}.retail{fill:#b794f4}.line-ours{stroke:#4aa3ff}.line-base{stroke:#f0a35a}.line-retail{stroke:#b794f4}.bar-mark{stroke:#e4e7eb}}
</style>`;

export type Colour = 'ours' | 'base' | 'retail';

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly colour: Colour;
}

export interface BarGroup {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** Share that is asked for. */
  readonly asked?: number;
}

const WIDTH = 760;
const LEFT = 210;
const RIGHT = 70;

/** Shares from 0 to 1, in groups; a dashed mark where the bar is. */
export function barChart(title: string, groups: readonly BarGroup[]): string {
  const rowHeight = 20;
  const span = WIDTH - LEFT - RIGHT;
  let y = 52;
  const parts: string[] = [];
  for (const { label, bars, asked } of groups) {
    const height = bars.length * rowHeight;
    parts.push(text(LEFT - 10, y + height / 2 + 4, label, 'end'));
    bars.forEach(({ label: name, value, colour }, i) => {
      const top = y + i * rowHeight;
      parts.push(
        `<rect class="${colour}" x="${String(LEFT)}" y="${fixed(top + 2)}" width="${fixed(value * span)}" height="${String(rowHeight - 4)}"><title>${escape(name)}</title></rect>`,
        `<text class="small" x="${fixed(LEFT + value * span + 5)}" y="${fixed(top + 14)}">${percent(value)}</text>`,
      );
    });
    if (asked !== undefined) {
      const x = fixed(LEFT + asked * span);
      parts.push(`<line class="bar-mark" x1="${x}" x2="${x}" y1="${fixed(y - 3)}" y2="${fixed(y + height + 3)}"/>`);
    }
    y += height + 16;
  }
  return frame(title, y + 26, [...parts, legend(y + 8)]);
}

export interface Curve {
  readonly colour: Colour;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface CurveChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xMax: number;
  /** From corner to corner: where a curve should lie. */
  readonly hasDiagonal?: boolean;
  readonly curves: readonly Curve[];
}

/** y from 0 to 1. */
export function curveChart({ title, xLabel, yLabel, xMax, hasDiagonal = false, curves }: CurveChart): string {
  const [left, top, width, height] = [70, 50, 640, 300];
  const at = ([x, y]: readonly [number, number]): string =>
    `${fixed(left + (Math.min(x, xMax) / xMax) * width)},${fixed(top + (1 - y) * height)}`;
  const parts: string[] = [];
  for (let i = 0; i <= 5; i += 1) {
    const y = top + (i / 5) * height;
    const x = left + (i / 5) * width;
    parts.push(
      `<line class="grid" x1="${String(left)}" x2="${String(left + width)}" y1="${fixed(y)}" y2="${fixed(y)}"/>`,
      text(left - 8, y + 4, percent(1 - i / 5), 'end', 'small'),
      text(x, top + height + 18, String(Math.round((i / 5) * xMax * 10) / 10), 'middle', 'small'),
    );
  }
  parts.push(
    text(left + width / 2, top + height + 38, xLabel, 'middle'),
    text(left, top - 12, yLabel, 'start', 'small'),
  );
  if (hasDiagonal) parts.push(`<polyline class="bar-mark" fill="none" points="${at([0, 0])} ${at([xMax, 1])}"/>`);
  for (const { colour, points } of curves) {
    parts.push(`<polyline class="curve line-${colour}" points="${points.map(at).join(' ')}"/>`);
    if (points.length > 12) continue;
    for (const point of points) {
      const [x = '', y = ''] = at(point).split(',');
      parts.push(`<circle class="${colour}" cx="${x}" cy="${y}" r="4"/>`);
    }
  }
  return frame(title, top + height + 82, [
    ...parts,
    legend(
      top + height + 62,
      curves.map(({ colour }) => colour),
    ),
  ]);
}

const NAMES: Readonly<Record<Colour, string>> = {
  ours: 'Shelfwise',
  base: 'baseline',
  retail: 'baseline, retail garment',
};

function legend(y: number, colours: readonly Colour[] = ['ours', 'base', 'retail']): string {
  return colours
    .map((colour, i) => {
      const x = LEFT + i * 130;
      return `<rect class="${colour}" x="${String(x)}" y="${fixed(y)}" width="11" height="11"/>${text(x + 17, y + 10, NAMES[colour], 'start', 'small')}`;
    })
    .join('');
}

function frame(title: string, height: number, parts: readonly string[]): string {
  const size = `width="${String(WIDTH)}" height="${fixed(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${fixed(height)}" ${size} role="img" aria-label="${escape(title)}">`,
    STYLE,
    `<rect class="back" ${size} rx="6"/>`,
    `<text class="title" x="20" y="27">${escape(title)}</text>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function text(x: number, y: number, value: string, anchor: 'start' | 'middle' | 'end', style = ''): string {
  const styled = style === '' ? '' : ` class="${style}"`;
  return `<text${styled} x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}">${escape(value)}</text>`;
}

const fixed = (value: number): string => String(Math.round(value * 10) / 10);
const percent = (value: number): string => `${String(Math.round(value * 100))} %`;
const escape = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
