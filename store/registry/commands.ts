/** Commands to gateways and the tag profiles they work by, over an open registry. */
import { tagProfile, type TagProfile } from '#contract/domain/tag-profile.ts';
import { AppError } from '#contract/errors.ts';
import type { Database } from '#store/sqlite/database.ts';
import { flag, number, numberOrNull, text, textOrNull, type SqlRow } from '#store/sqlite/values.ts';
import type { CommandRow, RegistryReader, RegistryWriter } from './registry.ts';

/** A busy encoding desk sends some 2,000 a day: weeks of who asked for what. */
export const COMMANDS_MAX = 100_000;

/** An open desk looks at its pad every second or so, and nobody asks later what lay there. */
const LOOK_KIND = 'list-tags';
export const LOOKS_KEPT_MS = 3_600_000;
const LOOKS_GIVEN_UP_MS = 86_400_000;
/** Looks go one by one as new commands come; more than one at a time, so that a full table empties. */
const LOOKS_TRIMMED = 20;

export function readingCommands(
  database: Database,
): Pick<RegistryReader, 'commandsDue' | 'command' | 'commandsBefore' | 'tagProfile'> {
  return {
    commandsDue: (nowMs, limit) =>
      database
        .prepare('SELECT * FROM command WHERE deadline_ms > ? ORDER BY seq LIMIT ?')
        .all([Math.round(nowMs), limit])
        .map(toCommand),
    command(library, id) {
      const row = database.prepare('SELECT * FROM command WHERE id = ? AND library = ?').get([id, library]);
      return row && toCommand(row);
    },
    commandsBefore: (library, { seq, limit, without = '' }) =>
      database
        .prepare('SELECT * FROM command WHERE library = ? AND seq < ? AND kind <> ? ORDER BY seq DESC LIMIT ?')
        .all([library, seq, without, limit])
        .map(toCommand),
    tagProfile: (library) => newestProfile(database, library),
  };
}

export function writingCommands(
  database: Database,
): Pick<RegistryWriter, 'addCommand' | 'unsettledCommands' | 'settleCommand' | 'putTagProfile'> {
  return {
    addCommand(row) {
      const { id, library, gateway, kind, target, args, issuedAtMs, deadlineMs, askedBy, barcode } = row;
      database.transaction(() => {
        database
          .prepare(
            `INSERT INTO command(id, library, gateway, kind, target, args, issued_at_ms, deadline_ms, asked_by, barcode)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          )
          .run([
            ...[id, library, gateway, kind, target, JSON.stringify(args)],
            ...[Math.round(issuedAtMs), Math.round(deadlineMs), askedBy, barcode],
          ]);
        // The index by deadline finds them; a settled one had its answer, and one a day old gets none any more.
        database
          .prepare(
            `DELETE FROM command WHERE seq IN (
               SELECT seq FROM command
               WHERE deadline_ms < ? AND kind = ? AND (settled = 1 OR deadline_ms < ?) ORDER BY deadline_ms LIMIT ?)`,
          )
          .run([
            ...[Math.round(issuedAtMs - LOOKS_KEPT_MS), LOOK_KIND],
            ...[Math.round(issuedAtMs - LOOKS_GIVEN_UP_MS), LOOKS_TRIMMED],
          ]);
        database.prepare(`DELETE FROM command WHERE seq <= (SELECT max(seq) FROM command) - ${COMMANDS_MAX}`).run();
      });
    },
    unsettledCommands: ({ deadlineMs, afterSeq, limit }) =>
      database
        .prepare('SELECT * FROM command WHERE settled = 0 AND seq > ? AND deadline_ms > ? ORDER BY seq LIMIT ?')
        .all([afterSeq, Math.round(deadlineMs), limit])
        .map(toCommand),
    settleCommand(library, id) {
      database.prepare('UPDATE command SET settled = 1 WHERE id = ? AND library = ?').run([id, library]);
    },
    putTagProfile(library, profile) {
      database.transaction(() => {
        const row = database.prepare('SELECT max(version) AS newest FROM tag_profile WHERE library = ?').get([library]);
        const newest = numberOrNull(row ?? {}, 'newest') ?? 0;
        if (profile.version <= newest) {
          const sentence = `the tag profile is at version ${newest}; the next must be higher`;
          throw new AppError('API_CONFLICT', sentence, { newest });
        }
        database
          .prepare('INSERT INTO tag_profile(library, version, body) VALUES (?, ?, ?)')
          .run([library, profile.version, JSON.stringify(profile)]);
      });
    },
  };
}

function newestProfile(database: Database, library: string): TagProfile | undefined {
  const row = database
    .prepare('SELECT body FROM tag_profile WHERE library = ? ORDER BY version DESC LIMIT 1')
    .get([library]);
  // Parsed, so that a profile of an older version gets the defaults of newer fields.
  return row && tagProfile.parse(JSON.parse(text(row, 'body')));
}

function toCommand(row: SqlRow): CommandRow {
  return {
    seq: number(row, 'seq'),
    id: text(row, 'id'),
    library: text(row, 'library'),
    gateway: text(row, 'gateway'),
    kind: text(row, 'kind'),
    target: text(row, 'target'),
    args: JSON.parse(text(row, 'args')) as CommandRow['args'],
    issuedAtMs: number(row, 'issued_at_ms'),
    deadlineMs: number(row, 'deadline_ms'),
    askedBy: text(row, 'asked_by'),
    barcode: textOrNull(row, 'barcode'),
    isSettled: flag(row, 'settled'),
  };
}
