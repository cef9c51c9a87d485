/**
 * The simulated library system's truth and levers over HTTP, part of the simulation's truth server:
 *
 *     GET  /truth/ils                       counts, and what was done by message
 *     GET  /truth/ils/loans                 every loan with its due date and renewals
 *     GET  /truth/ils/events?since={unix ms}
 *     POST /ils/{away|back|hang|resume}     hangs up and refuses; takes requests and says nothing
 *     POST /ils/faults?{name}={number}      the settings of `faults.ts`
 */
import { NO_FAULTS, type IlsFaults } from './faults.ts';
import type { RunningIls } from './ils.ts';

/** Undefined: nothing here. */
export function ilsReply(ils: RunningIls, method: string | undefined, url: URL): object | undefined {
  const path = url.pathname;
  if (method === 'GET') return truthOf(ils, path, url);
  if (method !== 'POST' || !path.startsWith('/ils/')) return undefined;
  const action = path.slice('/ils/'.length);
  if (action === 'away' || action === 'back') ils.setAway(action === 'away');
  else if (action === 'hang' || action === 'resume') ils.setHanging(action === 'hang');
  else if (action === 'faults') ils.setFaults(faultsIn(url));
  else return undefined;
  return { action };
}

function truthOf(ils: RunningIls, path: string, url: URL): object | undefined {
  const { loans, events } = ils.books;
  if (path === '/truth/ils/loans') return { loans };
  if (path === '/truth/ils/events') {
    const since = Number(url.searchParams.get('since') ?? 0);
    return { events: events.filter(({ atMs }) => !(atMs < since)) };
  }
  if (path !== '/truth/ils') return undefined;
  return { loans: loans.length, events: events.length, lines: ils.lineCount, done: Object.fromEntries(ils.doneCounts) };
}

function faultsIn(url: URL): Partial<IlsFaults> {
  const given: Partial<Record<keyof IlsFaults, number>> = {};
  for (const name of Object.keys(NO_FAULTS) as (keyof IlsFaults)[]) {
    const value = Number(url.searchParams.get(name) ?? Number.NaN);
    if (Number.isFinite(value) && value >= 0) given[name] = value;
  }
  return given;
}
