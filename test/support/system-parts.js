/**
 * The real counterparts that the tests talk to, from Debian's packages. Installs what is missing when it may (root and
 * apt-get), and otherwise says in one line what to install. Never skips in silence.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PARTS = [
  { package: 'chromium', paths: [process.env['CHROMIUM'] ?? '/usr/bin/chromium'] },
  { package: 'influxdb', paths: ['/usr/bin/influxd', '/usr/sbin/influxd'] },
  { package: 'mosquitto-clients', paths: ['/usr/bin/mosquitto_pub'] },
  { package: 'socat', paths: ['/usr/bin/socat'] },
  { package: 'openssl', paths: ['/usr/bin/openssl'] },
  { package: 'fonts-wqy-microhei', paths: ['/usr/share/fonts/truetype/wqy/wqy-microhei.ttc'] },
];

const missing = PARTS.filter((part) => !part.paths.some((path) => existsSync(path))).map((part) => part.package);
if (missing.length > 0) {
  const line = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  process.stdout.write(mayInstall ? `Installing for the tests: ${missing.join(' ')}\n` : '');
  const run = (args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const isInstalled =
    mayInstall && run(['update', '-qq']) && run(['install', '-y', '-qq', '--no-install-recommends', ...missing]);
  if (!isInstalled) {
    process.stderr.write(`The tests need real counterparts that are not here. Install them first:\n  ${line}\n`);
    process.exit(1);
  }
}
