/**
 * Kills a kiosk at random instants, over and over, while it lends and takes back through a library system that loses answers,
 * drops lines and goes away. In the end every loan that a reader was told of is in the books exactly once, and no tag
 * has the wrong security without a task.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ListTagsResult } from '#contract/wire/commands.ts';
import type { Observation } from '#contract/wire/observation.ts';
import type { CommandOutcome } from '#gateway/commands/command-desk.ts';
import { openDoor, type Door } from '#gateway/local/door.ts';
import { Outbox } from '#gateway/outbox/outbox.ts';
import { createRandom, type Random } from '#sim/random/random.ts';
import { startIls, type RunningIls } from '#sim/ils/ils.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { ACCOUNT, KEY, sip2Config } from '#test/lending/fakes/branch.ts';
import { silentLog } from '#test/gateway/fakes/world.ts';

export interface Hand {
  readonly n: number;
  readonly kind: 'loan' | 'return';
  readonly item: string;
  readonly tag: string;
  readonly card: string;
  readonly pin: string;
}
export type Told =
  { readonly n: number; readonly isDone: boolean; readonly metrics: string } | { readonly open: number };

export interface FaultRun {
  readonly seed: number;
  readonly folder: string;
  /** How often the kiosk is killed. */
  readonly kills: number;
}

export interface FaultReport {
  /** Sentences; none is what it must be. */
  readonly faults: readonly string[];
  readonly handled: number;
  readonly told: number;
  readonly lent: number;
  readonly tasks: number;
  readonly cards: readonly string[];
  /** Everything the kiosk wrote on its log and told as metrics. */
  readonly words: string;
}

const SECRET = 'a-secret-of-the-box';
const PIN = '90817263';
const SETTLE_MS = 20_000;

export async function runFaults({ seed, folder, kills }: FaultRun): Promise<FaultReport> {
  const random = createRandom(seed, 'lending-faults');
  const branch = await openBranch(folder, seed, kills * 4);
  const words: string[] = [];
  const told = new Map<number, boolean>();
  const hands: Hand[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const kiosk = await startKiosk(branch, words);
    kiosk.on('message', (message: Told) => {
      if (!('n' in message)) return;
      told.set(message.n, message.isDone);
      words.push(message.metrics);
    });
    const first = hands.length;
    for (let at = 0; at < 4; at += 1) {
      const hand = nextHand(hands, told, random);
      hands.push(hand);
      kiosk.send(hand);
      if (random.next() < 0.3) branch.ils.setAway(random.next() < 0.5);
    }
    await waitUntil(() => told.has(first), 1 + Math.floor(random.next() * 400));
    kiosk.kill('SIGKILL');
    await once(kiosk, 'exit');
  }
  branch.ils.setAway(false);
  branch.ils.setFaults({ lostAnswerShare: 0, droppedAfterShare: 0, droppedBeforeShare: 0 });
  await settle(branch, words);
  const report = judge(branch, hands, told);
  await branch.close();
  return { ...report, cards: [...branch.cards, PIN], words: words.join('\n') };
}

interface Branch {
  readonly folder: string;
  readonly ils: RunningIls;
  readonly door: Door;
  readonly secured: Map<string, boolean>;
  readonly cards: readonly string[];
  tasks(): { readonly item: string; readonly code: string }[];
  close(): Promise<void>;
}

async function openBranch(folder: string, seed: number, items: number): Promise<Branch> {
  const cards = ['CARD-4711-ADA', 'CARD-4712-BOB', 'CARD-4714-CEM'];
  const ils = await startIls({
    seed,
    clock: systemClock,
    patrons: cards.map((id, at) => ({ id, name: `Reader ${at}`, pin: PIN })),
    items: Array.from({ length: items }, (_, at) => ({ barcode: `B${at}`, title: `Title ${at}`, branch: 'MAIN' })),
    accounts: [ACCOUNT],
    rules: { loansMax: 1e6 },
    faults: { lostAnswerShare: 0.03, droppedAfterShare: 0.03, droppedBeforeShare: 0.03 },
  });
  const outbox = new Outbox({
    path: join(folder, 'gateway', 'outbox.db'),
    clock: systemClock,
    log: silentLog,
    bytesMax: 1e9,
    ageMsMax: 1e12,
    isClockSynced: () => true,
  });
  const secured = new Map<string, boolean>();
  const execute = ({ kind, args }: { kind: string; args: Record<string, unknown> }): Promise<CommandOutcome> => {
    if (kind !== 'set-security') return Promise.resolve({ outcome: 'done', result: NO_TAGS });
    // One in twenty has been taken from the pad.
    const tag = String(args['tag']);
    if (Number.parseInt(tag.slice(-4), 16) % 20 === 0) return Promise.resolve({ outcome: 'failed', code: 'no-tag' });
    secured.set(tag, args['secured'] === true);
    return Promise.resolve({ outcome: 'done', result: {} });
  };
  const door = await openDoor({
    address: { host: '127.0.0.1', port: 0 },
    secret: SECRET,
    gateway: 'gw-1',
    outbox,
    clock: systemClock,
    log: silentLog,
    execute,
    onAnswered: () => undefined,
  });
  return {
    folder,
    ils,
    door,
    secured,
    cards,
    tasks: () => tasksIn(outbox),
    close: async () => {
      await door.close();
      outbox.close();
      await ils.close();
    },
  };
}

const NO_TAGS: ListTagsResult = { tags: [], patronCards: 0, unread: 0 };

function tasksIn(outbox: Outbox): { readonly item: string; readonly code: string }[] {
  outbox.flush();
  outbox.rewind();
  return outbox.take(1_000_000).flatMap(({ bytes }) => {
    const { observations } = JSON.parse(new TextDecoder().decode(bytes)) as { observations: Observation[] };
    return observations.flatMap((one) =>
      one.kind === 'input' && one.input.kind === 'lending-task'
        ? [one.input as unknown as { item: string; code: string }]
        : [],
    );
  });
}

async function startKiosk({ folder, ils, door }: Branch, words: string[]): Promise<ChildProcess> {
  const config = {
    library: 'town',
    folder: join(folder, 'lending'),
    key: KEY,
    ils: sip2Config(ils.port),
    offline: { holdsAgeHoursMax: 0, loansPerPatronMax: 1000 },
    unclearMs: 300,
    gateway: { address: `tcp://127.0.0.1:${door.port ?? 0}`, secret: SECRET },
  };
  const child = fork('test/lending/faults/kiosk-process.ts', [JSON.stringify(config)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.stderr?.on('data', (chunk: Uint8Array) => words.push(new TextDecoder().decode(chunk)));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the kiosk ended by itself: ${words.slice(-3).join('')}`);
  });
  ended.catch(() => undefined);
  await Promise.race([once(child, 'message'), ended]);
  return child;
}

/** Another copy each time, and now and then one comes back that was lent. */
function nextHand(hands: readonly Hand[], told: ReadonlyMap<number, boolean>, random: Random): Hand {
  const n = hands.length;
  const returned = new Set(hands.filter(({ kind }) => kind === 'return').map(({ item }) => item));
  const lent = hands.filter((hand) => hand.kind === 'loan' && told.get(hand.n) === true && !returned.has(hand.item));
  const back = random.next() < 0.3 ? lent[Math.floor(random.next() * lent.length)] : undefined;
  if (back !== undefined) return { ...back, n, kind: 'return' };
  const card = ['CARD-4711-ADA', 'CARD-4712-BOB', 'CARD-4714-CEM'][n % 3] ?? '';
  const tag = `uid:E004${(0x1000_0000_0000 + n).toString(16).toUpperCase()}`;
  return { n, kind: 'loan', item: `B${n}`, tag, card, pin: PIN };
}

/** One more life, undisturbed, until nothing is open. */
async function settle(branch: Branch, words: string[]): Promise<void> {
  const kiosk = await startKiosk(branch, words);
  let open = -1;
  kiosk.on('message', (message: Told) => {
    if ('open' in message) open = message.open;
  });
  await waitUntil(() => open === 0, SETTLE_MS);
  if (open !== 0) words.push(`unsettled: ${open}`);
  kiosk.disconnect();
  await once(kiosk, 'exit');
}

async function waitUntil(isSo: () => boolean, forMs: number): Promise<void> {
  const endMs = Date.now() + forMs;
  while (!isSo() && Date.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 5));
}

function judge(branch: Branch, hands: readonly Hand[], told: ReadonlyMap<number, boolean>) {
  const { books } = branch.ils;
  const tasks = branch.tasks();
  const withTask = new Set(tasks.map(({ item }) => item));
  const faults: string[] = [];
  const loans = hands.filter(({ kind }) => kind === 'loan');
  for (const { n, item, tag, card } of loans) {
    const events = books.events.filter(({ barcode }) => barcode === item);
    const lent = events.filter(({ kind }) => kind === 'lent').length;
    const back = hands.find((hand) => hand.kind === 'return' && hand.item === item);
    const wasTold = told.get(n) === true;
    if (events.some(({ kind }) => kind === 'renewed' || kind === 'closed-by-other')) faults.push(`${item}: twice`);
    if (lent > 1) faults.push(`${item}: lent ${lent} times`);
    if (wasTold && lent !== 1 && !withTask.has(item)) faults.push(`${item}: told, and lent ${lent} times`);
    const loan = books.loanOf(item);
    if (loan !== undefined && loan.patronId !== card) faults.push(`${item}: lent to another`);
    // A book that was held to a dead kiosk is nobody's return; one that was acknowledged is.
    const wasReturned = back !== undefined && told.get(back.n) === true;
    if (wasReturned && loan !== undefined && !withTask.has(item)) faults.push(`${item}: returned and still lent`);
    const mustBeSecured = loan === undefined;
    const isSecured = branch.secured.get(tag) ?? true;
    if (isSecured !== mustBeSecured && !withTask.has(item)) {
      faults.push(`${item}: ${isSecured ? 'secured' : 'open'} and ${mustBeSecured ? 'not lent' : 'lent'}`);
    }
  }
  const lent = books.events.filter(({ kind }) => kind === 'lent').length;
  const toldCount = [...told.values()].filter(Boolean).length;
  return { faults, handled: hands.length, told: toldCount, lent, tasks: tasks.length };
}
