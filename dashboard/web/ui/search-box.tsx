import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { FindIcon } from './icons.tsx';

/** Long enough to type on, short enough to feel at once. */
const SETTLE_MS = 180;

interface Props {
  readonly value: string;
  readonly onSearch: (q: string) => void;
  /** Enter was pressed, or a scanner did so. */
  readonly onEnter?: (q: string | null) => void;
  /** The big one searches while you type; the one in the bar waits for Enter. */
  readonly isBig?: boolean;
}

export function SearchBox({ value, onSearch, onEnter, isBig = false }: Props): ReactElement {
  const { t } = useWords();
  const [typed, setTyped] = useState(value);
  // What we asked for ourselves comes back as `value` a moment later; the typing that went on since must stay.
  const asked = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (value !== asked.current) setTyped(value);
    asked.current = value;
  }, [value]);
  useEffect(() => {
    const q = typed.trim();
    if (!isBig || q === asked.current) return;
    timer.current = setTimeout(() => {
      asked.current = q;
      onSearch(q);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer.current);
    };
  }, [isBig, typed, onSearch]);
  return (
    <form
      role="search"
      className="search"
      data-big={isBig || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        // A search under way would close what Enter has opened by then.
        clearTimeout(timer.current);
        asked.current = typed.trim();
        onSearch(typed.trim());
        onEnter?.(typed.trim());
      }}
    >
      <FindIcon />
      <input
        type="search"
        value={typed}
        aria-label={t('find.label')}
        placeholder={t(isBig ? 'find.placeholder' : 'find.placeholderShort')}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="search"
        maxLength={200}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          onEnter?.(null);
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}
