import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { openDeviceStore } from '#dashboard/web/offline/device-store.ts';
import { keepQueries } from '#dashboard/web/offline/kept-queries.ts';
import { reloadWhenOutdated, startWorker } from '#dashboard/web/offline/start-worker.ts';
import { startLanguages } from '#dashboard/web/words/i18n.ts';
import { createQueries } from './queries.ts';
import { createStaffRouter } from './router.tsx';
import { SessionMemoryProvider } from './session-memory.tsx';
import { theme } from './theme.ts';
import './mantine.css';
import './tokens.css';
import './shell.css';
import '#dashboard/web/ui/ui.css';

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no #root');
const root = createRoot(element);
const queries = createQueries();
const router = createStaffRouter();
const memory = {
  kept: keepQueries(queries, openDeviceStore('kept'), () => Date.now()),
  marks: openDeviceStore('marks'),
  outbox: openDeviceStore('outbox'),
};

reloadWhenOutdated();
if (import.meta.env.PROD) startWorker(import.meta.url);

startLanguages().then(
  (instance) => {
    root.render(
      <StrictMode>
        <I18nextProvider i18n={instance}>
          {/* The variables come as a file (mantine.css), so that the policy needs no inline styles. */}
          <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
            <QueryClientProvider client={queries}>
              <SessionMemoryProvider value={memory}>
                <RouterProvider router={router} />
              </SessionMemoryProvider>
            </QueryClientProvider>
          </MantineProvider>
        </I18nextProvider>
      </StrictMode>,
    );
  },
  () => {
    // Without a single word file there is no language to say it in.
    root.render(<p className="no-words">Shelfwise does not answer. Load this page again in a minute.</p>);
  },
);
