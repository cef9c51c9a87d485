/** What the commands need of one reader; the pipeline gives it. */
import type { Result } from '#contract/result.ts';
import type { CaptureResult } from '#contract/wire/commands.ts';
import type { Command } from '#contract/wire/status.ts';
import type { TagAccess } from '#gateway/drivers/tag-access.ts';

/** A tag that a UHF reader heard within the last seconds. */
export interface HeardTag {
  readonly epc: string;
  readonly pc: string | undefined;
  readonly antenna: number;
  readonly rssiDbm: number | undefined;
}

export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

/** What a wand can be asked. */
export interface WandPort {
  startSweep(): { readonly session: string; readonly ended: string | null };
  endSweep(): { readonly ended: string | null };
  find(tags: readonly string[], seconds: number): void;
}

export interface ReaderPort {
  /** Absent where the reader is no wand. */
  readonly wand?: WandPort | undefined;
  /** False while it is away, and while somebody has stopped it. */
  readonly isOpen: boolean;
  /** While it is open, and where the family can. */
  readonly access: TagAccess | undefined;
  heard(): readonly HeardTag[];
  startScan(): void;
  /** Resolves when the reader is closed. */
  stopScan(seconds: number | undefined): Promise<void>;
  /** Records the raw bytes of the line into the gateway's folder; absent where nothing records. */
  capture?(seconds: number, signal: AbortSignal): Promise<Result<CaptureResult, Refusal>>;
  /** What only this family can do. */
  executeOwn(command: Command, signal: AbortSignal): Promise<Result<unknown, Refusal> | undefined>;
}
