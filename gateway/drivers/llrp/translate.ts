/** From LLRP messages to reader events: times on the gateway's clock, omitted fields filled in, AISpec ends as cycles. */
import type { LlrpMessage } from '#contract/codec/llrp/message.ts';
import type { TagReport } from '#contract/codec/llrp/tag-report.ts';
import type { ReaderEvent as LlrpEvent, ReaderEventNotification } from '#contract/codec/llrp/reader-events.ts';
import type { RoAccessReport } from '#contract/codec/llrp/report-messages.ts';
import { ClockOffset } from '#gateway/drivers/clock-offset.ts';
import { STANDING_OP } from '#gateway/drivers/llrp/access.ts';
import type { Cycles } from '#gateway/drivers/llrp/cycles.ts';
import { readReportExtensions } from '#gateway/drivers/llrp/impinj.ts';
import { ReportFill } from '#gateway/drivers/llrp/report-fill.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';

/** A smaller change of the reader's clock is not worth an event. */
const OFFSET_STEP_MS = 100;
const US_PER_MS = 1000;

export class Translator {
  readonly #cycles: Cycles;
  readonly #offset = new ClockOffset();
  readonly #fill = new ReportFill();
  #told: number | undefined;
  #hasEventTimes = false;

  constructor(cycles: Cycles) {
    this.#cycles = cycles;
  }

  /** What a message means; empty for those that concern only the connection. */
  translate(message: LlrpMessage, nowMs: number): ReaderEvent[] {
    if (message.kind === 'ro-access-report') return this.#reads(message, nowMs);
    if (message.kind === 'reader-event-notification') return this.#notification(message, nowMs);
    if (message.kind === 'custom-message') {
      const detail = `vendor ${message.vendorId}, subtype ${message.subtype}, ${message.payload.length} bytes`;
      return [{ kind: 'vendor', name: 'llrp-custom', detail, atMs: nowMs }];
    }
    return [];
  }

  #notification(message: ReaderEventNotification, nowMs: number): ReaderEvent[] {
    const stampUs = message.utcUs ?? message.uptimeUs;
    const out: ReaderEvent[] = [];
    let atMs = nowMs;
    if (stampUs !== undefined) {
      this.#hasEventTimes ||= message.events.some(({ kind }) => kind === 'aispec-end');
      this.#offset.addSample(stampUs / US_PER_MS, nowMs);
      atMs = Math.min(nowMs, Math.round(this.#offset.toGatewayMs(stampUs / US_PER_MS)));
      this.#tellOffset(out, message.utcUs !== undefined, nowMs);
    }
    for (const event of message.events) {
      const translated = this.#event(event, atMs);
      if (translated !== undefined) out.push(translated);
    }
    return out;
  }

  /** An uptime's distance from the wall clock says nothing about a wrong clock. */
  #tellOffset(out: ReaderEvent[], isUtc: boolean, atMs: number): void {
    const { offsetMs } = this.#offset;
    if (!isUtc || offsetMs === undefined) return;
    if (this.#told !== undefined && Math.abs(offsetMs - this.#told) < OFFSET_STEP_MS) return;
    this.#told = offsetMs;
    out.push({ kind: 'clock-offset', offsetMs: Math.round(offsetMs), atMs });
  }

  #event(event: LlrpEvent, atMs: number): ReaderEvent | undefined {
    switch (event.kind) {
      case 'aispec-end': {
        const antenna = this.#cycles.endOfAispec(event.specIndex);
        return antenna === undefined ? undefined : { kind: 'cycle', antennas: [antenna], atMs };
      }
      case 'antenna':
        return { kind: 'antenna', antenna: event.antennaId, up: event.connected, atMs };
      case 'gpi':
        return { kind: 'gpi', port: event.port, high: event.high, atMs };
      case 'exception':
        return { kind: 'vendor', name: 'reader-exception', detail: event.message.slice(0, DETAIL_CHARS_MAX), atMs };
      case 'buffer-level':
        return { kind: 'vendor', name: 'reader-buffer-level', detail: `${event.percentFull} % full`, atMs };
      case 'buffer-overflow':
        return { kind: 'vendor', name: 'reader-buffer-overflow', detail: 'the reader lost reports', atMs };
      case 'connection-attempt':
        // Success is our own greeting; anything else is somebody who wants in as well.
        if (event.outcome === 'success') return undefined;
        return { kind: 'vendor', name: 'connection-attempt', detail: event.outcome, atMs };
      case 'rospec':
        return event.event === 'preempted'
          ? { kind: 'vendor', name: 'rospec-preempted', detail: `by ${event.preemptingRospecId}`, atMs }
          : undefined;
      case 'hopping':
      case 'rf-survey':
      case 'spec-loop':
      case 'connection-close':
        return undefined;
    }
  }

  #reads(message: RoAccessReport, nowMs: number): ReaderEvent[] {
    const out: ReaderEvent[] = [];
    const filled = message.tags.map((tag) => ({ ...this.#fill.fill(tag), ...contentOf(tag) }));
    if (!this.#hasEventTimes) {
      // Without timed events the newest read of a report is the best hint at the reader's clock.
      const newestUs = filled.reduce((newest, { lastSeenUs }) => Math.max(newest, lastSeenUs ?? 0), 0);
      if (newestUs > 0) this.#offset.addSample(newestUs / US_PER_MS, nowMs);
    }
    for (const { epc, antennaId, seenCount, pc, firstSeenUs, lastSeenUs, ...tag } of filled) {
      if (antennaId === undefined) continue;
      const lastMs = this.#readMs(lastSeenUs ?? firstSeenUs, nowMs);
      out.push({
        kind: 'read',
        antenna: antennaId,
        count: Math.max(1, seenCount ?? 1),
        firstMs: Math.min(lastMs, this.#readMs(firstSeenUs ?? lastSeenUs, nowMs)),
        lastMs,
        rssiDbm: tag.rssiDbm ?? tag.peakRssiDbm,
        ids: {
          epc,
          pc: pc?.toString(16).toUpperCase().padStart(4, '0'),
          ...(tag.tid !== undefined && { tid: tag.tid }),
        },
        ...(tag.userMemory !== undefined && { userMemory: tag.userMemory }),
      });
    }
    return out;
  }

  #readMs(readerUs: number | undefined, nowMs: number): number {
    return readerUs === undefined ? nowMs : Math.min(nowMs, Math.round(this.#offset.toGatewayMs(readerUs / US_PER_MS)));
  }
}

interface Content {
  readonly tid?: string | undefined;
  readonly userMemory?: string | undefined;
  /** Finer than the standard's whole decibels. */
  readonly rssiDbm?: number | undefined;
}

/** What stands in the tag, where it was read along: by the standing AccessSpec, or by the reader's own extension. */
function contentOf({ opResults, custom }: TagReport): Content | undefined {
  if (opResults === undefined && custom === undefined) return undefined;
  const wordsOf = (wanted: number): string | undefined => {
    const result = opResults?.find(({ opSpecId }) => opSpecId === wanted);
    return result?.kind === 'read' && result.result === 0 && result.words !== '' ? result.words : undefined;
  };
  const extensions = readReportExtensions(custom ?? []);
  return {
    tid: wordsOf(STANDING_OP.tid) ?? extensions.tid,
    userMemory: wordsOf(STANDING_OP.user),
    rssiDbm: extensions.rssiDbm,
  };
}

const DETAIL_CHARS_MAX = 200;
