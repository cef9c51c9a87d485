/**
 * The conditions of a library's items beside their place: what is searched, missing, foreign, waiting, or at odds with the ILS.
 * Events bring an item up for judgement at once; time alone does so by an agenda, and each item comes round once an hour.
 */
import { DEFAULT_CONDITION_SETTINGS, type ConditionSettings } from '#contract/domain/condition-settings.ts';
import { ownerCheck } from '#contract/domain/owner-isil.ts';
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import type { WorkKind, WorkOutcome } from '#contract/domain/work-entry.ts';
import type { Input } from '#contract/wire/input.ts';
import type { ScanObservation, TagObservation } from '#contract/wire/observation.ts';
import { Agenda } from '#engine/agenda.ts';
import { type ItemRecord, rounded } from '#engine/library/item-record.ts';
import { Absences } from './absences.ts';
import type { ConditionsPort } from './conditions-port.ts';
import { IlsSide } from './ils-side.ts';
import { HF, Listening, UHF } from './listening.ts';
import { Round } from './round.ts';
import { isSameMark, lookAtTag, NO_MARK, type TagMark } from './tag-marks.ts';
import { judgeSecurity, TAG_KINDS, tagTrouble } from './tag-trouble.ts';
import { Uses } from './uses.ts';
import { judgeWaiting, WAITING_KINDS } from './waiting.ts';
import { WorkBook } from './work-book.ts';

export interface LibraryProfile {
  readonly isils: readonly string[];
  readonly tagProfile: TagProfile | undefined;
}

interface CatalogueView {
  readonly all: Iterable<ItemRecord>;
  /** Tags that it gives to several copies. */
  readonly shared: ReadonlyMap<string, readonly string[]>;
  readonly taggedItems: number;
}

/** Without ticks for so long, what gateways kept back must come in before silence means anything. */
const GAP_MS = 600_000;
const CATCH_UP_MS = 1_800_000;

export class Conditions {
  readonly book: WorkBook;
  readonly ils = new IlsSide();
  readonly listening = new Listening();
  readonly absences: Absences;
  readonly uses: Uses;
  readonly round = new Round<ItemRecord>((item) => item.barcode);
  readonly marks: (TagMark | undefined)[] = [];
  readonly touchedMarks = new Set<number>();
  /** When each waiting item is to be looked at again. */
  readonly due = new Map<string, number>();
  readonly touchedDue = new Set<string>();
  readonly touched = { settings: false, profile: false };
  settings: ConditionSettings = DEFAULT_CONDITION_SETTINGS;
  profile: LibraryProfile = { isils: [], tagProfile: undefined };
  nowMs = 0;
  /** Until then nothing is concluded from silence. */
  holdUntilMs = 0;
  readonly #port: ConditionsPort;
  readonly #agenda = new Agenda<string>();
  #isOwn: ((isil: string) => boolean) | undefined;
  #shared: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(library: string, port: ConditionsPort) {
    this.#port = port;
    this.book = new WorkBook(library, (finding) => {
      port.find(finding);
    });
    this.uses = new Uses(library, port);
    this.absences = new Absences(this, port);
  }

  /** The rules in force; a change of them brings every item up within the hour. */
  setSettings(settings: ConditionSettings): void {
    this.settings = settings;
    this.touched.settings = true;
  }

  setProfile(profile: LibraryProfile): void {
    this.profile = profile;
    this.#isOwn = ownerCheck(profile.isils);
    this.touched.profile = true;
    for (const [tag, mark] of this.marks.entries()) if (mark !== undefined) this.#judgeTag(tag);
  }

  /** Whether the owner on a tag is known to be another library. */
  isForeign(isil: string | null | undefined): boolean {
    return isil != null && this.#isOwn !== undefined && !this.#isOwn(isil);
  }

  takeIls({ items }: Extract<Input, { kind: 'ils' }>, times: (text: string) => number): void {
    for (const status of items) {
      if (!this.ils.take(status, times(status.at))) continue;
      const item = this.#port.item(status.barcode);
      if (item !== undefined) this.judge(item);
    }
  }

  /** False when there is no such line, or it was ticked off before. */
  /** A loan or return came to no end at the branch. The line stays until somebody has looked. */
  takeLendingTask({ id, item, code, station }: Extract<Input, { kind: 'lending-task' }>, atMs: number): void {
    const copy = this.#port.item(item);
    const reason = { rule: code, station, items: [item] };
    this.raise(
      { kind: 'lending', subject: id, item: copy?.barcode ?? null, place: null, confidence: null, reason },
      atMs,
    );
  }

  tickOff(kind: WorkKind, subject: string, done: { readonly atMs: number; readonly outcome: WorkOutcome }): boolean {
    if (!this.book.tickOff(kind, subject, done)) return false;
    // Each is a transaction of its own and never comes back.
    if (kind === 'lending') this.book.clear(kind, subject, done.atMs);
    const item = this.#port.item(subject);
    if (item === undefined) return true;
    this.absences.answer(item, kind, done);
    this.judge(item);
    return true;
  }

  /** A tag was heard (or lost). */
  heard(tag: number, observation: TagObservation): void {
    if (observation.cyclesSeen > 0)
      this.listening.hear(observation.readPoint, observation.id.uid === undefined ? UHF : HF);
    const known = this.marks[tag] ?? NO_MARK;
    const mark = lookAtTag(known, observation, this.profile.tagProfile);
    if (!isSameMark(known, mark)) {
      this.marks[tag] = mark;
      this.touchedMarks.add(tag);
      this.#judgeTag(tag);
    } else if (mark.owner !== null && this.isForeign(mark.owner)) this.#judgeTag(tag);
    const item = this.#port.itemOfTag(tag);
    if (item !== undefined && observation.cyclesSeen > 0 && this.absences.isOpen(item)) this.judge(item);
  }

  /** An antenna's own account of a window. */
  scanned(scan: ScanObservation, { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): void {
    if (scan.state !== 'live') return;
    this.listening.listen(scan.readPoint, { fromMs, toMs, cycles: scan.cycles, tags: scan.tags }, this.settings);
  }

  /** The item is somewhere else, or nowhere. */
  relocated(
    item: ItemRecord,
    move: { readonly from: string | null; readonly atMs: number; readonly heardShare: number },
  ): void {
    this.uses.follow(item, move, { ils: this.ils.of(item.barcode), settings: this.settings });
    this.judge(item);
  }

  /** A tag that belongs to no copy of ours came or went. */
  tagMoved(tag: number): void {
    if (this.marks[tag] !== undefined) this.#judgeTag(tag);
  }

  /** The copies of a tag changed. */
  tagBound(tag: number): void {
    this.#judgeTag(tag);
  }

  /** The catalogue as it is now; nothing is concluded yet. */
  useCatalogue({ all, shared, taggedItems }: CatalogueView): void {
    this.round.set(all);
    this.#shared = shared;
    this.absences.taggedItems = taggedItems;
  }

  /** A version of the catalogue came: what is new is known from now on, what is gone has no lines any more. */
  catalogueCame(all: Iterable<ItemRecord>, gone: readonly ItemRecord[], atMs: number): void {
    for (const item of all) this.absences.noteKnown(item, atMs);
    for (const { barcode } of gone) this.#forget(barcode);
    this.#judgeShared([...this.#shared.keys()]);
  }

  /** One copy changed, or came. */
  rowCame(item: ItemRecord, { shared, taggedItems }: Omit<CatalogueView, 'all'>, atMs: number): void {
    const keys = [...this.#shared.keys(), ...shared.keys()];
    this.#shared = shared;
    this.absences.taggedItems = taggedItems;
    this.round.add(item);
    this.absences.noteKnown(item, atMs);
    this.#judgeShared(keys);
    this.judge(item);
  }

  tick(nowMs: number): void {
    const beforeMs = this.nowMs;
    this.nowMs = Math.max(beforeMs, nowMs);
    if (beforeMs !== 0 && this.nowMs - beforeMs > GAP_MS) this.holdUntilMs = this.nowMs + CATCH_UP_MS;
    const due = [...this.#agenda.takeDue(this.nowMs)].sort();
    for (const barcode of due) {
      const dueMs = this.due.get(barcode);
      if (dueMs === undefined || dueMs > this.nowMs) continue;
      this.due.delete(barcode);
      this.touchedDue.add(barcode);
      const item = this.#port.item(barcode);
      if (item !== undefined) this.judge(item);
    }
    if (beforeMs === 0) return;
    for (const item of this.round.between(beforeMs, this.nowMs)) this.judge(item);
  }

  /** After a restart. */
  rearm(): void {
    this.#isOwn = ownerCheck(this.profile.isils);
    for (const [barcode, dueMs] of this.due) this.#agenda.add(dueMs, barcode);
  }

  #forget(barcode: string): void {
    for (const kind of [...this.book.kindsOf(barcode)]) this.book.clear(kind, barcode, this.nowMs);
    this.absences.forget(barcode);
    this.uses.forget(barcode);
    if (this.due.delete(barcode)) this.touchedDue.add(barcode);
  }

  /** Lines about tags that the catalogue itself has twice, whether they were ever heard or not. */
  #judgeShared(keys: readonly string[]): void {
    const known = [...this.book.all()].filter(
      ({ kind, reason }) => kind === 'tag-conflict' && reason.rule === 'two-items-one-tag',
    );
    for (const key of [...new Set([...keys, ...known.map(({ subject }) => subject)])].sort()) {
      const items = this.#shared.get(key);
      const tag = this.#port.findTag(key);
      if (tag !== undefined) this.#judgeTag(tag);
      else if (items === undefined) this.book.clear('tag-conflict', key, this.nowMs);
      else {
        const reason = { rule: 'two-items-one-tag' as const, items: items.slice(0, 40), tag: key };
        const line = {
          kind: 'tag-conflict' as const,
          subject: key,
          item: items[0] ?? null,
          place: null,
          confidence: null,
        };
        this.raise({ ...line, reason }, this.nowMs);
      }
    }
  }

  /** Everything about one item, from what is so now. */
  judge(item: ItemRecord): void {
    this.#judgeWaiting(item);
    for (const tag of item.tags) if (this.marks[tag] !== undefined) this.#judgeSecurity(tag, item);
    this.absences.judge(item);
  }

  /** Puts a line up that holds as long as it is so; `atMs` is when it began. */
  raise(line: Parameters<WorkBook['raise']>[0], atMs: number): void {
    const reopenMs = this.settings.tickedOffMinutes * 60_000;
    const againMs = this.book.raise(line, { atMs: Math.max(atMs, 0), nowMs: this.nowMs, reopenMs });
    if (againMs !== undefined && line.item !== null) this.lookAgain(line.item, againMs);
  }

  lookAgain(barcode: string, atMs: number): void {
    const known = this.due.get(barcode);
    if (known !== undefined && known <= atMs && known > this.nowMs) return;
    this.due.set(barcode, atMs);
    this.touchedDue.add(barcode);
    this.#agenda.add(atMs, barcode);
  }

  #judgeWaiting(item: ItemRecord): void {
    const { place, barcode } = item;
    const verdict =
      place === null
        ? undefined
        : judgeWaiting(
            {
              nowMs: this.nowMs,
              place,
              placeKind: this.#port.place(place)?.kind,
              sinceMs: item.sinceMs,
              lastSeenMs: item.lastSeenMs,
              ils: this.ils.of(barcode),
              hasHome: item.home.length > 0,
            },
            this.settings,
          );
    const line = verdict?.line;
    const kinds = this.book.kindsOf(barcode);
    if (kinds.size > 0)
      for (const kind of WAITING_KINDS) if (kind !== line?.kind) this.book.clear(kind, barcode, this.nowMs);
    if (line !== undefined) {
      this.raise({ ...line, subject: barcode, item: barcode, place, confidence: rounded(item.confidence) }, this.nowMs);
    }
    if (verdict?.againMs !== undefined) this.lookAgain(barcode, verdict.againMs);
  }

  #judgeSecurity(tag: number, item: ItemRecord): void {
    const subject = this.#port.tagKey(tag);
    const word = this.ils.of(item.barcode);
    const kind = item.place === null ? undefined : this.#port.place(item.place)?.kind;
    const settleMs = this.settings.settleMinutes * 60_000;
    const { security } = this.marks[tag] ?? NO_MARK;
    const rule = judgeSecurity(security, word.status, kind === 'shelf');
    const dueMs = word.sinceMs + settleMs;
    if (rule === undefined) this.book.clear('security-mismatch', subject, this.nowMs);
    else if (this.nowMs < dueMs) this.lookAgain(item.barcode, dueMs);
    else if (item.lastSeenMs > word.sinceMs) {
      const reason = {
        rule,
        ilsStatus: word.status,
        tag: subject,
        security: security === 'secured' ? security : ('unsecured' as const),
      };
      const place = this.#port.tagPlace(tag) ?? item.place;
      this.raise(
        { kind: 'security-mismatch', subject, item: item.barcode, place, confidence: null, reason },
        this.nowMs,
      );
    }
  }

  /** Foreign and in conflict: questions to the tag itself. */
  #judgeTag(tag: number): void {
    const subject = this.#port.tagKey(tag);
    const item = this.#port.itemOfTag(tag);
    const found = tagTrouble(tag, this.marks[tag] ?? NO_MARK, {
      item,
      shared: this.#shared.get(subject),
      place: this.#port.tagPlace(tag) ?? item?.place ?? null,
      isForeign: (isil) => this.isForeign(isil),
      find: (barcode) => this.#port.item(barcode),
      mark: (other) => this.marks[other] ?? NO_MARK,
      tagKey: (other) => this.#port.tagKey(other),
      isShown: (other) => this.#port.tagPlace(other) !== null,
    });
    for (const kind of TAG_KINDS) {
      const line = found.find((candidate) => candidate.kind === kind);
      if (line === undefined) this.book.clear(kind, subject, this.nowMs);
      else this.raise({ ...line, subject, confidence: null }, this.nowMs);
    }
    if (item !== undefined) this.#judgeSecurity(tag, item);
  }
}
