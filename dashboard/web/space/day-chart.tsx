import { useEffect, useRef, type ReactElement } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SpaceDay } from '#contract/wire/rest.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { hoursKnown } from './people.ts';

const HEIGHT_PIXELS = 150;

interface Props {
  readonly day: SpaceDay;
  readonly capacity: number | null;
  readonly label: string;
}

/** One day of one zone as steps; a gap in the line is a time nothing is known of. The table says the same in numbers. */
export function DayChart({ day, capacity, label }: Props): ReactElement {
  const { language } = useWords();
  const { timeZone } = useSession();
  const scheme = useComputedColorScheme('light');
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const created = new UPlot(options(element, { language, timeZone, capacity }), dataOf(day), element);
    chart.current = created;
    const observer = new ResizeObserver(() => {
      created.setSize({ width: element.clientWidth, height: HEIGHT_PIXELS });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      created.destroy();
      chart.current = null;
    };
    // New numbers go into the chart that is there (below); the rest needs another one.
  }, [language, timeZone, scheme, capacity]);
  useEffect(() => {
    const [min, max] = hoursKnown(day);
    chart.current?.setData(dataOf(day), false);
    chart.current?.setScale('x', { min, max });
    // Also into a chart that was made anew.
  }, [day, language, timeZone, scheme, capacity]);

  return <div ref={host} className="chart" role="img" aria-label={label} />;
}

function dataOf(day: SpaceDay): UPlot.AlignedData {
  return [day.rows.map((row) => Date.parse(row.at) / 1000), day.rows.map((row) => row.people)];
}

function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const isKnown = (index: number): boolean => values[index] !== null && values[index] !== undefined;
  return Array.from(values, (_, index) => index).filter(
    (index) => isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1),
  );
}

interface Look {
  readonly language: string;
  readonly timeZone: string;
  readonly capacity: number | null;
}

function options(element: HTMLElement, { language, timeZone, capacity }: Look): UPlot.Options {
  const style = getComputedStyle(element);
  const ink = style.getPropertyValue('--ink-soft').trim();
  const line = style.getPropertyValue('--accent').trim();
  const rule = style.getPropertyValue('--rule').trim();
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
  const axis = { stroke: ink, font: '12px system-ui', grid: { stroke: rule, width: 1 }, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: HEIGHT_PIXELS,
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), timeZone),
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 20, 0, 0],
    scales: {
      y: { range: (_, __, max) => [0, Math.max(4, max * 1.1, max > (capacity ?? 0) * 0.6 ? (capacity ?? 0) : 0)] },
    },
    axes: [
      { ...axis, size: 28, space: 60, values: (_, ticks) => ticks.map((tick) => clock.format(new Date(tick * 1000))) },
      { ...axis, size: 40, space: 34, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
    ],
    series: [
      {},
      {
        stroke: line,
        width: 2,
        fill: `color-mix(in srgb, ${line} 14%, transparent)`,
        // A step with unknown ones on both sides has no length: a dot shows it.
        points: { show: true, size: 5, filter: (chart, series) => lonely(chart.data[series] ?? []) },
        spanGaps: false,
        ...(UPlot.paths.stepped ? { paths: UPlot.paths.stepped({ align: 1 }) } : {}),
      },
    ],
  };
}
