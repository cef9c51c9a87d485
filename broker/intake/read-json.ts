/** From the bytes of a payload to a value, within bounds, or to the reason why not. Never throws on outside data. */
import { isUtf8 } from 'node:buffer';
import { err, ok, type Result } from '#contract/result.ts';
import { DEPTH_MAX, isDeeperThan } from './json-bounds.ts';

export interface Unreadable {
  readonly code: 'payload-too-large' | 'batch-unreadable' | 'status-unreadable';
  readonly detail: string;
}

export interface JsonText {
  readonly text: string;
  readonly value: unknown;
}

const decoder = new TextDecoder();

export function readJson(bytes: Uint8Array): Result<JsonText, string> {
  if (!isUtf8(bytes)) return err('not UTF-8');
  if (isDeeperThan(bytes, DEPTH_MAX)) return err(`nested deeper than ${DEPTH_MAX}`);
  const text = decoder.decode(bytes);
  try {
    return ok({ text, value: JSON.parse(text) as unknown });
  } catch {
    return err('not JSON');
  }
}

/** The first complaint of a schema, as `path: message`. */
export function firstIssue(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  const issue = error.issues[0];
  return issue === undefined ? 'not as the contract says' : `${issue.path.map(String).join('.')}: ${issue.message}`;
}
