/** Run as a process of its own and killed by the test: writes numbered sightings and says which are durable. */
import { Outbox } from '#gateway/outbox/outbox.ts';
import { tagSeen } from '#test/gateway/fakes/observations.ts';
import { clock, silentLog } from '#test/gateway/fakes/world.ts';

const [path = '', from = '0'] = process.argv.slice(2);
const outbox = new Outbox({ path, clock, log: silentLog, bytesMax: 1e9, ageMsMax: 1e12, isClockSynced: () => true });
for (let n = Number(from); ; n += 3) {
  outbox.add([tagSeen(n), tagSeen(n + 1, 'update'), tagSeen(n + 2)]);
  if (outbox.flush()) process.stdout.write(`${String(n)}\n${String(n + 1)}\n${String(n + 2)}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
