/**
 * What the events mean: entries of the journal in, facts and rows out. Deterministic over (journal, engine version): no
 * clock, no chance, no I/O; the same entries always lead to the same rows and facts, with restarts anywhere or with none.
 */
import type { JournalEntry } from '#contract/domain/journal-entry.ts';
import type { Fact } from '#contract/domain/fact.ts';
import { envelope, eventId } from '#contract/wire/envelope.ts';
import { input as inputSchema, type Input } from '#contract/wire/input.ts';
import {
  observation as observationSchema,
  OBSERVATION_KINDS,
  type FlowObservation,
  type LevelObservation,
  type Observation,
} from '#contract/wire/observation.ts';
import type { EngineChange, EngineDeps, MemoryRow } from './engine-rows.ts';
import {
  recallLibrary,
  rememberCounters,
  rememberPlan,
  rememberShelving,
  takeLibraryChange,
} from './library/library-memory.ts';
import { ENGINE_RULES, eventTime, Library, type EngineRules, type Origin } from './library/library.ts';
import { decodeDevice } from './space/decode-device.ts';
import { lineKey, type LineFrame } from './space/zone-ledger.ts';

/** Raised with every change of a rule: state of another version is thrown away and reduced again from the journal. */
export const ENGINE_VERSION = '4';

export interface Engine {
  /** Takes one entry in; entries come in journal order, each once. */
  reduce(entry: JournalEntry): void;
  /** Everything since the last call. */
  takeChange(): EngineChange;
  /** Puts an empty engine where another one stood; `rowsOf` gives the remembered rows of one slice. */
  restore(rowsOf: (slice: string) => Iterable<MemoryRow>): void;
  /** What was not understood, by reason. */
  readonly ignored: ReadonlyMap<string, number>;
  /** Tags and items known, for metrics. */
  counts(): { readonly tags: number; readonly libraries: number };
}

export function createEngine(deps: EngineDeps, rules: EngineRules = ENGINE_RULES): Engine {
  return new JournalEngine(deps, rules);
}

class JournalEngine implements Engine {
  readonly ignored = new Map<string, number>();
  readonly #deps: EngineDeps;
  readonly #rules: EngineRules;
  readonly #libraries = new Map<string, Library>();
  readonly #streams: { readonly source: string; readonly epoch: string }[] = [];
  readonly #streamNumbers = new Map<string, number>();
  #tick = 0;
  #facts: Fact[] = [];
  #memory: MemoryRow[] = [];

  constructor(deps: EngineDeps, rules: EngineRules) {
    this.#deps = deps;
    this.#rules = rules;
  }

  reduce(entry: JournalEntry): void {
    if (entry.kind === 'tick') this.#takeTick(entry);
    else if (entry.kind === 'batch') this.#takeBatch(entry);
    else if (entry.kind === 'device') this.#takeDeviceEntry(entry);
    else if (entry.kind === 'input') this.#takeInput(entry, parseJson(entry.body));
    else this.#ignore(entry.kind);
  }

  takeChange(): EngineChange {
    const libraries = [...this.#libraries.values()];
    const parts = libraries.map(takeLibraryChange);
    const memory = [...this.#memory, ...parts.flatMap((part) => part.memory), ...libraries.map(rememberCounters)];
    memory.push({ slice: 'engine', key: 'tick', body: String(this.#tick) });
    const change: EngineChange = {
      facts: this.#facts,
      items: parts.flatMap((part) => part.items),
      zones: parts.flatMap((part) => part.zones),
      readPoints: parts.flatMap((part) => part.readPoints),
      sweeps: parts.flatMap((part) => part.sweeps),
      signals: parts.flatMap((part) => part.signals),
      work: parts.flatMap((part) => part.work),
      ils: parts.flatMap((part) => part.ils),
      uses: parts.flatMap((part) => part.uses),
      homeShifts: parts.flatMap((part) => part.homeShifts),
      memory,
    };
    this.#facts = [];
    this.#memory = [];
    return change;
  }

  restore(rowsOf: (slice: string) => Iterable<MemoryRow>): void {
    for (const { body } of rowsOf('engine')) this.#tick = Number(body);
    const streams = [...rowsOf('stream')].sort((a, b) => Number(a.key) - Number(b.key));
    for (const { body } of streams) {
      const stream = JSON.parse(body ?? 'null') as { source: string; epoch: string };
      this.#streamNumbers.set(JSON.stringify(stream), this.#streams.length);
      this.#streams.push(stream);
    }
    for (const { key } of rowsOf('libraries')) recallLibrary(this.#library(key, false), rowsOf);
  }

  counts(): { readonly tags: number; readonly libraries: number } {
    const tags = [...this.#libraries.values()].reduce((sum, library) => sum + library.tags.size, 0);
    return { tags, libraries: this.#libraries.size };
  }

  #library(key: string, isNew = true): Library {
    const known = this.#libraries.get(key);
    if (known !== undefined) return known;
    const library = new Library(key, {
      deps: this.#deps,
      rules: this.#rules,
      eventName: (stream, seq, index) => {
        const { source, epoch } = this.#streams[stream] ?? { source: '', epoch: '' };
        return eventId(source, epoch, seq, index);
      },
    });
    this.#libraries.set(key, library);
    if (isNew) this.#memory.push({ slice: 'libraries', key, body: '1' });
    return library;
  }

  #takeTick(entry: JournalEntry): void {
    this.#tick += 1;
    for (const library of this.#libraries.values()) {
      library.tick(entry.receivedAtMs, this.#tick);
      this.#number(library, entry);
    }
  }

  #takeBatch(entry: JournalEntry): void {
    const parsed = envelope.safeParse(parseJson(entry.body));
    if (!parsed.success) {
      this.#ignore('batch');
      return;
    }
    const library = this.#library(entry.library);
    const { epoch, seq, observations } = parsed.data;
    const stream = this.#streamNumber(entry.source, epoch);
    observations.forEach((raw, index) => {
      const checked = observationSchema.safeParse(raw);
      const origin = { stream, seq, index, shiftMs: entry.shiftMs, receivedAtMs: entry.receivedAtMs };
      if (checked.success) this.#takeObservation(library, checked.data, { entry, origin });
      else this.#ignore(OBSERVATION_KINDS.has(raw.kind) ? `invalid ${raw.kind}` : 'unknown kind');
    });
    this.#number(library, entry);
  }

  #takeObservation(library: Library, observation: Observation, at: { entry: JournalEntry; origin: Origin }): void {
    const { origin } = at;
    switch (observation.kind) {
      case 'tag':
        library.takeTag(observation, origin);
        return;
      case 'scan':
        library.takeScan(observation, origin, this.#tick);
        return;
      case 'flow':
        takeFlow(library, observation, origin);
        return;
      case 'level':
        takeLevel(library, observation, origin);
        return;
      case 'device':
        this.#takeDevice(library, { device: observation.device, payload: observation.payload }, origin);
        return;
      case 'input':
        this.#takeInput(at.entry, observation.input);
        return;
      // Kept in the journal and the history; no rule asks for them yet.
      case 'environment':
      case 'health':
        return;
      case 'gate':
        library.gates.take(observation, eventTime(observation.at, origin));
        return;
      case 'reply':
        library.sweeps.takeReply(observation.result, eventTime(observation.at, origin));
        return;
    }
  }

  #takeDeviceEntry(entry: JournalEntry): void {
    const body = parseJson(entry.body);
    const library = this.#library(entry.library);
    if (!isDeviceBody(body)) this.#ignore('invalid device');
    else this.#takeDevice(library, body, { shiftMs: entry.shiftMs, receivedAtMs: entry.receivedAtMs });
    this.#number(library, entry);
  }

  #takeDevice(
    library: Library,
    { device, payload }: { readonly device: string; readonly payload: string },
    times: Pick<Origin, 'shiftMs' | 'receivedAtMs'>,
  ): void {
    const sensor = library.index?.plan.sensors.find((known) => known.id === device);
    if (sensor === undefined) {
      this.#ignore('device not in the plan');
      return;
    }
    const decoded = decodeDevice(sensor, payload, times.receivedAtMs);
    if (!decoded.ok) {
      this.#ignore('device payload');
      return;
    }
    for (const observation of decoded.value) {
      if (observation.kind === 'flow') takeFlow(library, observation, times);
      else if (observation.kind === 'level') takeLevel(library, observation, times);
    }
  }

  #takeInput(entry: JournalEntry, body: unknown): void {
    const parsed = inputSchema.safeParse(body);
    const library = this.#library(entry.library);
    if (parsed.success) this.#applyInput(library, parsed.data, entry);
    else this.#ignore('input');
    this.#number(library, entry);
  }

  #applyInput(library: Library, input: Input, entry: JournalEntry): void {
    if (input.kind === 'plan') {
      this.#memory.push(rememberPlan(library.key, input.plan));
      library.setPlan(input.plan, entry.receivedAtMs);
    } else if (input.kind === 'catalogue') library.setCatalogue(input.version, entry.receivedAtMs);
    else if (input.kind === 'catalogue-row') library.setCatalogueRow(input.version, input.item, entry.receivedAtMs);
    else if (input.kind === 'shelving-settings') {
      this.#memory.push(rememberShelving(library.key, input.settings));
      library.setShelving(input.settings, entry.receivedAtMs);
    } else if (input.kind === 'sweep') library.sweeps.takeUpload(input);
    else if (input.kind === 'tick-off') library.tickOff(input.item, input.place, eventTime(input.at, entry));
    else if (input.kind === 'calibration') library.setOffset(input.readPoint, input.offsetDb);
    else if (input.kind === 'reference-tag') library.setReference(input.tag, input.place);
    else if (input.kind === 'accept-home-shift') library.acceptHomeShift(input.shift, eventTime(input.at, entry));
    else if (input.kind === 'reject-home-shift') library.rejectHomeShift(input.shift);
    else this.#applyConditionInput(library, input, entry);
  }

  #applyConditionInput(library: Library, input: Input, entry: JournalEntry): void {
    const { conditions } = library;
    const timeOf = (text: string): number => eventTime(text, entry);
    if (input.kind === 'ils') conditions.takeIls(input, timeOf);
    else if (input.kind === 'work-tick-off') library.tickOffWork(input, timeOf(input.at));
    else if (input.kind === 'lending-task') conditions.takeLendingTask(input, timeOf(input.at));
    else if (input.kind === 'place-items') library.placeItems(input.items, input.place, timeOf(input.at));
    else if (input.kind === 'condition-settings') conditions.setSettings(input.settings);
    else if (input.kind === 'library-profile') {
      const isils = [...(input.isil === null ? [] : [input.isil]), ...input.isilAliases];
      const own = input.tagProfile?.ownerIsil;
      conditions.setProfile({
        isils: own == null ? isils : [...isils, own],
        tagProfile: input.tagProfile ?? undefined,
      });
    }
  }

  /** Facts get their numbers in the order in which they were found. */
  #number(library: Library, entry: JournalEntry): void {
    for (const finding of library.takeFindings()) {
      library.factCount += 1;
      this.#facts.push({ n: library.factCount, library: library.key, entry: entry.offset, ...finding });
    }
  }

  #streamNumber(source: string, epoch: string): number {
    const name = JSON.stringify({ source, epoch });
    const known = this.#streamNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.#streams.length;
    this.#streams.push({ source, epoch });
    this.#streamNumbers.set(name, number);
    this.#memory.push({ slice: 'stream', key: String(number), body: name });
    return number;
  }

  #ignore(reason: string): void {
    this.ignored.set(reason, (this.ignored.get(reason) ?? 0) + 1);
  }
}

type Times = Pick<Origin, 'shiftMs' | 'receivedAtMs'>;

function takeFlow(library: Library, flow: FlowObservation, times: Times): void {
  const { sensor, line, totalIn, totalOut, totalBits } = flow;
  if (totalIn === undefined || totalOut === undefined) return;
  const atMs = eventTime(flow.periodTo, times);
  const { receivedAtMs } = times;
  // A counter that tells only how it stands now has no period of its own.
  const periodMs = atMs - eventTime(flow.periodFrom, times) || undefined;
  takeFrame(library, { sensor, line, atMs, periodMs, receivedAtMs, totalIn, totalOut, totalBits });
}

function takeLevel(library: Library, level: LevelObservation, times: Times): void {
  if (level.people === null) return;
  library.ledger.anchor(level.place, level.people, level.variance ?? 0, eventTime(level.at, times));
  library.touched.zones.add(level.place);
}

function takeFrame(library: Library, frame: LineFrame): void {
  library.ledger.take(frame);
  library.touched.lines.add(lineKey(frame.line, frame.sensor));
  for (const zone of library.ledger.zonesOf(frame.line)) library.touched.zones.add(zone);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Refused by the schema that looks at it next.
    return undefined;
  }
}

function isDeviceBody(body: unknown): body is { readonly device: string; readonly payload: string } {
  if (typeof body !== 'object' || body === null || !('device' in body) || !('payload' in body)) return false;
  return typeof body.device === 'string' && typeof body.payload === 'string';
}
