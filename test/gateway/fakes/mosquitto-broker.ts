/** A real Mosquitto on a free loopback port: the foreign broker. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect as connectTcp, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { connectAsync, type MqttClient } from 'mqtt';

const USER = 'shelfwise';

export class MosquittoBroker {
  readonly password = 'foreign-secret';
  readonly username = USER;
  port = 0;
  #folder = '';
  #child: ChildProcess | undefined;
  #publisher: MqttClient | undefined;

  get address(): string {
    return `mqtt://127.0.0.1:${String(this.port)}`;
  }

  async start(): Promise<this> {
    this.#folder = await mkdtemp(join(tmpdir(), 'shelfwise-mosquitto-'));
    this.port = await freePort();
    const passwords = join(this.#folder, 'passwords');
    const rights = join(this.#folder, 'rights');
    await writeFile(passwords, `${USER}:${this.password}\n`);
    execFileSync('mosquitto_passwd', ['-U', passwords]);
    await writeFile(rights, `user ${USER}\ntopic readwrite zebra/#\ntopic readwrite r700/#\ntopic readwrite rfd40/#\n`);
    const lines = [
      `listener ${String(this.port)} 127.0.0.1`,
      'allow_anonymous false',
      `password_file ${passwords}`,
      `acl_file ${rights}`,
      // Started as root it would become another user, who may not read the folder.
      'user root',
      'persistence false',
    ];
    await writeFile(join(this.#folder, 'mosquitto.conf'), lines.join('\n'));
    await this.up();
    return this;
  }

  async up(): Promise<void> {
    const child = spawn('mosquitto', ['-c', join(this.#folder, 'mosquitto.conf')], { stdio: 'ignore' });
    this.#child = child;
    for (let tries = 0; !(await isOpen(this.port)); tries += 1) {
      if (tries > 200 || child.exitCode !== null) throw new Error('mosquitto did not start');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Gone at once, like a broker whose power was cut. */
  async down(): Promise<void> {
    await this.#publisher?.endAsync(true);
    this.#publisher = undefined;
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async publish(topic: string, payload: string, { retain = false } = {}): Promise<void> {
    const { username, password } = this;
    this.#publisher ??= await connectAsync(this.address, { username, password });
    await this.#publisher.publishAsync(topic, payload, { qos: 1, retain });
  }

  async close(): Promise<void> {
    await this.down();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ port, host: '127.0.0.1' });
    socket.once('error', () => {
      resolve(false);
    });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
