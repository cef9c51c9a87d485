/** From entries and facts to points of the history. Ids of items and tags are fields, never series. */
import type { Fact } from '#contract/domain/fact.ts';
import { tagKeyOf } from '#contract/domain/item.ts';
import type { JournalEntry } from '#contract/domain/journal-entry.ts';
import type { PlanIndex } from '#contract/domain/plan-index.ts';
import { envelope, eventId } from '#contract/wire/envelope.ts';
import { observation as observationSchema, type Observation } from '#contract/wire/observation.ts';
import { eventTime } from '#engine/library/library.ts';
import { decodeDevice } from '#engine/space/decode-device.ts';
import type { HistoryPoint } from '#store/history/history.ts';

type Fields = Readonly<Record<string, number | string | boolean>>;

interface Draft {
  readonly measurement: HistoryPoint['measurement'];
  readonly subject: string;
  /** Where it belongs; the subject itself when undefined. */
  readonly place: string | undefined;
  readonly kind: string;
  readonly at: string;
  readonly fields: Readonly<Record<string, number | string | boolean | null | undefined>>;
}

/** Points of one journal entry; entries that mean nothing over time give none. */
export function pointsOfEntry(entry: JournalEntry, index: PlanIndex | undefined): HistoryPoint[] {
  if (entry.kind === 'device') return pointsOfDevice(entry, index);
  if (entry.kind !== 'batch') return [];
  const parsed = envelope.safeParse(parseJson(entry.body));
  if (!parsed.success) return [];
  const { epoch, seq } = parsed.data;
  return parsed.data.observations.flatMap((raw, i) => {
    const checked = observationSchema.safeParse(raw);
    const draft = checked.success ? draftOf(checked.data, index) : undefined;
    if (draft === undefined) return [];
    return [
      finish(draft, { library: entry.library, index, eventId: eventId(entry.source, epoch, seq, i), times: entry }),
    ];
  });
}

/** Moves and levels; the other facts are states that the fact log keeps. */
export function pointOfFact(fact: Fact, index: PlanIndex | undefined): HistoryPoint | undefined {
  const context = { library: fact.library, index, eventId: `fact:${fact.library}:${fact.n}`, times: undefined };
  if (fact.kind === 'zone-level') {
    const { people, low, high } = fact.level ?? { people: null, low: null, high: null };
    const fields = { people, low, high, isKnown: people !== null };
    return finish(
      { measurement: 'level', subject: fact.subject, place: undefined, kind: 'people', at: fact.at, fields },
      context,
    );
  }
  if (!fact.kind.startsWith('item-')) return undefined;
  const place = fact.to ?? fact.from ?? undefined;
  const fields = {
    item: fact.subject,
    from: fact.from,
    to: fact.to,
    confidence: fact.confidence,
    rule: fact.evidence.rule,
  };
  return finish(
    { measurement: 'move', subject: place ?? 'nowhere', place, kind: fact.kind, at: fact.at, fields },
    context,
  );
}

function draftOf(observation: Observation, index: PlanIndex | undefined): Draft | undefined {
  switch (observation.kind) {
    case 'tag': {
      const { readPoint, phase, reads, cyclesSeen, cyclesLive, rssi, content } = observation;
      const meanDbm = rssi === undefined || rssi.meanMw <= 0 ? undefined : 10 * Math.log10(rssi.meanMw);
      const tag = tagKeyOf(observation.id);
      const fields = { tag, item: content?.itemId, reads, cyclesSeen, cyclesLive, meanDbm, maxDbm: rssi?.maxDbm };
      const place = index?.readPoint(readPoint)?.places[0];
      return { measurement: 'sighting', subject: readPoint, place, kind: phase, at: observation.last, fields };
    }
    case 'scan': {
      const { readPoint, state, cycles, reads, tags } = observation;
      const place = index?.readPoint(readPoint)?.places[0];
      return {
        measurement: 'scan',
        subject: readPoint,
        place,
        kind: state,
        at: observation.to,
        fields: { cycles, reads, tags },
      };
    }
    case 'flow': {
      const { line, sensor, in: inward, out, totalIn, totalOut } = observation;
      const fields = { sensor, in: inward, out, totalIn, totalOut };
      return {
        measurement: 'flow',
        subject: line,
        place: zoneOfLine(line, index),
        kind: 'people',
        at: observation.periodTo,
        fields,
      };
    }
    case 'level': {
      const { place, sensor, source, people, occupied } = observation;
      return {
        measurement: 'level',
        subject: place,
        place,
        kind: 'sensor',
        at: observation.at,
        fields: { sensor, source, people, occupied },
      };
    }
    case 'environment': {
      const { place, sensor, quantity, value, unit } = observation;
      return {
        measurement: 'environment',
        subject: sensor,
        place,
        kind: quantity,
        at: observation.at,
        fields: { value, unit },
      };
    }
    case 'health': {
      const { subject, state, flags, batteryV } = observation;
      return {
        measurement: 'health',
        subject,
        place: undefined,
        kind: state,
        at: observation.at,
        fields: { flags: flags.join(','), batteryV },
      };
    }
    case 'gate':
    case 'device':
    case 'input':
    case 'reply':
      return undefined;
  }
}

function pointsOfDevice(entry: JournalEntry, index: PlanIndex | undefined): HistoryPoint[] {
  const body = parseJson(entry.body) as { readonly device?: unknown; readonly payload?: unknown } | null | undefined;
  const sensor = index?.plan.sensors.find((known) => known.id === body?.device);
  if (sensor === undefined || typeof body?.payload !== 'string') return [];
  const decoded = decodeDevice(sensor, body.payload, entry.receivedAtMs);
  if (!decoded.ok) return [];
  return decoded.value.flatMap((observation, i) => {
    const draft = draftOf(observation, index);
    const id = `${entry.source}:journal:${String(entry.offset)}:${String(i)}`;
    return draft === undefined ? [] : [finish(draft, { library: entry.library, index, eventId: id, times: entry })];
  });
}

function zoneOfLine(line: string, index: PlanIndex | undefined): string | undefined {
  const ends = index?.plan.lines.find((known) => known.id === line);
  return ends?.to ?? ends?.from ?? undefined;
}

interface FinishContext {
  readonly library: string;
  readonly index: PlanIndex | undefined;
  readonly eventId: string;
  /** How the times of the entry are to be read; undefined where they are ours. */
  readonly times: Pick<JournalEntry, 'shiftMs' | 'receivedAtMs'> | undefined;
}

function finish(draft: Draft, { library, index, eventId: id, times }: FinishContext): HistoryPoint {
  const place = draft.place ?? draft.subject;
  const fields = Object.fromEntries(
    Object.entries(draft.fields).filter(([, value]) => value !== undefined && value !== null),
  );
  return {
    measurement: draft.measurement,
    library,
    branch: index?.enclosing(place, 'branch')?.id ?? '',
    floor: index?.enclosing(place, 'floor')?.id ?? '',
    zone: (index?.enclosing(place, 'zone') ?? index?.enclosing(place, 'room'))?.id ?? '',
    subject: draft.subject,
    kind: draft.kind,
    atMs: times === undefined ? Date.parse(draft.at) : eventTime(draft.at, times),
    eventId: id,
    fields: fields as Fields,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
