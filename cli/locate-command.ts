/** Where tags are, from a recording of reads: the edge and the engine of the live system, in the recording's own time. */
import { readFileSync } from 'node:fs';
import { AppError } from '#contract/errors.ts';
import { ASSET_TRACKING, RETAIL_GARMENT, type MobilityProfile } from '#engine/baseline/mobility-profile.ts';
import { LineWriter, readLines } from './bench-lines.ts';
import { type Arguments, asError, type Command, text, wholeNumber } from './command.ts';
import { BaselineRun } from './locate/baseline-run.ts';
import { LocateRun, type LocateRule } from './locate/locate-run.ts';
import { locatePlan, type LocatePlan } from './locate/plan-file.ts';
import { parseHeader, parseRead, type RecordedRead, type RecordingHeader } from './locate/recording.ts';
import { ReorderWindow } from './locate/reorder-window.ts';
import { complain } from './terminal.ts';

const HELP = `Usage: shelfwise locate --plan plan.json [FILE]

Reads a recording from FILE or from standard input, one read a line, and prints where the tags are: every change of place as
it is found, one JSON object a line, and at the end one line for each tag.

  time_ms,reader,antenna,tag,rssi_dbm
  0,reader-1,1,E28011700000020A1B2C3D4E,-58
  137,reader-1,2,E28011700000020A1B2C3D4E,-64.5

The first line names the columns, in any order; others are passed over. Times are milliseconds since 1970 or since anything
else. An empty rssi_dbm stands for a reader that does not measure it. Lines need not be in order of time.

  {"at":137,"tag":"E280…","fact":"arrived","place":"shelf-4","from":null,"confidence":0.93}
  {"tag":"E280…","place":"shelf-4","confidence":0.97}

"fact" is arrived, moved or departed; "place" is null for a tag that is nowhere.

The plan is a JSON object:

  {"readPoints":[{"reader":"reader-1","antenna":1,"place":"shelf-4","x":0,"y":1.2}],
   "neighbours":[["shelf-4","shelf-5"]],
   "references":[{"tag":"E280…","place":"shelf-5"}],
   "schedule":[{"reader":"reader-1","cycleMs":32000,"dwellMs":2000}]}

Only readPoints must be there. x and y are metres; neighbours are places whose antennas hear each other's tags nearly as well
as their own; references are tags that are known to stand at a place, by which antennas are calibrated; schedule says how a
reader takes its antennas in turn, which is inferred from the reads otherwise.

Lines that cannot be read are named on standard error with number and field; the rest goes on, and the exit status is 1 at the
end.

Options:
  --plan FILE      the plan
  --window LINES   how many lines a read may stand away from its turn (${String(1_000_000)}); 0 prints each fact at once
  --rule NAME      "baseline" decides by the rule of the best-known open inventory engine instead, for comparison, and
                   "baseline-retail-garment" by its second profile; neither knows doubt, so their confidence is always 1`;

const BASELINES: Readonly<Record<string, MobilityProfile>> = {
  baseline: ASSET_TRACKING,
  'baseline-retail-garment': RETAIL_GARMENT,
};

const WINDOW_LINES = 1_000_000;
const WINDOW_LINES_MAX = 100_000_000;
/** Further faults are counted. */
const FAULTS_NAMED_MAX = 100;

export const locateCommand: Command = {
  name: 'locate',
  summary: 'print where tags are, from a recording of reads',
  help: HELP,
  wordsMax: 1,
  options: { plan: { type: 'string' }, window: { type: 'string' }, rule: { type: 'string' } },
  run: async (typed) => {
    const run = ruleOf(typed, planOf(typed));
    const window = wholeNumber(typed, 'window', WINDOW_LINES_MAX) ?? WINDOW_LINES;
    return locateLines(run, { file: typed.words[0], window });
  },
};

/** Errors: `API_BAD_INPUT` (no such rule). */
function ruleOf(typed: Arguments, plan: LocatePlan): LocateRule {
  const name = text(typed, 'rule');
  if (name === undefined) return new LocateRun(plan);
  const profile = BASELINES[name];
  if (profile !== undefined) return new BaselineRun(plan, profile);
  throw new AppError('API_BAD_INPUT', `--rule takes ${Object.keys(BASELINES).join(' or ')}, not "${name}"`);
}

/** Errors: `API_BAD_INPUT` (no plan, or one that does not fit, with the path of the first fault). */
function planOf(typed: Arguments): LocatePlan {
  const file = text(typed, 'plan');
  if (file === undefined) throw new AppError('API_BAD_INPUT', `--plan names the plan of the recording\n\n${HELP}`);
  let body: unknown;
  try {
    body = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error: unknown) {
    throw new AppError('API_BAD_INPUT', `${file} cannot be read: ${asError(error).message}`, {}, { cause: error });
  }
  const parsed = locatePlan.safeParse(body);
  if (parsed.success) return parsed.data;
  const [fault] = parsed.error.issues;
  throw new AppError('API_BAD_INPUT', `${file}: ${fault?.path.join('.') ?? ''}: ${fault?.message ?? 'no plan'}`);
}

interface NumberedRead extends RecordedRead {
  readonly line: number;
}

async function locateLines(
  run: LocateRule,
  { file, window }: { readonly file: string | undefined; readonly window: number },
): Promise<number> {
  const out = new LineWriter();
  const faults = new FaultList();
  const ordered = new ReorderWindow<NumberedRead>(window);
  let header: RecordingHeader | undefined;
  const put = async (read: NumberedRead | undefined): Promise<void> => {
    if (read === undefined) return;
    const field = run.push(read);
    if (field !== undefined) faults.add(read.line, field, `"${read[field]}" is not in the plan`);
    for (const fact of run.takeFacts()) await out.put(JSON.stringify(fact));
    if (window === 0) await out.flush();
  };
  for await (const { number, text: line } of readLines(file)) {
    if (header === undefined) {
      header = headerOf(line ?? '');
      continue;
    }
    const read = line === undefined ? undefined : parseRead(line, header);
    if (read === undefined) faults.add(number, 'line', 'it is too long');
    else if (!read.ok) faults.add(number, read.error.field, read.error.detail);
    else await put(ordered.push({ ...read.value, line: number }));
    if (out.isGone) break;
  }
  for (const read of ordered.drain()) await put(read);
  const answers = run.end();
  for (const fact of run.takeFacts()) await out.put(JSON.stringify(fact));
  for (const answer of answers) await out.put(JSON.stringify(answer));
  await out.flush();
  return faults.close();
}

/** Errors: `API_BAD_INPUT`. */
function headerOf(line: string): RecordingHeader {
  const header = parseHeader(line);
  if (header.ok) return header.value;
  throw new AppError('API_BAD_INPUT', header.error.detail);
}

/** Lines that could not be read: the first ones are named, all are counted. */
class FaultList {
  #count = 0;

  add(line: number, field: string, detail: string): void {
    this.#count += 1;
    if (this.#count <= FAULTS_NAMED_MAX) complain(`line ${String(line)}: ${field}: ${detail}`);
  }

  /** The exit status. */
  close(): number {
    const unnamed = this.#count - FAULTS_NAMED_MAX;
    if (unnamed > 0) complain(`${String(unnamed)} more lines could not be read`);
    return this.#count === 0 ? 0 : 1;
  }
}
