import type { ReactElement, ReactNode } from 'react';
import { Button } from '@mantine/core';
import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import type { Words } from '#dashboard/web/words/place-words.ts';

/** Grey blocks in the shape of what comes; read out as one word. */
export function PageSkeleton({ lines = 5 }: { readonly lines?: number }): ReactElement {
  const { t } = useWords();
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{t('common.loading')}</span>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="skeleton-line" />
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
}

export function EmptyNote({ title, children }: EmptyProps): ReactElement {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

export function ErrorNote({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <div className="error-note" role="alert">
      <span aria-hidden="true" className="error-mark">
        !
      </span>
      <div>{children}</div>
    </div>
  );
}

interface FailureProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong in plain words, the code for the support desk, and the one thing to do. */
export function FailureNote({ error, onRetry }: FailureProps): ReactElement {
  const { t } = useWords();
  return (
    <ErrorNote>
      <p>{failureText(error, t)}</p>
      {error instanceof ProblemError && error.status !== 0 && (
        <p className="muted small">
          {error.code} · {error.status}
        </p>
      )}
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </ErrorNote>
  );
}

export function failureText(error: unknown, t: Words): string {
  if (!(error instanceof ProblemError)) return t('error.server');
  switch (error.status) {
    case 0:
      return t('error.noAnswer');
    case 403:
      return t('error.forbidden');
    case 404:
      return t('error.notFound');
    case 429:
      return t('error.tooMany');
    case 503:
      return t('error.unavailable');
    default:
      return t('error.server');
  }
}

/** One broken screen must not take the others with it. */
export function ScreenError({ error, reset }: ErrorComponentProps): ReactElement {
  return (
    <div className="page-body">
      <FailureNote error={error} onRetry={reset} />
    </div>
  );
}

export function NotFound(): ReactElement {
  const { t } = useWords();
  return (
    <div className="page-body">
      <EmptyNote title={t('error.noPage')}>
        <Link to="/find">{t('nav.find')}</Link>
      </EmptyNote>
    </div>
  );
}
