import { useId, useState, type ReactElement, type ReactNode, type SyntheticEvent } from 'react';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Session } from '#contract/wire/rest.ts';
import { sendJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { ErrorNote } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { forgetLeaving } from './held-session.ts';
import { LanguageSwitch, SchemeSwitch } from './preferences.tsx';
import { SESSION_KEY } from './session-key.ts';
import { LeftUnsent } from '#dashboard/web/offline/left-unsent.tsx';
import { useSessionMemory } from './session-memory.tsx';

/** The shortest password the server takes. */
const PASSWORD_LENGTH_MIN = 12;

export function SignIn(): ReactElement {
  const { t } = useWords();
  const client = useQueryClient();
  const memory = useSessionMemory();
  const form = useSubmit(async (fields) => {
    const body = { name: fields.get('name'), password: fields.get('password') };
    const session = await sendJson<Session>(paths.session, { method: 'POST', body });
    await forgetLeaving(memory);
    client.setQueryData(SESSION_KEY, session);
  });
  return (
    <Gate title={t('signIn.title')} onSubmit={form.submit}>
      <LeftUnsent />
      {form.error !== null && <ErrorNote>{signInProblem(form.error, t)}</ErrorNote>}
      <TextInput name="name" label={t('signIn.name')} autoComplete="username" required withAsterisk={false} autoFocus />
      <PasswordInput
        name="password"
        label={t('signIn.password')}
        autoComplete="current-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
      />
      <Button type="submit" loading={form.isBusy} fullWidth>
        {t('signIn.submit')}
      </Button>
    </Gate>
  );
}

export function ChangePassword({ session }: { readonly session: Session }): ReactElement {
  const { t } = useWords();
  const client = useQueryClient();
  const [mismatch, setMismatch] = useState(false);
  const form = useSubmit(async (fields) => {
    setMismatch(fields.get('next') !== fields.get('again'));
    if (fields.get('next') !== fields.get('again')) return;
    const body = { current: fields.get('current'), next: fields.get('next') };
    await sendJson(paths.password, { method: 'POST', body, csrfToken: session.csrfToken });
    await client.invalidateQueries({ queryKey: SESSION_KEY });
  });
  const eye = { 'aria-label': t('signIn.showPassword') };
  return (
    <Gate title={t('password.title')} onSubmit={form.submit}>
      <p className="muted">{t('password.why', { count: PASSWORD_LENGTH_MIN })}</p>
      {form.error !== null && <ErrorNote>{passwordProblem(form.error, t)}</ErrorNote>}
      <PasswordInput
        name="current"
        label={t('password.current')}
        autoComplete="current-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={eye}
      />
      <PasswordInput
        name="next"
        label={t('password.next')}
        autoComplete="new-password"
        minLength={PASSWORD_LENGTH_MIN}
        required
        withAsterisk={false}
        visibilityToggleButtonProps={eye}
      />
      <PasswordInput
        name="again"
        label={t('password.again')}
        autoComplete="new-password"
        required
        withAsterisk={false}
        error={mismatch ? t('password.mismatch') : null}
        visibilityToggleButtonProps={eye}
      />
      <Button type="submit" loading={form.isBusy} fullWidth>
        {t('password.submit')}
      </Button>
    </Gate>
  );
}

interface GateProps {
  readonly title: string;
  readonly onSubmit: (event: SyntheticEvent<HTMLFormElement>) => void;
  readonly children: ReactNode;
}

function Gate({ title, onSubmit, children }: GateProps): ReactElement {
  const id = useId();
  return (
    <div className="gate">
      <main className="gate-card">
        <div className="gate-brand">
          <img src="/favicon.svg" alt="" width="36" height="36" />
          <span>Shelfwise</span>
        </div>
        <h1 id={id}>{title}</h1>
        <form aria-labelledby={id} onSubmit={onSubmit} className="gate-form">
          {children}
        </form>
      </main>
      <footer className="gate-foot">
        <LanguageSwitch />
        <SchemeSwitch />
      </footer>
    </div>
  );
}

function useSubmit(send: (fields: FormData) => Promise<void>): {
  readonly submit: (event: SyntheticEvent<HTMLFormElement>) => void;
  readonly isBusy: boolean;
  readonly error: unknown;
} {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    send(new FormData(event.currentTarget))
      .catch((reason: unknown) => {
        setError(reason);
      })
      .finally(() => {
        setBusy(false);
      });
  };
  return { submit, isBusy, error };
}

function signInProblem(error: unknown, t: (key: string) => string): string {
  const status = error instanceof ProblemError ? error.status : 0;
  if (status === 401 || status === 400 || status === 403) return t('signIn.wrong');
  if (status === 429) return t('signIn.tooMany');
  return t(status === 0 ? 'error.noAnswer' : 'error.server');
}

function passwordProblem(error: unknown, t: (key: string) => string): string {
  const status = error instanceof ProblemError ? error.status : 0;
  if (status === 400) return (error instanceof ProblemError ? error.detail : null) ?? t('password.refused');
  if (status === 401 || status === 403) return t('password.wrongCurrent');
  if (status === 429) return t('signIn.tooMany');
  return t(status === 0 ? 'error.noAnswer' : 'error.server');
}
