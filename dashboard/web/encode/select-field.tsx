import { useId, type ReactElement } from 'react';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly word: string }[];
  readonly isLocked: boolean;
  readonly onChange: (value: string) => void;
}

/** The browser's own list: it works by keyboard, by touch and with every screen reader. */
export function SelectField({ label, value, options, isLocked, onChange }: Props): ReactElement {
  const id = useId();
  return (
    <div className="select-field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="select"
        value={value}
        disabled={isLocked}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.word}
          </option>
        ))}
      </select>
    </div>
  );
}
