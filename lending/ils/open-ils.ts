/** The adapters by name. A new one is a file here and a line in each of the two lists. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '#contract/clock.ts';
import { AppError } from '#contract/errors.ts';
import { loadSettings } from '#store/settings/load-settings.ts';
import type { Sip2ClientOptions } from '#lending/sip2/client.ts';
import { almaIls, createAlmaIls } from './alma-ils.ts';
import { createFolioIls, folioIls } from './folio-ils.ts';
import { createKohaIls, kohaIls } from './koha-ils.ts';
import { createListIls, ilsList } from './list-ils.ts';
import type { IlsPort } from './port.ts';
import { createSip2Ils, sip2Ils, type Sip2Server } from './sip2-ils.ts';

const listIls = z.strictObject({
  kind: z.literal('list'),
  /** YAML or JSON with `items` and `patrons`. */
  file: z.string().min(1).optional(),
  items: ilsList.shape.items.default([]),
  patrons: ilsList.shape.patrons.default([]),
});

export const ilsConfig = z.discriminatedUnion('kind', [listIls, sip2Ils, kohaIls, folioIls, almaIls]);
export type IlsConfig = z.infer<typeof ilsConfig>;

export interface IlsDeps {
  readonly clock: Clock;
  readonly chance: () => number;
}

/** Errors: CFG_UNREADABLE, CFG_INVALID (a list, or a certificate, that cannot be read). */
export function openIls(config: IlsConfig, { clock, chance }: IlsDeps): IlsPort {
  switch (config.kind) {
    case 'list': {
      const { file, items, patrons } = config;
      return createListIls(
        file === undefined ? ilsList.parse({ items, patrons }) : loadSettings(ilsList, { file, env: {} }),
        clock,
      );
    }
    case 'sip2':
      return createSip2Ils(config, { clock, chance, tls: readTls(config.server.tls) });
    case 'koha': {
      const { returns } = config;
      const sip2 = returns && createSip2Ils(returns, { clock, chance, tls: readTls(returns.server.tls) });
      return createKohaIls(config, clock, sip2);
    }
    case 'folio':
      return createFolioIls(config, clock);
    case 'alma':
      return createAlmaIls(config, clock);
  }
}

/** Errors: CFG_UNREADABLE. */
export function readTls(tls: Sip2Server['tls']): Sip2ClientOptions['tls'] {
  if (tls === undefined) return undefined;
  const { caFile, servername } = tls;
  return {
    ...(caFile !== undefined && { ca: readText(caFile) }),
    ...(servername !== undefined && { servername }),
  };
}

/** Errors: CFG_UNREADABLE. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause: unknown) {
    throw new AppError('CFG_UNREADABLE', `the file ${file} cannot be read`, { file }, { cause });
  }
}
