import type { ReactElement, ReactNode } from 'react';

/** Drawn on a 24 grid with one stroke, so that they sit together; always beside a word or under a label. */
function Icon({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      width="22"
      height="22"
      fill="none"
      stroke="currentColor"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

const icon = (d: string) => (): ReactElement => (
  <Icon>
    <path d={d} />
  </Icon>
);

export const FindIcon = icon('M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5');
export const MapIcon = icon('M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14');
export const ListIcon = icon('M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M12 6h8M12 12h8M12 18h8');
export const SpaceIcon = icon(
  'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.8c2 .7 3.2 2.5 3.5 5.2',
);
export const DevicesIcon = icon(
  'M12 20h.01M8.5 16.5a5 5 0 0 1 7 0M5.5 13.2a9.3 9.3 0 0 1 13 0M2.5 9.9a13.6 13.6 0 0 1 19 0',
);
export const TagIcon = icon('M4 4h9l7.5 7.5-8.5 8.5L4 12.5zM8.5 8.5h.01M13.5 15.5a3 3 0 0 0 2-2');
export const WandIcon = icon('M5 19.5L14 10.5M12 8.5l4 4M17 4.5a3.5 3.5 0 0 1 3.5 3.5M17 1.5A6.5 6.5 0 0 1 23.5 8');
export const SoundIcon = icon('M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11');
export const MuteIcon = icon('M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5');
export const ShakeIcon = icon('M9 4h6v16H9zM5.5 8v8M2.5 10v4M18.5 8v8M21.5 10v4');
export const UserIcon = icon('M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4 3.7-5.5 7.5-5.5s6.9 1.5 7.5 5.5');
export const GlobeIcon = icon('M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18');
export const SchemeIcon = icon('M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 7l6.5-1M12 12h9M12 17l6.5 1');
export const CheckIcon = icon('M5 13l4.5 4.5L19 7');
export const CloseIcon = icon('M6 6l12 12M18 6L6 18');
export const BackIcon = icon('M15 5l-7 7 7 7');
export const ForwardIcon = icon('M9 5l7 7-7 7');
export const PlayIcon = icon('M8 5l11 7-11 7z');
export const PauseIcon = icon('M9 5v14M15 5v14');
export const ClockIcon = icon('M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.5l3.5 2');
export const PrintIcon = icon('M7 9V3h10v6M7 17H4v-7h16v7h-3M7 14h10v7H7z');
export const DownloadIcon = icon('M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4 20h16');
export const PlusIcon = icon('M12 5v14M5 12h14');
export const MinusIcon = icon('M5 12h14');
export const FitIcon = icon('M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5');
export const ChartIcon = icon('M4 4v16h16M7 15l4-5 3 3 5-7');
export const TableIcon = icon('M4 5h16v14H4zM4 10h16M4 15h16M10 5v14');
