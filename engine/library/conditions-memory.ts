/** What of a library's conditions must survive a restart, as rows. */
import type { ConditionSettings } from '#contract/domain/condition-settings.ts';
import type { WorkEntryRow } from '#contract/domain/work-entry.ts';
import type { AbsenceMemory } from '#engine/conditions/absence.ts';
import type { Conditions, LibraryProfile } from '#engine/conditions/conditions.ts';
import type { IlsWord } from '#engine/conditions/ils-side.ts';
import type { Taken } from '#engine/conditions/in-house.ts';
import type { TagMark } from '#engine/conditions/tag-marks.ts';
import type { EngineChange, MemoryRow } from '#engine/engine-rows.ts';
import { NOWHERE } from '#engine/location/tag-table.ts';
import type { Library } from './library.ts';

type ConditionsChange = Pick<EngineChange, 'work' | 'ils' | 'uses' | 'memory'>;

/** Gathers what changed since the last call. */
export function takeConditionsChange(library: Library): ConditionsChange {
  const { conditions, key } = library;
  const { absences, ils, uses, listening, book } = conditions;
  const memory: MemoryRow[] = [];
  const remember = (kind: string, name: string, body: unknown): void => {
    memory.push({ slice: `${kind} ${key}`, key: name, body: body === undefined ? null : JSON.stringify(body) });
  };
  const work = book.takeChanges();
  for (const { kind, subject, row } of work) remember('work', `${kind} ${subject}`, row ?? undefined);
  const ilsRows = [...ils.touched].map((item) => {
    const word = ils.of(item);
    remember('ils', item, word);
    const { status, atMs, dueAt, pickupPlace, expiresAt } = word;
    return { library: key, item, status, atMs, dueAt, pickupPlace, expiresAt };
  });
  for (const id of listening.touched) memory.push({ slice: `listening ${key}`, key: id, body: listening.remember(id) });
  for (const item of absences.touched) remember('absence', item, absences.memories.get(item));
  for (const shelf of absences.touchedSwept) remember('swept', shelf, absences.swept.get(shelf));
  for (const item of absences.touchedKnown) remember('known', item.barcode, item.knownMs);
  for (const item of uses.touched) remember('taken', item, uses.taken.get(item));
  for (const tag of conditions.touchedMarks) remember('mark', library.tags.keys[tag] ?? '', conditions.marks[tag]);
  for (const item of conditions.touchedDue) remember('due', item, conditions.due.get(item));
  if (conditions.touched.settings) remember('conditions', 'settings', conditions.settings);
  if (conditions.touched.profile) remember('conditions', 'profile', conditions.profile);
  remember('conditions', 'times', timesOf(conditions));
  forgetTouched(conditions);
  return { work, ils: ilsRows, uses: uses.takeCounts(), memory };
}

interface Times {
  readonly nowMs: number;
  readonly holdUntilMs: number;
  readonly firstKnownMs: number;
}

function timesOf({ nowMs, holdUntilMs, absences }: Conditions): Times {
  return { nowMs, holdUntilMs, firstKnownMs: absences.firstKnownMs };
}

function forgetTouched(conditions: Conditions): void {
  const { absences, ils, uses, listening } = conditions;
  const sets = [ils.touched, listening.touched, absences.touched, absences.touchedSwept, absences.touchedKnown];
  for (const set of [...sets, uses.touched, conditions.touchedMarks, conditions.touchedDue]) set.clear();
  Object.assign(conditions.touched, { settings: false, profile: false });
}

/** Puts everything back; tags and items are there already. */
export function recallConditions(
  library: Library,
  bodies: (kind: string) => readonly (readonly [string, string])[],
): void {
  const { conditions, tags } = library;
  const { absences, ils, uses, listening, book } = conditions;
  const rows = <T>(kind: string): [string, T][] => bodies(kind).map(([name, body]) => [name, JSON.parse(body) as T]);
  for (const [name, value] of rows<unknown>('conditions')) {
    if (name === 'settings') conditions.settings = value as ConditionSettings;
    else if (name === 'profile') conditions.profile = value as LibraryProfile;
    else recallTimes(conditions, value as Times);
  }
  for (const [, row] of rows<WorkEntryRow>('work')) book.recall(row);
  for (const [item, word] of rows<IlsWord>('ils')) ils.recall(item, word);
  for (const [id, body] of bodies('listening')) listening.recall(id, body);
  for (const [item, memory] of rows<AbsenceMemory>('absence')) absences.memories.set(item, memory);
  for (const [shelf, atMs] of rows<number>('swept')) absences.swept.set(shelf, atMs);
  for (const item of library.holdings.all()) item.knownMs = absences.firstKnownMs;
  for (const [barcode, knownMs] of rows<number>('known')) {
    const item = library.holdings.find(barcode);
    if (item !== undefined) item.knownMs = knownMs;
  }
  for (const [item, taken] of rows<Taken>('taken')) uses.taken.set(item, taken);
  for (const [tagKey, mark] of rows<TagMark>('mark')) conditions.marks[tags.numberOf(tagKey)] = mark;
  for (const [item, dueMs] of rows<number>('due')) conditions.due.set(item, dueMs);
  for (let tag = 0; tag < tags.size; tag += 1) {
    const home = tags.home[tag] ?? NOWHERE;
    if (home !== NOWHERE && tags.conditionOf(tag) === 'present') listening.stand(library.readPointId(home), 1);
  }
  conditions.rearm();
}

function recallTimes(conditions: Conditions, { nowMs, holdUntilMs, firstKnownMs }: Times): void {
  conditions.nowMs = nowMs;
  conditions.holdUntilMs = holdUntilMs;
  conditions.absences.firstKnownMs = firstKnownMs;
}
