/** The result that belongs to each kind of command; the server has checked that it does. */
import type { ListTagsResult, ReadTagResult, WriteTagResult } from '#contract/wire/commands.ts';
import type { CommandView } from '#contract/wire/rest-commands.ts';

export function writtenOf({ kind, result }: CommandView): WriteTagResult | null {
  return kind === 'write-tag' ? (result as WriteTagResult | null) : null;
}

export function listedOf({ kind, result }: CommandView): ListTagsResult | null {
  return kind === 'list-tags' ? (result as ListTagsResult | null) : null;
}

export function readOf({ kind, result }: CommandView): ReadTagResult | null {
  return kind === 'read-tag' ? (result as ReadTagResult | null) : null;
}
