/** `npm run conformance -- gateway|driver …`: the vendor's bench. Ends with status 0 when every rule was kept. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DRIVER_KINDS, findDriver } from '#gateway/drivers/registry.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import { judgeDriver } from '#test/conformance/driver-kit.ts';
import { GatewayProbe } from '#test/conformance/gateway-probe.ts';

const HELP = `Usage: npm run conformance -- gateway [--library KEY] [--id ID] [--host ADDRESS] [--port PORT] [--seconds NUMBER]
       npm run conformance -- driver KIND --link LINK [--settings JSON] [--antennas 1,2] [--seconds NUMBER]

gateway  opens a broker, says how to sign in, and judges the gateway that comes by the MQTT contract (docs/vendors.md). The
         connection is cut once on purpose. Ends as soon as everything was seen, at the latest after --seconds (default 120).
driver   judges a driver of this checkout against a device, real or simulated, by the driver contract; watches it for
         --seconds (default 20).

Ends with status 0 when every rule was kept, 1 when one was broken or never seen.`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** After everything was seen once, this much longer: breaches often come later. */
const LINGER_MS = 5000;

async function gateway(values: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const library = values['library'] ?? 'demo';
  const id = values['id'] ?? 'gw-vendor';
  const probe = new GatewayProbe({
    library,
    gateway: id,
    host: values['host'] ?? '127.0.0.1',
    port: Number(values['port'] ?? 0),
  });
  await probe.start();
  say(`Point the gateway at   ${probe.url}`);
  say(`library, gateway       ${library}, ${id}`);
  say(`user name, client id   ${probe.username}`);
  say(`password               ${probe.secret}\n`);
  const endMs = performance.now() + Number(values['seconds'] ?? 120) * 1000;
  while (probe.waitsFor.length > 0 && performance.now() < endMs) await delay(200);
  await delay(Math.max(0, Math.min(LINGER_MS, endMs - performance.now())));
  await probe.close();
  for (const line of probe.report.lines()) say(line);
  return probe.report.isPassed;
}

async function driver(kind: string, values: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const definition = findDriver(kind);
  const address = parseLinkAddress(values['link'] ?? '');
  const settings = JSON.parse(values['settings'] ?? '{}') as unknown;
  if (definition === undefined) throw new Error(`there is no driver "${kind}"; one of ${DRIVER_KINDS.join(', ')}`);
  if (!address.ok) throw new Error(`--link: ${address.error}`);
  const checked = definition.checkSettings(settings);
  if (!checked.ok) throw new Error(`--settings: ${checked.error}`);
  const report = await judgeDriver({
    driver: definition,
    settings,
    antennas: (values['antennas'] ?? '1').split(',').map(Number),
    openLink: (signal) => openLink(address.value, signal),
    watchMs: Number(values['seconds'] ?? 20) * 1000,
  });
  for (const line of report.lines()) say(line);
  return report.isPassed;
}

const text = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  options: {
    library: text,
    id: text,
    host: text,
    port: text,
    seconds: text,
    link: text,
    settings: text,
    antennas: text,
  },
  allowPositionals: true,
});
const [what, kind] = positionals;
if (what === 'gateway') process.exitCode = (await gateway(values)) ? 0 : 1;
else if (what === 'driver' && kind !== undefined) process.exitCode = (await driver(kind, values)) ? 0 : 1;
else {
  say(HELP);
  process.exitCode = 2;
}
