import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';

interface Props<T> {
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly rowPixels: number;
  readonly label: string;
  readonly children: (row: T, index: number) => ReactNode;
  /** Called near the end of what is loaded. */
  readonly onEnd?: (() => void) | undefined;
}

/** A list of any length: only the rows in sight are in the page. */
export function VirtualList<T>({ rows, keyOf, rowPixels, label, children, onEnd }: Props<T>): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    overscan: 6,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= rows.length - 5) onEnd?.();
  }, [last, rows.length, onEnd]);
  return (
    <div ref={scroller} className="virtual" tabIndex={0} role="group" aria-label={label}>
      <ul style={{ height: virtual.getTotalSize() }}>
        {shown.map((item) => {
          const row = rows[item.index];
          return (
            row !== undefined && (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                aria-setsize={rows.length}
                aria-posinset={item.index + 1}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {children(row, item.index)}
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
