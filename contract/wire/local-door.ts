/**
 * The gateway's door for the lending role on the same box: lines of JSON over loopback TCP or a socket file.
 *
 *     lending -> gateway   hello, then input | command | watch
 *     gateway -> lending   welcome, then kept | reply | tags
 *
 * `input` is answered with `kept` once it is on the gateway's disk; until then the sender keeps it. `command` is that of
 * commands.ts without the journey over the broker, and its reply is not journalled. `watch` tells what lies on a reader
 * whenever that changes, until the line ends or `watch` comes with `isOn: false`.
 */
import { z } from 'zod';
import { readerId } from '#contract/domain/ids.ts';
import { listTagsResult } from './commands.ts';
import { replyObservation } from './observation.ts';
import { command } from './status.ts';

/** A command is small, an input has up to 500 copies of 200 bytes. */
export const LINE_BYTES_MAX = 262_144;

export const doorRequest = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('hello'), secret: z.string().max(256) }),
  z.strictObject({
    t: z.literal('input'),
    n: z.int().min(0),
    at: z.iso.datetime(),
    input: z.looseObject({ kind: z.string().min(1).max(64) }),
  }),
  z.strictObject({ t: z.literal('command'), command }),
  z.strictObject({ t: z.literal('watch'), reader: readerId, isOn: z.boolean() }),
]);
export type DoorRequest = z.infer<typeof doorRequest>;

const outcomeOfCommand = replyObservation.omit({ kind: true, at: true, id: true });

export const doorMessage = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('welcome'), gateway: z.string().max(64) }),
  z.strictObject({ t: z.literal('kept'), n: z.int().min(0) }),
  z.strictObject({ t: z.literal('reply'), id: z.string().max(64), outcome: outcomeOfCommand }),
  z.strictObject({
    t: z.literal('tags'),
    reader: readerId,
    /** False while the reader is away: what lay there is not known. */
    isLive: z.boolean(),
    result: listTagsResult.nullable(),
  }),
  z.strictObject({ t: z.literal('refused'), detail: z.string().max(300) }),
]);
export type DoorMessage = z.infer<typeof doorMessage>;

export type DoorAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** `tcp://127.0.0.1:7411` or `unix:///run/gateway.sock`; undefined for anything else, also for another machine. */
export function parseDoorAddress(text: string): DoorAddress | undefined {
  const file = /^unix:\/\/(\/.{1,100})$/.exec(text)?.[1];
  if (file !== undefined) return { path: file };
  const [, host = '', port = ''] = /^tcp:\/\/(127\.0\.0\.1|\[::1\]|localhost):(\d{1,5})$/.exec(text) ?? [];
  if (host === '' || Number(port) > 65_535) return undefined;
  return { host: host === '[::1]' ? '::1' : host, port: Number(port) };
}
