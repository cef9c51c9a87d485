/** Every reader family the gateway can drive. A new one is a folder beside this file and a line here. */
import { z } from 'zod';
import type { Format } from '#contract/codec/format.ts';
import { err, ok } from '#contract/result.ts';
import type { AnyDriver, DriverDefinition } from '#gateway/drivers/driver.ts';
import { chafonCfDriver } from '#gateway/drivers/chafon-cf/driver.ts';
import { feigDriver } from '#gateway/drivers/feig/driver.ts';
import { keyboardWedgeDriver } from '#gateway/drivers/keyboard-wedge/driver.ts';
import { llrpDriver } from '#gateway/drivers/llrp/driver.ts';
import { m100Driver } from '#gateway/drivers/m100/driver.ts';
import { m6eDriver } from '#gateway/drivers/m6e/driver.ts';
import { r700Driver } from '#gateway/drivers/r700/driver.ts';
import { rfd40Driver } from '#gateway/drivers/rfd40/driver.ts';
import { threemDriver } from '#gateway/drivers/threem/driver.ts';
import { uhfreader18Driver } from '#gateway/drivers/uhfreader18/driver.ts';
import { uhfreader288Driver } from '#gateway/drivers/uhfreader288/driver.ts';
import { tslDriver } from '#gateway/drivers/tsl/driver.ts';
import { zebraDriver } from '#gateway/drivers/zebra/driver.ts';

const DRIVERS: readonly AnyDriver[] = [
  erase(feigDriver),
  erase(llrpDriver),
  erase(threemDriver),
  erase(m100Driver),
  erase(m6eDriver),
  erase(uhfreader288Driver),
  erase(uhfreader18Driver),
  erase(chafonCfDriver),
  erase(r700Driver),
  erase(zebraDriver),
  erase(rfd40Driver),
  erase(tslDriver),
  erase(keyboardWedgeDriver),
];

export const DRIVER_KINDS: readonly string[] = DRIVERS.map(({ kind }) => kind);

/** Every wire format the gateway speaks, in the order of the drivers. */
export const WIRE_FORMATS: readonly Format[] = DRIVERS.flatMap(({ formats }) => formats);

export function findDriver(kind: string): AnyDriver | undefined {
  return DRIVERS.find((driver) => driver.kind === kind);
}

function erase<Settings>(definition: DriverDefinition<Settings>): AnyDriver {
  return {
    kind: definition.kind,
    formats: definition.formats,
    cards: definition.cards,
    checkSettings(settings) {
      const parsed = definition.settings.safeParse(settings);
      return parsed.success ? ok(undefined) : err(z.prettifyError(parsed.error));
    },
    create: (settings, deps) => definition.create(definition.settings.parse(settings), deps),
  };
}
