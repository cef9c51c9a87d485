/**
 * 3M library readers: HF (ISO 15693), asked for their tags again and again. Each answered inventory is one scan cycle.
 *
 *     inventory -> memory and AFI of new tags -> reads, cycle -> pause -> inventory ...
 *
 * These readers have one antenna and measure no RSSI.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ThreemAnswer } from '#contract/codec/threem/answer.ts';
import { COMMAND, ERROR, INVENTORY_OPTION } from '#contract/codec/threem/codes.ts';
import type { ThreemCommand } from '#contract/codec/threem/command.ts';
import { AppError } from '#contract/errors.ts';
import type { DriverDefinition, DriverDeps } from '#gateway/drivers/driver.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { ThreemLine } from '#gateway/drivers/threem/line.ts';
import { threemSettings, type ThreemSettings } from '#gateway/drivers/threem/settings.ts';
import {
  isCard,
  isTold,
  learnMemory,
  TagMemory,
  wantsAfi,
  wantsMemory,
  type KnownTag,
} from '#gateway/drivers/threem/tag-memory.ts';

/** The basic block has 34 bytes; the smallest tags have 32. */
const MEMORY_BLOCKS = [9, 8] as const;

export const threemDriver: DriverDefinition<ThreemSettings> = {
  kind: '3m',
  settings: threemSettings,
  create: (settings, deps) => ({
    async open(signal) {
      const link = await deps.openLink(signal);
      const line = new ThreemLine(link, settings.answerTimeoutMs);
      const close = (): void => {
        void line.close();
      };
      signal.addEventListener('abort', close, { once: true });
      const reader = new ThreemReader(line, link.name, settings, deps);
      try {
        await reader.greet();
      } catch (error: unknown) {
        await line.close();
        throw error;
      }
      return { events: reader.polls(signal) };
    },
  }),
};

class ThreemReader {
  readonly #line: ThreemLine;
  readonly #name: string;
  readonly #settings: ThreemSettings;
  readonly #deps: DriverDeps;
  readonly #antenna: number;
  readonly #memory = new TagMemory();
  #misses = 0;

  constructor(line: ThreemLine, name: string, settings: ThreemSettings, deps: DriverDeps) {
    this.#line = line;
    this.#name = name;
    this.#settings = settings;
    this.#deps = deps;
    this.#antenna = deps.antennas[0] ?? 1;
  }

  /** Any answer will do, a refusal too: older models do not tell their version. Errors: DRV_READER_SILENT. */
  async greet(): Promise<void> {
    while ((await this.#ask({ kind: 'version' }, (answer) => answer.kind === 'version')) === undefined);
  }

  async *polls(signal: AbortSignal): AsyncGenerator<readonly ReaderEvent[], void, undefined> {
    try {
      for (;;) {
        const startedMs = this.#deps.clock.uptimeMs();
        const events = await this.#poll();
        if (events.length > 0) yield events;
        const restMs = Math.max(0, this.#settings.pollMs - (this.#deps.clock.uptimeMs() - startedMs));
        await pause(restMs, undefined, { signal });
      }
    } catch (error: unknown) {
      if (!signal.aborted) throw error;
    } finally {
      await this.#line.close();
    }
  }

  async #poll(): Promise<ReaderEvent[]> {
    const command = { kind: 'inventory', afi: this.#settings.afi, options: INVENTORY_OPTION.default } as const;
    const answer = await this.#ask(command, (candidate) => candidate.kind === 'inventory');
    const atMs = this.#deps.clock.nowMs();
    const events: ReaderEvent[] = [];
    const noiseBytes = this.#line.takeNoiseBytes();
    if (noiseBytes > 0) events.push({ kind: 'vendor', name: 'line-noise', detail: `${noiseBytes} bytes`, atMs });
    if (answer === undefined) return events;
    if (answer.kind === 'failed' && answer.error !== ERROR.noTransponder) {
      return [...events, { kind: 'vendor', name: 'inventory-failed', detail: `error ${answer.error}`, atMs }];
    }
    const uids = answer.kind === 'inventory' ? answer.tags.flatMap(({ uid }) => uid ?? []) : [];
    const tags = this.#memory.update(uids);
    await this.#learn(tags, events);
    for (const tag of tags) if (isTold(tag)) events.push(this.#read(tag, atMs));
    events.push({ kind: 'cycle', antennas: [this.#antenna], atMs: this.#deps.clock.nowMs() });
    return events;
  }

  #read(tag: KnownTag, atMs: number): ReaderEvent {
    const { uid, afi, content } = tag;
    const ids = { uid, afi };
    return { kind: 'read', antenna: this.#antenna, count: 1, firstMs: atMs, lastMs: atMs, ids, content };
  }

  /** Reads the memory of a few new tags, and the AFI of the one that was asked longest ago. */
  async #learn(tags: readonly KnownTag[], events: ReaderEvent[]): Promise<void> {
    const unread = tags.filter(wantsMemory);
    // The least tried first, so that one unreadable tag does not keep the others waiting.
    unread.sort((a, b) => a.reads - b.reads);
    for (const tag of unread.slice(0, this.#settings.memoryReadsPerPoll)) {
      await this.#readMemory(tag);
      if (isTold(tag)) await this.#readAfi(tag);
      const atMs = this.#deps.clock.nowMs();
      if (isCard(tag)) events.push({ kind: 'vendor', name: 'patron-card-kept', detail: '', atMs });
    }
    const uptimeMs = this.#deps.clock.uptimeMs();
    const [oldest] = tags.filter((tag) => wantsAfi(tag, uptimeMs)).sort((a, b) => a.afiUptimeMs - b.afiUptimeMs);
    if (oldest !== undefined) await this.#readAfi(oldest);
  }

  async #readMemory(tag: KnownTag): Promise<void> {
    const { uid } = tag;
    for (const blockCount of MEMORY_BLOCKS) {
      const answer = await this.#ask(
        { kind: 'read-blocks', uid, firstBlock: 0, blockCount },
        (candidate) => candidate.kind === 'read-blocks' && candidate.uid === uid,
      );
      if (answer?.kind === 'read-blocks') {
        learnMemory(tag, Uint8Array.from(answer.blocks.flatMap(({ data }) => [...data])));
        return;
      }
      if (answer?.kind !== 'failed' || answer.error === ERROR.noTransponder) break;
    }
    tag.reads += 1;
  }

  async #readAfi(tag: KnownTag): Promise<void> {
    const { uid } = tag;
    const answer = await this.#ask(
      { kind: 'get-afi', uid },
      (candidate) => candidate.kind === 'get-afi' && candidate.uid === uid,
    );
    if (answer?.kind === 'get-afi') tag.afi = answer.afi;
    tag.afiUptimeMs = this.#deps.clock.uptimeMs();
  }

  /** Asks once. Undefined without an answer; too many of those in a row are the end. Errors: DRV_READER_SILENT. */
  async #ask(command: ThreemCommand, accepts: (answer: ThreemAnswer) => boolean): Promise<ThreemAnswer | undefined> {
    const code = COMMAND_CODE[command.kind];
    const answer = await this.#line.ask(
      command,
      (candidate) => accepts(candidate) || (candidate.kind === 'failed' && candidate.command === code),
    );
    this.#misses = answer === undefined ? this.#misses + 1 : 0;
    if (this.#misses < this.#settings.missesMax) return answer;
    const sentence = `${this.#name} left ${this.#misses} questions unanswered; check its power, cable and baud rate`;
    throw new AppError('DRV_READER_SILENT', sentence, { link: this.#name });
  }
}

/** Which command a refusal belongs to. */
const COMMAND_CODE: Readonly<Partial<Record<ThreemCommand['kind'], number>>> = {
  inventory: COMMAND.inventory,
  'read-blocks': COMMAND.readBlocks,
  'get-afi': COMMAND.getAfi,
  version: COMMAND.version,
};
