import type { ReactElement, ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** The answer in a few words. */
  readonly summary?: ReactNode;
  /** Filters and export: always at the same place. */
  readonly tools?: ReactNode;
}

export function PageHead({ title, summary, tools }: Props): ReactElement {
  return (
    <header className="page-head">
      <div>
        <h1>{title}</h1>
        {summary !== undefined && <p className="page-summary">{summary}</p>}
      </div>
      {tools !== undefined && <div className="page-tools">{tools}</div>}
    </header>
  );
}
