import { useState, type ReactElement, type ReactNode, type SyntheticEvent } from 'react';
import { Button, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import type { EncodingReaders } from '#contract/wire/rest-commands.ts';
import { sendJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { Badge, Sign } from '#dashboard/web/ui/badges.tsx';
import { ErrorNote, failureText } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { draftOf, faultsOf, fieldOfPath, profileOf, type DraftFaults, type ProfileDraft } from './profile-draft.ts';
import { SelectField } from './select-field.tsx';
import { formatWord } from './format-word.ts';
import { USAGES, usageWord } from './usages.ts';

interface Props {
  readonly profile: TagProfile;
  readonly readers: EncodingReaders;
}

/** How the library writes its tags, who works by it already, and the form for those who may change it. */
export function ProfileView({ profile, readers }: Props): ReactElement {
  const { t } = useWords();
  const { session } = useSession();
  const isAdmin = session.role === 'admin';
  return (
    <div className="profile">
      <p className="muted">{t(isAdmin ? 'profile.what' : 'profile.readOnly')}</p>
      <Applied version={profile.version} readers={readers} />
      <ProfileForm key={profile.version} profile={profile} formats={readers.formats} isAdmin={isAdmin} />
    </div>
  );
}

function Applied({ version, readers }: { readonly version: number; readonly readers: EncodingReaders }): ReactElement {
  const { t } = useWords();
  const gateways = new Map(readers.rows.map((row) => [row.gateway, row]));
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('profile.applied')}</h2>
        <span className="muted">{version === 0 ? t('profile.standard') : t('profile.version', { version })}</span>
      </div>
      {gateways.size === 0 && <p className="muted">{t('profile.noGateway')}</p>}
      <ul className="applied live">
        {[...gateways.values()].map(({ gateway, profileVersion, isOnline }) => {
          const isNewest = profileVersion === version || (profileVersion === null && version === 0);
          return (
            <li key={gateway}>
              <span>{gateway}</span>
              <Badge meaning={isNewest ? 'fine' : 'look'}>
                {isNewest
                  ? t('profile.isApplied')
                  : profileVersion === null
                    ? t('profile.notTold')
                    : t('profile.isOld', { version: profileVersion })}
              </Badge>
              {!isNewest && (
                <span className="muted small">{t(isOnline ? 'profile.onItsWay' : 'profile.whenBack')}</span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface FormProps {
  readonly profile: TagProfile;
  readonly formats: EncodingReaders['formats'];
  readonly isAdmin: boolean;
}

function ProfileForm({ profile, formats, isAdmin }: FormProps): ReactElement {
  const { t } = useWords();
  const { library, session } = useSession();
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(profile));
  const [faults, setFaults] = useState<DraftFaults>({});
  const [sent, setSent] = useState<{ readonly isBusy: boolean; readonly error: unknown }>({
    isBusy: false,
    error: null,
  });
  const set = (change: Partial<ProfileDraft>): void => {
    setDraft((last) => ({ ...last, ...change }));
  };
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const found = faultsOf(draft);
    setFaults(found);
    const [first] = Object.keys(found);
    if (first !== undefined) {
      event.currentTarget.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
      return;
    }
    setSent({ isBusy: true, error: null });
    const body = profileOf(draft, profile);
    sendJson(paths.tagProfile(library), { method: 'PUT', body, csrfToken: session.csrfToken }).then(
      () => {
        setSent({ isBusy: false, error: null });
        client.setQueryData(['tag-profile', library], body);
        void client.invalidateQueries({ queryKey: ['tag-profile', library] });
        void client.invalidateQueries({ queryKey: ['encoding-readers', library] });
      },
      (error: unknown) => {
        setSent({ isBusy: false, error });
      },
    );
  };
  const text = (name: keyof ProfileDraft): Omit<TextProps, 'label'> => {
    const fault = faults[name];
    return {
      name,
      value: String(draft[name]),
      error: fault === undefined ? serverFault(sent.error, name) : t(`profileFault.${fault}`),
      isLocked: !isAdmin,
      onChange: (value) => {
        set({ [name]: value });
      },
    };
  };
  const option = (format: string): { value: string; word: string } => ({ value: format, word: formatWord(format, t) });
  const shared = { isLocked: !isAdmin };
  return (
    <form onSubmit={submit} className="profile-form" noValidate>
      <FieldGroup title={t('profile.library')}>
        <Text {...text('ownerIsil')} label={t('profile.ownerIsil')} hint={t('profile.ownerIsilHint')} />
        <SelectField
          {...shared}
          label={t('profile.usage')}
          value={draft.usage}
          options={[...new Set([...USAGES, profile.usage])].map((usage) => ({
            value: String(usage),
            word: usageWord(usage, t),
          }))}
          onChange={(usage) => {
            set({ usage });
          }}
        />
      </FieldGroup>
      <FieldGroup title={t('profile.hf')}>
        <SelectField
          {...shared}
          label={t('profile.format')}
          value={draft.hfFormat}
          options={formats.hf.map(option)}
          onChange={(hfFormat) => {
            set({ hfFormat });
          }}
        />
        <Text {...text('dsfid')} label="DSFID" hint={t('profile.dsfidHint')} isHex />
        <Choice
          {...shared}
          label={t('profile.usesAfi')}
          isOn={draft.usesAfi}
          onChange={(usesAfi) => {
            set({ usesAfi });
          }}
        />
        {draft.usesAfi && (
          <>
            <Text {...text('afiSecured')} label={t('profile.afiSecured')} hint={t('profile.afiHint')} isHex />
            <Text {...text('afiUnsecured')} label={t('profile.afiUnsecured')} hint={t('profile.afiHint')} isHex />
          </>
        )}
        <Choice
          {...shared}
          label={t('profile.usesEas')}
          isOn={draft.usesEas}
          onChange={(usesEas) => {
            set({ usesEas });
          }}
        />
      </FieldGroup>
      <FieldGroup title={t('profile.uhf')}>
        <SelectField
          {...shared}
          label={t('profile.format')}
          value={draft.uhfFormat}
          options={[{ value: '', word: t('profile.noUhf') }, ...formats.uhf.map(option)]}
          onChange={(uhfFormat) => {
            set({ uhfFormat });
          }}
        />
        <SelectField
          {...shared}
          label={t('profile.uhfSecurity')}
          value={draft.uhfSecurity}
          options={['none', 'pc-afi', 'epc-bit'].map((value) => ({ value, word: t(`uhfSecurity.${value}`) }))}
          onChange={(uhfSecurity) => {
            set({ uhfSecurity });
          }}
        />
        {draft.uhfSecurity === 'pc-afi' && (
          <>
            <Text {...text('uhfAfiSecured')} label={t('profile.afiSecured')} hint={t('profile.afiHint')} isHex />
            <Text {...text('uhfAfiUnsecured')} label={t('profile.afiUnsecured')} hint={t('profile.afiHint')} isHex />
          </>
        )}
      </FieldGroup>
      <FieldGroup title={t('profile.passwords')}>
        <p className="muted wide">{t('profile.passwordsWhat')}</p>
        <Text {...text('easAfiPassword')} label={t('profile.easAfiPassword')} />
        <Text {...text('readPassword')} label={t('profile.readPassword')} />
        <Text {...text('writePassword')} label={t('profile.writePassword')} />
        <Text {...text('accessPassword')} label={t('profile.accessPassword')} />
        {draft.accessPassword.trim() !== '' && (
          <SelectField
            {...shared}
            label={t('profile.accessFrom')}
            value={draft.accessFrom}
            options={['', 'isil-epc', 'smartfreq', 'tid'].map((value) => ({
              value,
              word: t(`accessFrom.${value === '' ? 'same' : value}`),
            }))}
            onChange={(accessFrom) => {
              set({ accessFrom });
            }}
          />
        )}
      </FieldGroup>
      {sent.error !== null && (
        <ErrorNote>
          <p>{saveProblem(sent.error, t)}</p>
          {isConflict(sent.error) && (
            <Button
              variant="default"
              onClick={() => void client.invalidateQueries({ queryKey: ['tag-profile', library] })}
            >
              {t('profile.loadNewest')}
            </Button>
          )}
        </ErrorNote>
      )}
      {Object.keys(faults).length > 0 && (
        <p className="outcome" role="alert" data-meaning="act">
          <Sign meaning="act" />
          <span>{t('profile.faults', { count: Object.keys(faults).length })}</span>
        </p>
      )}
      {isAdmin && (
        <div className="profile-save">
          <Button type="submit" loading={sent.isBusy}>
            {t('profile.save')}
          </Button>
          <span className="muted small">{t('profile.saveWhat')}</span>
        </div>
      )}
    </form>
  );
}

function FieldGroup({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <fieldset className="card">
      <legend>{title}</legend>
      <div className="profile-fields">{children}</div>
    </fieldset>
  );
}

interface TextProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly error: string | null;
  readonly isLocked: boolean;
  readonly isHex?: boolean;
  readonly onChange: (value: string) => void;
}

function Text({ name, label, hint, value, error, isLocked, isHex = false, onChange }: TextProps): ReactElement {
  return (
    <TextInput
      name={name}
      label={label}
      {...(hint !== undefined && { description: hint })}
      value={value}
      error={error}
      readOnly={isLocked}
      classNames={{ input: isHex ? 'hex' : '' }}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly isLocked: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Choice({ label, isOn, isLocked, onChange }: ChoiceProps): ReactElement {
  return (
    <Switch
      className="wide"
      label={label}
      checked={isOn}
      disabled={isLocked}
      size="md"
      onChange={(event) => {
        onChange(event.currentTarget.checked);
      }}
    />
  );
}

function isConflict(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 409;
}

type Words = ReturnType<typeof useWords>['t'];

function saveProblem(error: unknown, t: Words): string {
  if (isConflict(error)) return t('profile.conflict');
  if (error instanceof ProblemError && error.status === 400) return t('profile.refused');
  return failureText(error, t);
}

/** What the server says of a field, in its own words. */
function serverFault(error: unknown, name: string): string | null {
  if (!(error instanceof ProblemError)) return null;
  return error.errors.find(({ path }) => fieldOfPath(path) === name)?.message ?? null;
}
