import { useEffect, useRef, useState } from 'react';
import { useNavigate } from '@tanstack/react-router';

/** The second key after `g`. */
export const GO_KEYS = {
  f: '/find',
  m: '/map',
  w: '/work-list',
  s: '/space',
  t: '/tags',
  r: '/wand',
  d: '/devices',
} as const;

const CHORD_MS = 1500;
const CHOICE_KEY = 'shelfwise-keys';

export interface Keyboard {
  readonly isOn: boolean;
  readonly setOn: (isOn: boolean) => void;
}

/** Single keys can be switched off, since voice control and some hands press them by accident (WCAG 2.1.4). */
export function useKeyboard(onHelp: () => void): Keyboard {
  const [isOn, setIsOn] = useState(() => storedChoice() !== 'off');
  const navigate = useNavigate();
  const chordAtMs = useRef(-Infinity);
  const help = useRef(onHelp);
  help.current = onHelp;

  useEffect(() => {
    if (!isOn) return;
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const isChord = event.timeStamp - chordAtMs.current < CHORD_MS;
      chordAtMs.current = event.key === 'g' ? event.timeStamp : -Infinity;
      if (isChord && event.key in GO_KEYS) {
        event.preventDefault();
        void navigate({ to: GO_KEYS[event.key as keyof typeof GO_KEYS] });
      } else if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
      } else if (event.key === '?') {
        event.preventDefault();
        help.current();
      }
    };
    document.addEventListener('keydown', listen);
    return () => {
      document.removeEventListener('keydown', listen);
    };
  }, [isOn, navigate]);

  return {
    isOn,
    setOn: (next) => {
      setIsOn(next);
      try {
        localStorage.setItem(CHOICE_KEY, next ? 'on' : 'off');
      } catch {
        // Storage is switched off: the choice holds until the page is closed.
      }
    },
  };
}

function storedChoice(): string | null {
  try {
    return localStorage.getItem(CHOICE_KEY);
  } catch {
    return null;
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
