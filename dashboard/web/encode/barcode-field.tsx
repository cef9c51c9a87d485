import { useEffect, useRef, useState, type ReactElement } from 'react';
import { TextInput } from '@mantine/core';
import { useWords } from '#dashboard/web/words/i18n.ts';

interface Props {
  /** The item in view. */
  readonly barcode: string | null;
  /** It has all its tags: the field is empty for the next. */
  readonly isDone: boolean;
  readonly onEnter: (barcode: string) => void;
}

/**
 * Where a barcode is typed or scanned. The focus stays here, and what was entered is selected: the next scan replaces it,
 * and the Enter that scanners send can confirm only the very item that was scanned.
 */
export function BarcodeField({ barcode, isDone, onEnter }: Props): ReactElement {
  const { t } = useWords();
  const [typed, setTyped] = useState(barcode ?? '');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  useEffect(() => {
    if (!isDone) return;
    setTyped('');
    field.current?.focus();
  }, [isDone]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        field.current?.select();
        onEnter(typed.trim());
      }}
    >
      <TextInput
        ref={field}
        name="barcode"
        size="lg"
        label={t('programme.barcode')}
        description={t(barcode === null || isDone ? 'programme.barcodeHint' : 'programme.barcodeAgain')}
        value={typed}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="go"
        maxLength={64}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
    </form>
  );
}
