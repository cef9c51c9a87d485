/**
 * What people maintain: libraries, plan, catalogue, devices, accounts, and the inputs waiting for the broker. One process
 * writes (the dashboard); broker and engine read. Every question names its library.
 */
import type { ConditionSettings } from '#contract/domain/condition-settings.ts';
import type { Item } from '#contract/domain/item.ts';
import type { Plan } from '#contract/domain/plan.ts';
import type { ShelvingSettings } from '#contract/domain/shelving-settings.ts';
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import type { Input } from '#contract/wire/input.ts';
import type { Role } from '#contract/wire/rest.ts';

export interface LibraryRow {
  readonly key: string;
  readonly name: string;
  readonly isil: string | null;
  /** IANA name. */
  readonly timeZone: string;
}

export interface DeviceRow {
  readonly library: string;
  readonly id: string;
  readonly kind: 'gateway' | 'sensor';
  /** SHA-256 of the 256-bit secret, hex. The secret itself is shown once and never kept. */
  readonly secretSha256: string;
  readonly isEnabled: boolean;
  readonly createdAtMs: number;
}

export interface UserRow {
  readonly name: string;
  readonly role: Role;
  readonly libraries: readonly string[];
  /** argon2id, PHC string. */
  readonly passwordHash: string;
  readonly mustChangePassword: boolean;
}

/** What somebody asked a gateway to do: the audit trail as well as the broker's orders. */
export interface CommandRow {
  /** Rises by one over the registry's life. */
  readonly seq: number;
  readonly id: string;
  readonly library: string;
  readonly gateway: string;
  readonly kind: string;
  readonly target: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly issuedAtMs: number;
  readonly deadlineMs: number;
  /** Name of the account. */
  readonly askedBy: string;
  /** The item whose tags follow from the outcome. */
  readonly barcode: string | null;
  /** The outcome was taken in. */
  readonly isSettled: boolean;
}

export interface QueuedInput {
  /** Rises by one over the registry's life. */
  readonly seq: number;
  readonly library: string;
  readonly input: Input;
}

export interface SearchHit {
  readonly item: Item;
  /** Smaller is better. */
  readonly rank: number;
}

export interface RegistryReader {
  /** Id of this registry file: the epoch of its inputs. */
  epoch(): string;
  libraries(): readonly LibraryRow[];
  device(library: string, id: string): DeviceRow | undefined;
  devices(library: string): readonly DeviceRow[];
  /** Newest plan, or `undefined` before the first. */
  plan(library: string): Plan | undefined;
  /** As set, or as most libraries shelve. */
  shelvingSettings(library: string): ShelvingSettings;
  /** What the library set, or the defaults. */
  conditionSettings(library: string): ConditionSettings;
  /** Inputs after `seq`, oldest first. */
  inputsAfter(seq: number, limit: number): readonly QueuedInput[];
  /** Commands whose deadline lies after `nowMs`, oldest first. */
  commandsDue(nowMs: number, limit: number): readonly CommandRow[];
  command(library: string, id: string): CommandRow | undefined;
  /** Newest first, from before `seq`; without the kinds named. */
  commandsBefore(
    library: string,
    page: { readonly seq: number; readonly limit: number; readonly without?: string | undefined },
  ): readonly CommandRow[];
  /** Newest profile, or `undefined` before the first. */
  tagProfile(library: string): TagProfile | undefined;
  /** 0 before the first import. */
  catalogueVersion(library: string): number;
  /** Every item valid in that version, in barcode order. */
  catalogue(library: string, version: number): Iterable<Item>;
  /** Of these, the items valid in that version. */
  catalogueRows(library: string, version: number, barcodes: readonly string[]): ReadonlyMap<string, Item>;
  item(library: string, barcode: string): Item | undefined;
  items(library: string, barcodes: readonly string[]): ReadonlyMap<string, Item>;
  /** The copies that have this tag by the newest catalogue; more than one is a fault of the catalogue. */
  itemsOfTag(library: string, tag: string): readonly Item[];
  /** Title, author, call number, barcode; Latin words by prefix, Chinese by bigrams (one character works too). */
  search(
    library: string,
    query: string,
    page: { readonly offset: number; readonly limit: number },
  ): readonly SearchHit[];
  close(): void;
}

export interface RegistryWriter extends RegistryReader {
  /** Queues the input in the same transaction. Errors: `API_CONFLICT` (the version does not rise). */
  putConditionSettings(library: string, settings: ConditionSettings): void;
  /** Queues the `shelving-settings` input in the same transaction. */
  putShelvingSettings(library: string, settings: ShelvingSettings): void;
  putLibrary(row: LibraryRow): void;
  /** Adds or replaces; returns nothing secret. */
  putDevice(row: DeviceRow): void;
  removeDevice(library: string, id: string): boolean;
  /** Stores the plan under its version and queues the `plan` input in the same transaction. */
  putPlan(library: string, plan: Plan): void;
  /** Replaces the catalogue by a new version, in transactions of at most 1,000 rows, and queues the `catalogue` input. */
  importCatalogue(library: string, items: Iterable<Item>): Promise<number>;
  /** Adds or changes one copy as a version of its own, and queues the `catalogue-row` input. Errors: `API_CONFLICT` (an import runs). */
  putItem(item: Item): Promise<number>;
  /** Forgets the oldest beyond 100,000. */
  addCommand(row: Omit<CommandRow, 'seq' | 'isSettled'>): void;
  /** Commands whose outcome has not been taken in and whose deadline lies after `deadlineMs`, oldest first. */
  unsettledCommands(page: {
    readonly deadlineMs: number;
    readonly afterSeq: number;
    readonly limit: number;
  }): readonly CommandRow[];
  settleCommand(library: string, id: string): void;
  /** Errors: `API_CONFLICT` (the version does not rise). */
  putTagProfile(library: string, profile: TagProfile): void;
  queueInput(library: string, input: Input): number;
  /** Forgets inputs up to `seq` that the journal has. */
  trimInputs(seq: number): void;

  user(name: string): UserRow | undefined;
  users(): readonly UserRow[];
  putUser(row: UserRow): void;
  /** `tokenSha256` so that a stolen file opens no session. */
  putSession(session: { readonly tokenSha256: string; readonly user: string; readonly expiresMs: number }): void;
  session(tokenSha256: string, nowMs: number): { readonly user: string; readonly expiresMs: number } | undefined;
  removeSession(tokenSha256: string): void;
  /** All sessions of a user, or all expired ones. */
  removeSessions(which: { readonly user: string } | { readonly expiredAtMs: number }): void;
}
