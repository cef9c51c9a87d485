/** The one place that knows how the server is asked for the work list and told what was done. */
import type { WorkReason } from '#contract/domain/work-entry.ts';
import type { WorkLine, WorkLines } from '#contract/wire/rest-work-list.ts';
import type { Session, WorkList } from '#contract/wire/rest.ts';
import { getJson, sendJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import type { Waiting } from '#dashboard/web/offline/outbox.ts';
import type { TickOff } from '#dashboard/web/offline/tick-offs.ts';
import type { Filter } from './filters.ts';

export async function fetchLines(library: string, { floor, kinds }: Filter, signal: AbortSignal): Promise<WorkLines> {
  const list = await getJson<WorkList>(paths.workList(library, floor), signal);
  const rows = kinds.length === 0 || kinds.includes('misshelved') ? list.rows.map(toLine) : [];
  const lines = list.rows.filter(({ tickedOffAt }) => tickedOffAt === null).length;
  return {
    rows,
    next: null,
    walkMetres: rows.length === 0 ? 0 : list.walkMetres,
    counts: lines === 0 ? [] : [{ kind: 'misshelved', lines }],
    asOf: null,
  };
}

export async function sendTickOff(library: string, { body }: Waiting<TickOff>, session: Session): Promise<void> {
  const { subject, place } = body.line;
  await sendJson(paths.tickOff(library), {
    method: 'POST',
    csrfToken: session.csrfToken,
    body: { item: subject, place },
  });
}

const OUTSIDE_HOME: WorkReason = {
  rule: 'outside-home',
  ilsStatus: null,
  dueAt: null,
  pickupPlace: null,
  expiresAt: null,
  lastSeenAt: null,
  lastPlace: null,
  hoursListened: null,
  rounds: null,
  roundsWanted: null,
  tag: null,
  security: null,
  ownerIsil: null,
  items: [],
  tags: [],
  shelves: null,
};

function toLine(entry: WorkList['rows'][number], index: number): WorkLine {
  const { item, place, home, since, tickedOffAt } = entry;
  return {
    kind: 'misshelved',
    subject: item.barcode,
    item,
    ils: null,
    place,
    home,
    since,
    confidence: item.where.confidence,
    reason: OUTSIDE_HOME,
    tickedOffAt,
    outcome: tickedOffAt === null ? null : 'done',
    walkRank: index,
  };
}
