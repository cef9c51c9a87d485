import { Suspense, useState, type ReactElement } from 'react';
import { ActionIcon, Menu } from '@mantine/core';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import type { Role } from '#contract/wire/rest.ts';
import { FreshnessNote, useFreshness } from '#dashboard/web/live/freshness-note.tsx';
import { LiveProvider } from '#dashboard/web/live/live-context.tsx';
import { GateAlert } from '#dashboard/web/gates/gate-alert.tsx';
import { OutboxProvider } from '#dashboard/web/offline/outbox-context.tsx';
import {
  DevicesIcon,
  FindIcon,
  ListIcon,
  MapIcon,
  SpaceIcon,
  TagIcon,
  UserIcon,
  WandIcon,
} from '#dashboard/web/ui/icons.tsx';
import { PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { SearchBox } from '#dashboard/web/ui/search-box.tsx';
import { Toasts } from '#dashboard/web/ui/toasts.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { KeyboardHelp } from './keyboard-help.tsx';
import { LanguageSwitch, SchemeSwitch } from './preferences.tsx';
import { SessionGate, useSession } from './session.tsx';
import { useKeyboard } from './use-keyboard.ts';

const SCREENS = [
  { to: '/find', word: 'nav.find', icon: FindIcon },
  { to: '/map', word: 'nav.map', icon: MapIcon },
  { to: '/work-list', word: 'nav.workList', icon: ListIcon },
  { to: '/space', word: 'nav.space', icon: SpaceIcon },
  { to: '/tags', word: 'nav.tags', icon: TagIcon, roles: ['staff', 'admin'] },
  { to: '/wand', word: 'nav.wand', icon: WandIcon, roles: ['staff', 'admin'] },
  { to: '/devices', word: 'nav.devices', icon: DevicesIcon },
] as const;

/** Nobody is offered a screen that the server would refuse. */
function screensFor(role: Role): readonly (typeof SCREENS)[number][] {
  return SCREENS.filter((screen) => !('roles' in screen) || (screen.roles as readonly Role[]).includes(role));
}

/** Everything behind the sign-in. */
export function Staff(): ReactElement {
  return (
    <SessionGate>
      <LiveProvider>
        <Toasts>
          <OutboxProvider>
            <Shell />
          </OutboxProvider>
        </Toasts>
      </LiveProvider>
    </SessionGate>
  );
}

function Shell(): ReactElement {
  const { t } = useWords();
  const { role } = useSession().session;
  const [isHelpOpen, setHelpOpen] = useState(false);
  const keyboard = useKeyboard(() => {
    setHelpOpen(true);
  });
  const { state } = useFreshness();
  const isStale = state === 'silent' || state === 'stopped';
  return (
    <div className="shell" data-stale={isStale || undefined}>
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <TopBar
        onHelp={() => {
          setHelpOpen(true);
        }}
      />
      <nav className="rail" aria-label={t('nav.label')}>
        {screensFor(role).map(({ to, word, icon: Icon }) => (
          <Link key={to} to={to} className="rail-link" activeProps={{ 'aria-current': 'page' }}>
            <Icon />
            <span>{t(word)}</span>
          </Link>
        ))}
      </nav>
      <main id="main" className="page" tabIndex={-1}>
        {role !== 'facilities' && <GateAlert />}
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
      {isHelpOpen && (
        <KeyboardHelp
          keyboard={keyboard}
          onClose={() => {
            setHelpOpen(false);
          }}
        />
      )}
    </div>
  );
}

function TopBar({ onHelp }: { readonly onHelp: () => void }): ReactElement {
  const { libraryName } = useSession();
  const isFind = useRouterState({ select: (state) => state.location.pathname.startsWith('/find') });
  const navigate = useNavigate();
  return (
    <header className="top">
      <Link to="/find" className="brand">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        <span className="brand-name">{libraryName}</span>
      </Link>
      <div className="top-search">
        {!isFind && (
          <SearchBox
            value=""
            onSearch={(q) => {
              if (q !== '') void navigate({ to: '/find', search: { q } });
            }}
          />
        )}
      </div>
      <FreshnessNote />
      <div className="top-tools">
        <LanguageSwitch />
        <SchemeSwitch />
        <UserMenu onHelp={onHelp} />
      </div>
    </header>
  );
}

function UserMenu({ onHelp }: { readonly onHelp: () => void }): ReactElement {
  const { t } = useWords();
  const { session, library, signOut } = useSession();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" width={240} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon aria-label={t('user.menu', { name: session.name })}>
          <UserIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.name} · {t(`role.${session.role}`)}
        </Menu.Label>
        {session.libraries.length > 1 &&
          session.libraries.map((entry) => (
            <Menu.RadioItem
              key={entry.key}
              value={entry.key}
              checked={entry.key === library}
              closeMenuOnClick
              onChange={(key) => void navigate({ to: '/find', search: { library: key } })}
            >
              {entry.name}
            </Menu.RadioItem>
          ))}
        <Menu.Item onClick={onHelp}>{t('keys.title')}</Menu.Item>
        <Menu.Item onClick={() => void signOut()}>{t('user.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
