/**
 * One library: its plan and catalogue, its tags and items, its antennas and zones. Entries go in, findings and touched
 * rows are gathered until they are taken. Nothing here knows the time but from the entries.
 */
import type { HomeShift } from '#contract/domain/home-shift.ts';
import { tagKeyOf, type Item } from '#contract/domain/item.ts';
import { indexPlan, type PlanIndex } from '#contract/domain/plan-index.ts';
import type { Plan } from '#contract/domain/plan.ts';
import { DEFAULT_SHELVING, type ShelvingSettings } from '#contract/domain/shelving-settings.ts';
import type { Input } from '#contract/wire/input.ts';
import type { ScanObservation, TagObservation } from '#contract/wire/observation.ts';
import { Agenda } from '#engine/agenda.ts';
import { Conditions } from '#engine/conditions/conditions.ts';
import type { EngineDeps, Finding } from '#engine/engine-rows.ts';
import { departAfterMs, departWhenDue, forgetSilent, locateTag, type LocateContext } from '#engine/location/locate.ts';
import { LOCATION_RULES, type LocationRules } from '#engine/location/location-rules.ts';
import { HomeShifts } from '#engine/home-shift/home-shifts.ts';
import { Calibration } from '#engine/location/calibration.ts';
import { heardShare, sampleOf } from '#engine/location/power.ts';
import type { LocationChange } from '#engine/location/settle.ts';
import { relateReadPoints, type ReadPointTable } from '#engine/location/relations.ts';
import { NEVER, NOWHERE, TagTable } from '#engine/location/tag-table.ts';
import { ReadPoints, type ReadPointNews } from '#engine/read-points/read-points.ts';
import { lineDueMs, SHELVING_RULES, stepShelving, tickOff, type ShelvingRules } from '#engine/shelving/shelving.ts';
import { ZoneLedger } from '#engine/space/zone-ledger.ts';
import { Sweeps } from '#engine/sweeps/sweeps.ts';
import { Gates } from '#engine/gates/gates.ts';
import { Holdings } from './holdings.ts';
import { newItem, type ItemRecord } from './item-record.ts';
import type { Names, TagLabels } from './tag-memory.ts';

/** A still tag reports every 300 s; whoever says nothing for this long under a live antenna was forgotten by its gateway. */
const SILENT_MS_MAX = 700_000;
const SWEEP_MS = 300_000;
const SCAN_FRESH_MS = 95_000;
/** The antennas that heard an item need a while to lose it. */
const PLACED_MS = 120_000;
/** Antennas are weighed against each other every second at first, when there is everything to learn, then once a minute. */
const CALIBRATE_OFTEN_TICKS = 120;
const CALIBRATE_TICKS = 60;

export interface EngineRules {
  readonly location: LocationRules;
  readonly shelving: ShelvingRules;
}

export const ENGINE_RULES: EngineRules = { location: LOCATION_RULES, shelving: SHELVING_RULES };

/** Where an observation stands in the journal: for evidence, and to keep the future out. */
export interface Origin {
  readonly stream: number;
  readonly seq: number;
  readonly index: number;
  readonly shiftMs: number;
  readonly receivedAtMs: number;
}

/** What must be written again; keys of the maps. */
export interface Touched {
  readonly tags: Set<number>;
  readonly items: Set<ItemRecord>;
  readonly removedItems: Set<ItemRecord>;
  readonly zones: Set<string>;
  readonly lines: Set<string>;
  readonly readPoints: Set<string>;
  /** Numbers of read points. */
  readonly calibrations: Set<number>;
  readonly references: Set<string>;
}

export class Library implements Names {
  readonly key: string;
  readonly tags = new TagTable();
  readonly labels: TagLabels[] = [];
  readonly holdings = new Holdings();
  readonly readPoints = new ReadPoints();
  readonly ledger = new ZoneLedger();
  readonly sweeps = new Sweeps();
  readonly conditions: Conditions;
  readonly homeShifts: HomeShifts;
  readonly gates: Gates;
  readonly calibration = new Calibration();
  /** Where reference tags stand: place by tag key. */
  readonly references = new Map<string, string>();
  readonly touched: Touched = {
    tags: new Set(),
    items: new Set(),
    removedItems: new Set(),
    zones: new Set(),
    lines: new Set(),
    readPoints: new Set(),
    calibrations: new Set(),
    references: new Set(),
  };
  index: PlanIndex | undefined;
  shelving: ShelvingSettings = DEFAULT_SHELVING;
  catalogueVersion = 0;
  factCount = 0;
  nowMs = 0;
  #findings: Finding[] = [];
  readonly #rules: EngineRules;
  readonly #deps: EngineDeps;
  readonly #itemOf: (ItemRecord | undefined)[] = [];
  readonly #readPointIds: string[] = [];
  readonly #readPointNumbers = new Map<string, number>();
  #readPointTable: ReadPointTable = new Map();
  readonly #dueTags = new Agenda<number>();
  readonly #dueItems = new Agenda<ItemRecord>();
  readonly #context: LocateContext;
  readonly #eventName: (stream: number, seq: number, index: number) => string;

  constructor(
    key: string,
    {
      deps,
      rules,
      eventName,
    }: {
      readonly deps: EngineDeps;
      readonly rules: EngineRules;
      readonly eventName: (stream: number, seq: number, index: number) => string;
    },
  ) {
    this.key = key;
    this.#deps = deps;
    this.#rules = rules;
    this.#eventName = eventName;
    this.conditions = new Conditions(key, {
      find: (finding) => {
        this.#find(finding);
      },
      item: (barcode) => this.holdings.find(barcode),
      place: (id) => this.index?.place(id),
      readPointsAt: (place) => this.index?.readPointsAt(place) ?? [],
      tagKey: (tag) => this.tags.keys[tag] ?? '',
      tagPlace: (tag) =>
        this.tags.conditionOf(tag) === 'present' ? this.#placeOf(this.tags.home[tag] ?? NOWHERE) : null,
      itemOfTag: (tag) => this.#itemOf[tag],
      findTag: (tagKey) => this.tags.find(tagKey),
    });
    this.gates = new Gates({
      find: (finding) => {
        this.#find(finding);
      },
      itemOf: (tagKey) => {
        const tag = this.tags.find(tagKey);
        return (
          (tag === undefined ? undefined : this.#itemOf[tag]?.barcode) ??
          this.holdings.ofTag([tagKey], undefined)?.barcode
        );
      },
      ilsOf: (item) => this.conditions.ils.of(item),
    });
    this.homeShifts = new HomeShifts(key, this.conditions.book);
    this.#context = {
      rules: rules.location,
      readPoints: this.#readPointTable,
      isLive: (readPoint) => this.readPoints.isLive(this.readPointId(readPoint)),
      isHome: (tag, readPoint) => this.#isHome(this.#itemOf[tag], readPoint),
      hasHome: (tag) => (this.#itemOf[tag]?.home.length ?? 0) > 0,
      knownAt: (tag) => this.references.get(this.tags.keys[tag] ?? ''),
      offsetDb: (readPoint) => this.calibration.offsetDb(readPoint),
    };
  }

  readPointId(number: number): string {
    return this.#readPointIds[number] ?? '';
  }

  readPointNumber(id: string): number {
    const known = this.#readPointNumbers.get(id);
    if (known !== undefined) return known;
    this.#readPointIds.push(id);
    this.#readPointNumbers.set(id, this.#readPointIds.length - 1);
    return this.#readPointIds.length - 1;
  }

  takeFindings(): Finding[] {
    const findings = this.#findings;
    this.#findings = [];
    return findings;
  }

  setPlan(plan: Plan, atMs: number): void {
    this.#usePlan(plan);
    this.#reloadCatalogue(atMs);
    // Places may have been renamed or merged under the items: all of them are judged again, in the order of their keys.
    this.#deriveAll(atMs);
    this.#lookForShifts();
  }

  /** Ranges and call numbers are read in another way: every home is found anew. */
  setShelving(settings: ShelvingSettings, atMs: number): void {
    this.shelving = settings;
    if (this.index !== undefined) this.setPlan(this.index.plan, atMs);
  }

  setCatalogue(version: number, atMs: number): void {
    this.catalogueVersion = version;
    const gone = this.#reloadCatalogue(atMs);
    this.#deriveAll(atMs);
    this.conditions.catalogueCame(this.holdings.all(), gone, atMs);
    // A copy that was never heard has no row: the catalogue says all there is to say about it.
    for (const item of this.holdings.all()) if (item.condition !== 'unseen') this.touched.items.add(item);
  }

  /** One copy changed: without reading two million rows again for a tag that was put on a book. */
  setCatalogueRow(version: number, item: Item, atMs: number): void {
    this.catalogueVersion = version;
    const record = this.holdings.put(item, this.index);
    const keys = new Set(item.tags);
    for (const [tag, labels] of this.labels.entries()) {
      const isConcerned =
        this.#itemOf[tag] === record ||
        labels.barcode === item.barcode ||
        (keys.size > 0 && labels.keys.some((key) => keys.has(key)));
      if (isConcerned) this.#bind(tag);
    }
    this.#derive(record, undefined, atMs);
    this.conditions.rowCame(record, this.holdings, atMs);
    if (record.condition !== 'unseen') this.touched.items.add(record);
  }

  /** After a restart: the same plan and catalogue again, without any finding. */
  restore(plan: Plan | undefined): void {
    if (plan !== undefined) this.#usePlan(plan);
    this.#reloadCatalogue();
  }

  /** After a restart, once every tag and item is back. */
  rearm(): void {
    for (let tag = 0; tag < this.tags.size; tag += 1) this.#scheduleDeparture(tag);
    for (const item of this.holdings.all()) {
      if (item.wrongSinceMs === 0 || item.misshelved) continue;
      const dueMs = lineDueMs(item, this.#rules.shelving);
      if (dueMs > this.nowMs) this.#dueItems.add(dueMs, item);
    }
  }

  /** Makes a tag known by its labels, and binds it to its copy. */
  knowTag(key: string, labels: TagLabels): number {
    const tag = this.tags.numberOf(key);
    const known = this.labels[tag];
    const barcode = labels.barcode ?? known?.barcode;
    if (known !== undefined && known.barcode === barcode && known.keys.length >= labels.keys.length) return tag;
    this.labels[tag] = { keys: labels.keys, barcode };
    this.#bind(tag);
    return tag;
  }

  takeTag(observation: TagObservation, origin: Origin): void {
    const key = tagKeyOf(observation.id);
    if (key === undefined) return;
    // The same number may stand on another library's book: a barcode counts only on a tag of our own.
    const isForeign = this.conditions.isForeign(observation.content?.isil);
    const tag = this.knowTag(key, labelsOf(observation, isForeign));
    const lastMs = eventTime(observation.last, origin);
    const firstMs = Math.min(lastMs, eventTime(observation.first, origin));
    if (observation.position !== undefined || observation.find === true) {
      this.sweeps.takeTag(this.key, observation, { firstMs, lastMs, atMs: beamTime(observation, origin) });
    }
    if (observation.position !== undefined) {
      this.#hearInPassing(tag, observation, lastMs);
      return;
    }
    const reads = observation.rssi?.n ?? 0;
    const change = locateTag(
      this.tags,
      tag,
      {
        readPoint: this.readPointNumber(observation.readPoint),
        isLost: observation.phase === 'lost',
        firstMs,
        lastMs,
        sample: {
          live: Math.max(observation.cyclesLive, observation.cyclesSeen),
          seen: observation.cyclesSeen,
          reads,
          sumDbm: reads * meanDbmOf(observation),
        },
        lastDbm: observation.rssi?.lastDbm,
        event: origin,
      },
      this.#context,
    );
    this.#scheduleDeparture(tag);
    this.#hearPlaced(tag, observation, lastMs);
    this.#settleTag(tag, change);
    this.conditions.heard(tag, observation);
  }

  /** A wand is everywhere and nowhere: what it hears was seen, and says nothing about the antennas' places. */
  #hearInPassing(tag: number, observation: TagObservation, lastMs: number): void {
    this.touched.tags.add(tag);
    const item = this.#itemOf[tag];
    if (item !== undefined && lastMs > item.lastSeenMs) {
      item.lastSeenMs = lastMs;
      if (item.condition !== 'unseen') this.touched.items.add(item);
    }
    this.conditions.heard(tag, observation);
  }

  takeScan(scan: ScanObservation, origin: Origin, tick: number): void {
    const report = { id: scan.readPoint, state: scan.state, toMs: eventTime(scan.to, origin), cycles: scan.cycles };
    this.#noteReadPoint(this.readPoints.take(report, tick));
    this.touched.readPoints.add(scan.readPoint);
    this.conditions.scanned(scan, { fromMs: eventTime(scan.from, origin), toMs: report.toMs });
  }

  tickOff(barcode: string, place: string, atMs: number): void {
    const item = this.holdings.find(barcode);
    if (item === undefined || !tickOff(item, atMs)) return;
    this.touched.items.add(item);
    this.#find({
      at: iso(atMs),
      kind: 'item-ticked-off',
      subject: barcode,
      to: place,
      evidence: { rule: 'staff', competitors: [] },
    });
    this.conditions.book.tickOff('misshelved', barcode, { atMs, outcome: 'done' });
    this.#judgeShelving(item, undefined);
  }

  placeItems(barcodes: readonly string[], place: string, atMs: number): void {
    if (this.index?.place(place) === undefined) return;
    for (const barcode of barcodes) {
      const item = this.holdings.find(barcode);
      if (item === undefined || atMs < item.placedMs) continue;
      item.placedAt = place;
      item.placedMs = atMs;
      item.lastSeenMs = Math.max(item.lastSeenMs, atMs);
      this.#derive(item, undefined, atMs);
    }
  }

  /** A line of the work list is done. A misshelved one is ticked off where it stands. */
  tickOffWork({ workKind, subject, outcome }: Extract<Input, { kind: 'work-tick-off' }>, atMs: number): void {
    const item = this.holdings.find(subject);
    if (workKind !== 'misshelved') this.conditions.tickOff(workKind, subject, { atMs, outcome });
    else if (item?.wrongPlace != null) this.tickOff(subject, item.wrongPlace, atMs);
  }

  /** A second has passed. */
  tick(nowMs: number, tick: number): void {
    const before = this.nowMs;
    this.nowMs = Math.max(this.nowMs, nowMs);
    for (const news of this.readPoints.findSilent(tick, this.nowMs)) this.#noteReadPoint(news);
    const isSweepDue = Math.floor(before / SWEEP_MS) !== Math.floor(this.nowMs / SWEEP_MS);
    if (isSweepDue) this.#sweep();
    for (const tag of this.#inKeyOrder(this.#dueTags.takeDue(this.nowMs))) {
      const change = departWhenDue(this.tags, tag, this.nowMs, this.#context);
      if (change !== undefined) this.#settleTag(tag, change);
    }
    const due = [...this.#dueItems.takeDue(this.nowMs)].sort((a, b) => (a.barcode < b.barcode ? -1 : 1));
    const fallingDue = due.filter((item) => this.#fallsDue(item, before)).length;
    if (this.homeShifts.isTimeToLook(fallingDue, this.nowMs) || isSweepDue) this.#lookForShifts();
    for (const item of due) this.#judgeShelving(item, undefined);
    this.sweeps.tick(this.nowMs, {
      library: this.key,
      index: this.index,
      shelving: this.shelving,
      itemOf: ({ tag, barcode }) => this.holdings.ofTag([tag], barcode ?? undefined),
      catalogued: (barcodes) => this.#catalogueRows(barcodes),
      itemsAtHome: (shelf) => this.holdings.atHome(shelf),
    });
    this.conditions.tick(this.nowMs);
    this.gates.tick(this.nowMs);
    this.reportZones();
    if (tick < CALIBRATE_OFTEN_TICKS || tick % CALIBRATE_TICKS === 0) this.#calibrate();
  }

  /** Staff set how loud an antenna is, or leave it to what is learnt. */
  setOffset(readPoint: string, offsetDb: number | null): void {
    const number = this.readPointNumber(readPoint);
    this.calibration.setByHand(number, offsetDb ?? undefined);
    this.touched.calibrations.add(number);
  }

  /** A tag is fixed to a place, or is so no more. */
  setReference(tag: string, place: string | null): void {
    if (place === null) this.references.delete(tag);
    else this.references.set(tag, place);
    this.touched.references.add(tag);
  }

  #calibrate(): void {
    const changed = this.calibration.learn(this.tags, {
      knownAt: (tag) => {
        const place = this.references.get(this.tags.keys[tag] ?? '');
        const slots = place === undefined ? [] : this.tags.evidence.slots(tag);
        const slot = slots.find(
          (candidate) => this.#placeOf(this.tags.evidence.readPoint[candidate] ?? NOWHERE) === place,
        );
        return slot === undefined ? NOWHERE : (this.tags.evidence.readPoint[slot] ?? NOWHERE);
      },
      // Where an item belongs is another reason why one antenna hears more of them.
      isOfUse: (tag) => !this.#context.hasHome(tag) || this.references.has(this.tags.keys[tag] ?? ''),
    });
    for (const readPoint of changed) this.touched.calibrations.add(readPoint);
  }

  #catalogueRows(barcodes: readonly string[]): ReadonlyMap<string, Item> {
    if (this.catalogueVersion === 0 || barcodes.length === 0) return new Map();
    const deps = this.#deps;
    if (deps.catalogueRows !== undefined) return deps.catalogueRows(this.key, this.catalogueVersion, barcodes);
    const wanted = new Set(barcodes);
    const rows = new Map<string, Item>();
    for (const row of deps.catalogue(this.key, this.catalogueVersion))
      if (wanted.has(row.barcode)) rows.set(row.barcode, row);
    return rows;
  }

  reportZones(): void {
    for (const { place, level, atMs } of this.ledger.takeNews(this.nowMs)) {
      this.touched.zones.add(place);
      this.#find({
        at: iso(atMs),
        kind: 'zone-level',
        subject: place,
        level,
        evidence: { rule: 'line-totals', competitors: [] },
      });
    }
  }

  /** Yes: the plan that makes the homes fit follows as the next entry. */
  acceptHomeShift(shift: HomeShift, atMs: number): void {
    this.homeShifts.accept(shift, atMs);
  }

  rejectHomeShift(shift: HomeShift): void {
    this.#judgeHomes(this.homeShifts.reject(shift, this.nowMs));
  }

  #lookForShifts(): void {
    this.#judgeHomes(this.homeShifts.look(this.holdings.all(), this.nowMs));
  }

  /** Everything that belongs to these shelves, in the order of their keys. */
  #judgeHomes(shelves: ReadonlySet<string>): void {
    if (shelves.size === 0) return;
    const items = [...this.holdings.all()].filter(({ home }) => home.some((shelf) => shelves.has(shelf)));
    for (const item of items.sort((a, b) => (a.barcode < b.barcode ? -1 : 1))) this.#judgeShelving(item, undefined);
  }

  /** Whether its line would come since the tick before; a second entry of the agenda does not count again. */
  #fallsDue(item: ItemRecord, beforeMs: number): boolean {
    if (item.wrongSinceMs === 0 || item.misshelved || this.homeShifts.isAsked(item)) return false;
    const dueMs = lineDueMs(item, this.#rules.shelving);
    return dueMs > beforeMs && dueMs <= this.nowMs;
  }

  #usePlan(plan: Plan): void {
    this.index = indexPlan(plan, this.shelving);
    this.homeShifts.usePlan(this.index);
    this.#readPointTable = relateReadPoints(this.index, (id) => this.readPointNumber(id));
    Object.assign(this.#context, { readPoints: this.#readPointTable });
    this.ledger.setPlan(plan);
  }

  /** Without a time (after a restart) nothing is there yet that could go. */
  #reloadCatalogue(atMs?: number): readonly ItemRecord[] {
    if (this.catalogueVersion === 0) return [];
    const gone = this.holdings.load(this.#deps.catalogue(this.key, this.catalogueVersion), this.index);
    for (const item of gone) {
      if (atMs !== undefined && item.place !== null) {
        this.#relocate(item, { place: null, condition: 'departed', change: undefined, atMs });
      }
      this.touched.removedItems.add(Object.assign(newItem(item.barcode, []), { lastSeenMs: item.lastSeenMs }));
    }
    for (let tag = 0; tag < this.tags.size; tag += 1) this.#bind(tag);
    const { shared, taggedItems } = this.holdings;
    this.conditions.useCatalogue({ all: this.holdings.all(), shared, taggedItems });
    return gone;
  }

  #bind(tag: number): void {
    const labels = this.labels[tag];
    if (labels === undefined) return;
    const item = this.holdings.ofTag(labels.keys, labels.barcode);
    const known = this.#itemOf[tag];
    if (item === known) return;
    if (known !== undefined) known.tags = known.tags.filter((other) => other !== tag);
    this.#itemOf[tag] = item;
    // In the order of their keys, so that a restart finds the same first one.
    if (item !== undefined) item.tags = this.#inKeyOrder([...item.tags, tag]);
  }

  #deriveAll(atMs: number): void {
    const items = [...this.holdings.all()].sort((a, b) => (a.barcode < b.barcode ? -1 : 1));
    for (const item of items) this.#derive(item, undefined, atMs);
  }

  #sweep(): void {
    const silence = {
      nowMs: this.nowMs,
      isLive: this.#context.isLive,
      isSilent: (number: number, lastMs: number): boolean => {
        const known = this.readPoints.byId.get(this.readPointId(number));
        if (known?.state !== 'live' || this.nowMs - known.lastHeardMs > SCAN_FRESH_MS) return false;
        return this.nowMs - Math.max(lastMs, known.sinceMs) > SILENT_MS_MAX;
      },
    };
    for (let tag = 0; tag < this.tags.size; tag += 1) {
      if (!forgetSilent(this.tags, tag, silence)) continue;
      this.touched.tags.add(tag);
      this.#scheduleDeparture(tag);
    }
  }

  #scheduleDeparture(tag: number): void {
    const lostMs = this.tags.allLostMs[tag] ?? NEVER;
    if (lostMs !== NEVER && this.tags.conditionOf(tag) === 'present') {
      this.#dueTags.add(lostMs + departAfterMs(this.tags, tag, this.#rules.location), tag);
    }
  }

  #settleTag(tag: number, change: LocationChange | undefined): void {
    this.touched.tags.add(tag);
    if (change !== undefined) this.#countStanding(tag, change);
    const item = this.#itemOf[tag];
    if (item !== undefined) this.#derive(item, change, change?.atMs ?? this.tags.lastMs[tag] ?? 0);
  }

  /** The copy stands where its surest tag stands; parts of a set and second tags rarely disagree for long. */
  #derive(item: ItemRecord, change: LocationChange | undefined, atMs: number): void {
    const { tags } = this;
    let best = NOWHERE;
    let hasDeparted = false;
    for (const tag of item.tags) {
      item.lastSeenMs = Math.max(item.lastSeenMs, tags.lastMs[tag] ?? 0);
      const condition = tags.conditionOf(tag);
      hasDeparted ||= condition === 'departed';
      const isSurer = best === NOWHERE || (tags.confidence[tag] ?? 0) > (tags.confidence[best] ?? 0);
      if (condition === 'present' && isSurer) best = tag;
    }
    const heardAt = best === NOWHERE ? null : this.#placeOf(tags.home[best] ?? NOWHERE);
    const place = item.placedAt ?? heardAt;
    const condition = place !== null ? 'present' : hasDeparted || item.condition !== 'unseen' ? 'departed' : 'unseen';
    item.confidence = item.placedAt !== null ? 1 : best === NOWHERE ? 0 : (tags.confidence[best] ?? 0);
    if (place !== item.place || condition !== item.condition) this.#relocate(item, { place, condition, change, atMs });
    if (item.condition !== 'unseen') this.touched.items.add(item);
    this.#judgeShelving(item, change);
  }

  #relocate(
    item: ItemRecord,
    to: { place: string | null; condition: ItemRecord['condition']; change: LocationChange | undefined; atMs: number },
  ): void {
    const from = item.place;
    if (from !== null) item.lastPlace = from;
    item.place = to.place;
    item.condition = to.condition;
    item.sinceMs = to.atMs;
    const kind = to.place === null ? 'item-departed' : from === null ? 'item-arrived' : 'item-moved';
    this.#find({
      at: iso(to.atMs),
      kind,
      subject: item.barcode,
      from,
      to: to.place,
      confidence: kind === 'item-departed' ? 1 : item.confidence,
      evidence: {
        rule: item.placedAt === null ? (to.change?.rule ?? 'plan-or-catalogue') : 'staff-scan',
        competitors: this.#competitors(to.change),
      },
    });
    this.conditions.relocated(item, { from, atMs: to.atMs, heardShare: this.#shareBefore(to.change) });
  }

  /** In how many cycles the antenna of the place it left used to hear it; 1 when a person says so. */
  #shareBefore(change: LocationChange | undefined): number {
    const slot = change?.candidates.find(({ readPoint }) => readPoint === change.from)?.slot;
    return slot === undefined ? 1 : heardShare(sampleOf(this.tags.evidence, slot));
  }

  #countStanding(tag: number, { from, to }: LocationChange): void {
    if (from !== NOWHERE) this.conditions.listening.stand(this.readPointId(from), -1);
    if (to !== NOWHERE) this.conditions.listening.stand(this.readPointId(to), 1);
    if (this.#itemOf[tag] === undefined) this.conditions.tagMoved(tag);
  }

  /** What staff scanned onto a trolley is there until an antenna hears it again, a while after. */
  #hearPlaced(tag: number, { phase, cyclesSeen }: TagObservation, lastMs: number): void {
    const item = this.#itemOf[tag];
    if (item?.placedAt == null || phase === 'lost' || cyclesSeen === 0) return;
    if (lastMs < item.placedMs + PLACED_MS) return;
    item.placedAt = null;
    item.placedMs = 0;
  }

  #judgeShelving(item: ItemRecord, change: LocationChange | undefined): void {
    const tag = item.tags.find((candidate) => this.#placeOf(this.tags.home[candidate] ?? NOWHERE) === item.place);
    const readPoint = tag === undefined ? NOWHERE : (this.tags.home[tag] ?? NOWHERE);
    const slot = tag === undefined ? NOWHERE : this.tags.evidence.find(tag, readPoint);
    const isKnown = readPoint !== NOWHERE && item.place !== null && item.home.length > 0;
    const wasPlace = item.wrongPlace;
    const { event, againMs } = stepShelving(
      item,
      {
        nowMs: this.nowMs,
        isWrong: isKnown && this.#readPointTable.get(readPoint)?.isShelf === true && !this.#isHome(item, readPoint),
        isAsked: this.homeShifts.isAsked(item),
        cyclesSeen: slot === NOWHERE ? 0 : sampleOf(this.tags.evidence, slot).seen,
        isLive: this.readPoints.isLive(this.readPointId(readPoint)) && this.tags.homeLostMs[tag ?? 0] === NEVER,
      },
      this.#rules.shelving,
    );
    if (againMs !== undefined) this.#dueItems.add(againMs, item);
    if (event === undefined) return;
    this.touched.items.add(item);
    const { barcode, place, confidence } = item;
    if (event.kind === 'item-shelved-right') this.conditions.book.clear('misshelved', barcode, this.nowMs);
    else {
      const line = { kind: 'misshelved', subject: barcode, item: barcode, place, confidence } as const;
      this.conditions.raise({ ...line, reason: { rule: 'outside-home' } }, item.wrongSinceMs);
    }
    this.#find({
      at: iso(this.nowMs),
      kind: event.kind,
      subject: item.barcode,
      from: event.kind === 'item-shelved-right' ? wasPlace : null,
      to: item.place,
      confidence: item.confidence,
      evidence: { rule: event.rule, competitors: this.#competitors(change) },
    });
  }

  #competitors(change: LocationChange | undefined): Finding['evidence']['competitors'] {
    return (change?.candidates ?? []).slice(0, 8).map(({ slot, readPoint, weight }) => {
      const event = this.tags.evidence.event(slot);
      return {
        place: this.#placeOf(readPoint) ?? this.readPointId(readPoint),
        weight: Math.round(weight * 10_000) / 10_000,
        events: event === undefined ? [] : [this.#eventName(event.stream, event.seq, event.index)],
      };
    });
  }

  #placeOf(readPoint: number): string | null {
    return this.#readPointTable.get(readPoint)?.place ?? null;
  }

  /** An antenna over several shelves is at home when one of them is. */
  #isHome(item: ItemRecord | undefined, readPoint: number): boolean {
    if (item === undefined || item.home.length === 0) return false;
    const places = this.#readPointTable.get(readPoint)?.places ?? [];
    return places.some((place) => item.home.includes(place));
  }

  #noteReadPoint(news: ReadPointNews | undefined): void {
    if (news === undefined) return;
    this.touched.readPoints.add(news.id);
    this.#find({
      at: iso(news.atMs),
      kind: 'antenna-state',
      subject: news.id,
      state: news.state,
      evidence: { rule: news.rule, competitors: [] },
    });
  }

  #inKeyOrder(tags: Iterable<number>): number[] {
    const keyOf = (tag: number): string => this.tags.keys[tag] ?? '';
    return [...tags].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  }

  #find(finding: Finding): void {
    this.#findings.push(finding);
  }
}

/** Gateways before the mean in dB gave the mean of the powers only. */
function meanDbmOf({ rssi }: TagObservation): number {
  if (rssi === undefined) return 0;
  return rssi.meanDbm ?? 10 * Math.log10(Math.max(rssi.meanMw, 1e-15));
}

function labelsOf({ id, content }: TagObservation, isForeign: boolean): TagLabels {
  const keys = [
    ...(id.uid === undefined ? [] : [`uid:${id.uid}`]),
    ...(id.epc === undefined ? [] : [`epc:${id.epc}`]),
    ...(id.tid === undefined ? [] : [`tid:${id.tid}`]),
  ];
  return { keys, barcode: isForeign ? undefined : content?.itemId };
}

/** When the beam was over the tag: the edge weighs its reads by power; else the middle of the window. */
function beamTime({ position, first, last }: TagObservation, origin: Origin): number {
  if (position?.at !== undefined) return eventTime(position.at, origin);
  return (eventTime(first, origin) + eventTime(last, origin)) / 2;
}

/** An unset clock must not put an event into the future. */
const FUTURE_MS_MAX = 2000;

export function eventTime(text: string, origin: Pick<Origin, 'shiftMs' | 'receivedAtMs'>): number {
  return Math.min(Date.parse(text) + origin.shiftMs, origin.receivedAtMs + FUTURE_MS_MAX);
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
