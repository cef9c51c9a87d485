import type { ReactElement, ReactNode } from 'react';

export interface Column {
  readonly words: string;
  /** Figures stand under each other. */
  readonly isNumber?: boolean;
}

export function TableHead({ columns }: { readonly columns: readonly Column[] }): ReactElement {
  return (
    <thead>
      <tr>
        {columns.map(({ words, isNumber }) => (
          <th key={words} scope="col" className={isNumber === true ? 'number' : undefined}>
            {words}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface Props {
  /** Says what the table is to those who scroll it by keyboard. */
  readonly label: string;
  readonly columns: readonly Column[];
  /** The label also stands above the table. */
  readonly hasCaption?: boolean;
  readonly className?: string;
  /** The rows. */
  readonly children: ReactNode;
}

/** A table that scrolls by itself where the page is too narrow for it. */
export function DataTable({ label, columns, hasCaption = false, className = '', children }: Props): ReactElement {
  return (
    <div className={`table-scroll ${className}`.trim()} tabIndex={0} role="group" aria-label={label}>
      <table className="table">
        {hasCaption && <caption>{label}</caption>}
        <TableHead columns={columns} />
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
