import type { Database } from '#store/sqlite/database.ts';
import { number, text } from '#store/sqlite/values.ts';
import type { RegistryWriter, UserRow } from './registry.ts';

/** People and their sessions: asked and written by the dashboard alone, so not among the reader's questions. */
export type Accounts = Pick<
  RegistryWriter,
  'user' | 'users' | 'putUser' | 'putSession' | 'session' | 'removeSession' | 'removeSessions'
>;

export function openAccounts(database: Database): Accounts {
  const toUser = (body: string): UserRow => JSON.parse(body) as UserRow;
  return {
    user(name) {
      const row = database.prepare('SELECT body FROM user WHERE name = ?').get([name]);
      return row && toUser(text(row, 'body'));
    },
    users: () =>
      database
        .prepare('SELECT body FROM user ORDER BY name')
        .all()
        .map((row) => toUser(text(row, 'body'))),
    putUser(row) {
      database.prepare('INSERT OR REPLACE INTO user(name, body) VALUES (?, ?)').run([row.name, JSON.stringify(row)]);
    },
    putSession({ tokenSha256, user, expiresMs }) {
      database
        .prepare('INSERT OR REPLACE INTO session(token_sha256, user, expires_ms) VALUES (?, ?, ?)')
        .run([tokenSha256, user, Math.round(expiresMs)]);
    },
    session(tokenSha256, nowMs) {
      const row = database
        .prepare('SELECT user, expires_ms FROM session WHERE token_sha256 = ? AND expires_ms > ?')
        .get([tokenSha256, nowMs]);
      return row && { user: text(row, 'user'), expiresMs: number(row, 'expires_ms') };
    },
    removeSession(tokenSha256) {
      database.prepare('DELETE FROM session WHERE token_sha256 = ?').run([tokenSha256]);
    },
    removeSessions(which) {
      if ('user' in which) database.prepare('DELETE FROM session WHERE user = ?').run([which.user]);
      else database.prepare('DELETE FROM session WHERE expires_ms <= ?').run([which.expiredAtMs]);
    },
  };
}
