/** What a gateway says about itself, retained; its last will is the same with `state: "offline"`. A hint for screens. */
import { z } from 'zod';

export const gatewayStatus = z.looseObject({
  state: z.enum(['online', 'offline']),
  at: z.iso.datetime(),
  version: z.string().max(40).optional(),
  startedAt: z.iso.datetime().optional(),
  outbox: z
    .looseObject({
      /** Batches waiting for the broker. */
      depth: z.int().min(0),
      bytes: z.int().min(0),
      dropped: z.int().min(0),
      oldestAt: z.iso.datetime().nullable(),
    })
    .optional(),
  readers: z
    .array(
      z.looseObject({
        id: z.string().max(64),
        driver: z.string().max(32),
        link: z.string().max(200),
        state: z.enum(['connecting', 'live', 'dead']),
        since: z.iso.datetime(),
        lastHeardAt: z.iso.datetime().nullable(),
        detail: z.string().max(300).optional(),
        /** What the reader can do to single tags while it is open; absent where it cannot. */
        can: z.array(z.string().max(32)).max(16).optional(),
        /** False while somebody has stopped it by command. */
        scanning: z.boolean().optional(),
      }),
    )
    .max(1000)
    .optional(),
  /** Which versions of what the broker sends are in use; 0: what is built in. */
  applied: z.looseObject({ tagProfile: z.int().min(0) }).optional(),
});
export type GatewayStatus = z.infer<typeof gatewayStatus>;

/** Why something of this gateway was refused (topic `…/notices`). */
export const notice = z.looseObject({
  at: z.iso.datetime(),
  code: z.string().max(64),
  detail: z.string().max(500),
  topic: z.string().max(256).optional(),
});
export type Notice = z.infer<typeof notice>;

/** What a gateway is asked to do (topic `…/commands`). */
export const command = z.looseObject({
  id: z.string().min(1).max(64),
  kind: z.string().min(1).max(64),
  target: z.string().max(128),
  args: z.record(z.string(), z.unknown()),
  issuedAt: z.iso.datetime(),
  deadline: z.iso.datetime(),
});
export type Command = z.infer<typeof command>;
