/** One role in a process of its own, as a container or a system service runs it. */
import type { RunningRole } from '#contract/role.ts';
import { startBroker } from '#broker/main.ts';
import { startDashboard } from '#dashboard/server/main.ts';
import { startGateway } from '#gateway/main.ts';
import { startLending } from '#lending/main.ts';
import { startSim } from '#sim/main.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import type { Logger } from 'pino';
import { type Arguments, type Command, text } from './command.ts';
import { readSettings, type Section, type Settings } from './config.ts';
import { createLog } from './log.ts';
import { processMetrics } from './metrics.ts';
import { startEngineWithHistory } from './start-centre.ts';
import { say, untilAskedToStop } from './terminal.ts';
import { version } from './version.ts';

interface RoleParts {
  readonly name: Section;
  readonly summary: string;
  readonly about: string;
  readonly start: (settings: Settings, log: Logger) => Promise<{ readonly role: RunningRole; readonly line: string }>;
}

const OPTIONS_HELP = `Options:
  --config FILE   YAML or JSON; the section of this role and the shared keys are read
  --data FOLDER   the data folder (default .data)
  --log LEVEL     debug, info, warn or error (default info)

Ctrl-C or SIGTERM ends it cleanly.`;

/** A section that was asked for has been parsed; its absence is a fault of ours. */
function section<Name extends Section>(settings: Settings, name: Name): NonNullable<Settings[Name]> {
  const found = settings[name];
  if (found === undefined) throw new Error(`settings of ${name} were not read`);
  return found;
}

function roleCommand({ name, summary, about, start }: RoleParts): Command {
  return {
    name,
    summary,
    help: `Usage: shelfwise ${name} [--config FILE] [--data FOLDER] [--log LEVEL]\n\n${about}\n\n${OPTIONS_HELP}`,
    options: { config: { type: 'string' }, data: { type: 'string' }, log: { type: 'string' } },
    run: async (typed: Arguments) => {
      const settings = readSettings({
        file: text(typed, 'config'),
        folder: text(typed, 'data'),
        logLevel: text(typed, 'log'),
        sections: [name],
      });
      const log = createLog(settings.logLevel);
      const { role, line } = await start(settings, log);
      say(line);
      const signal = await untilAskedToStop();
      log.info({ signal }, 'stopping');
      await role.close();
      return 0;
    },
  };
}

const clock = systemClock;

export const gatewayCommand = roleCommand({
  name: 'gateway',
  summary: 'read RFID readers and send what they see to the broker',
  about: `Reads the readers of a branch and keeps what they saw in an outbox on disk until the broker has it.
The outbox lies in the folder "gateway" of the data folder, unless the configuration says otherwise.
The secret comes from SHELFWISE_GATEWAY_SECRET, or from the file that SHELFWISE_GATEWAY_SECRET_FILE names.`,
  start: async (settings, log) => {
    const config = section(settings, 'gateway');
    const role = await startGateway(config, { log, clock, metrics: processMetrics(), version: version() });
    return { role, line: `gateway ${config.id} of ${config.library} -> ${config.broker}` };
  },
});

export const lendingCommand = roleCommand({
  name: 'lending',
  summary: "lend and take back through the library's own system, also while it is away",
  about: `Serves kiosks and SIP2 terminals of a branch, and keeps on disk what the library's system does not know yet.
lending.db lies in the folder "lending" of the data folder, unless the configuration says otherwise.
Secrets come from SHELFWISE_LENDING_KEY, SHELFWISE_ILS_SECRET, SHELFWISE_LOCAL_SECRET and SHELFWISE_WEBHOOK_SECRET, or
from the files that the same names with _FILE point to.`,
  start: async (settings, log) => {
    const config = section(settings, 'lending');
    const role = await startLending(config, { log, clock, metrics: processMetrics() });
    const proxy = role.proxyPort === undefined ? '' : `, SIP2 on port ${role.proxyPort}`;
    return { role, line: `lending of ${config.library} through ${config.ils.kind}${proxy}` };
  },
});

export const brokerCommand = roleCommand({
  name: 'broker',
  summary: 'take events in over MQTT and keep them in the journal',
  about: 'Listens for gateways and sensors, journals what they send before acknowledging it. One per data folder.',
  start: async (settings, log) => {
    const config = section(settings, 'broker');
    const role = await startBroker(config, { log, clock, metrics: processMetrics(), portPolicy: 'exact' });
    return { role, line: `broker on ${config.host}:${role.port}, data in ${config.folder}` };
  },
});

export const engineCommand = roleCommand({
  name: 'engine',
  summary: 'turn the journal into places, levels and alarms',
  about: `Reads the journal of the broker on the same host, keeps the state and the fact log, writes the history.
The password of InfluxDB comes from SHELFWISE_INFLUX_PASSWORD or SHELFWISE_INFLUX_PASSWORD_FILE.`,
  start: async (settings, log) => {
    const config = section(settings, 'engine');
    const role = await startEngineWithHistory(settings, { log, clock, metrics: processMetrics() });
    return { role, line: `engine on the journal in ${config.folder}` };
  },
});

export const dashboardCommand = roleCommand({
  name: 'dashboard',
  summary: 'serve the web application, the REST API and live updates',
  about: `Serves people and programs. The first admin's password is made at the first start and printed once.
The password of InfluxDB comes from SHELFWISE_INFLUX_PASSWORD or SHELFWISE_INFLUX_PASSWORD_FILE.`,
  start: async (settings, log) => {
    const config = section(settings, 'dashboard');
    const role = await startDashboard(config, { log, clock, metrics: processMetrics(), portPolicy: 'exact' });
    const first = role.firstAdmin;
    const line = `dashboard on ${role.url}, data in ${config.folder}`;
    return {
      role,
      line:
        first === undefined ? line : `${line}\nfirst admin: ${first.name}   password (shown once): ${first.password}`,
    };
  },
});

export const simCommand = roleCommand({
  name: 'sim',
  summary: 'a virtual library whose readers speak the real protocols',
  about: `Serves simulated readers on fixed ports and writes plan.json, items.json and gateway.yaml that fit them into its folder
("sim" in the data folder, unless the configuration says otherwise).`,
  start: async (settings, log) => {
    const config = section(settings, 'sim');
    const role = await startSim(config, { log, clock });
    return { role, line: `simulated library, files in ${config.folder}` };
  },
});
