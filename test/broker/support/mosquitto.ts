/** The clients of Mosquitto, as a second opinion on what MQTT is. */
import { spawn } from 'node:child_process';

export interface MosquittoRun {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs `mosquitto_pub` or `mosquitto_sub` to its end. */
export function mosquitto(
  command: 'mosquitto_pub' | 'mosquitto_sub',
  args: readonly string[],
  input?: string,
): Promise<MosquittoRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({ exitCode, output });
    });
  });
}
