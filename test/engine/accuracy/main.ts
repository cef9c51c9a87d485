/** Prints how often the engine is right: `node --import tsx test/engine/accuracy/main.ts [minutes] [seed...]`. */
import { AccuracyRun } from './accuracy-run.ts';

const MINUTE_MS = 60_000;
const [minutes = 10, ...seeds] = process.argv
  .slice(2)
  .filter((word) => /^\d+$/.test(word))
  .map(Number);
const isBusy = process.argv.includes('busy');
const isWordy = process.argv.includes('wordy');

for (const seed of seeds.length === 0 ? [1] : seeds) {
  const startedMs = performance.now();
  const rates = isBusy ? { arrivalsPerMinute: 40, openingVisitors: 200, misplacedShare: 0.4, stayMinutes: 2 } : {};
  const run = new AccuracyRun({ seed, rates });
  const say = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  for (let minute = 1; minute <= minutes; minute += 1) {
    run.run(MINUTE_MS);
    if (minute !== 1 && minute !== 2 && minute !== 5 && minute !== minutes) continue;
    const { items, exact, near, unseen, departed } = run.still();
    const moves = [...run.countOfUntouched('item-moved').values()];
    const left = run.countOfUntouched('item-departed').size;
    const { of, listed, missing } = run.misplaced();
    const percent = (part: number): string => `${((100 * part) / items).toFixed(2)} %`;
    say(
      `seed ${seed}, ${minute} min: ${items} untouched, exact ${percent(exact)} (${items - exact} not), near ${percent(near)}, unseen ${unseen}, departed ${departed}; ` +
        `moved ${moves.length}, twice ${moves.filter((count) => count > 1).length}, shown departed ${left}; ` +
        `false lines ${run.falseLines.length} (+${run.lateLines.length} touched), listed ${listed} of ${of}`,
    );
    if (minute === minutes) {
      const rules = new Map<string, number>();
      const untouched = new Set(run.untouched().map((item) => run.library.stock.barcodeOf(item)));
      for (const fact of run.facts) {
        if (fact.kind !== 'item-moved' || !untouched.has(fact.subject)) continue;
        rules.set(fact.evidence.rule, (rules.get(fact.evidence.rule) ?? 0) + 1);
        if (isWordy)
          say(
            `   ${(Date.parse(fact.at) - run.library.startMs) / 1000} s ${fact.evidence.rule} ${String(fact.from)} > ${String(fact.to)} truth ${run.library.stock.placeOf(run.library.demo.items.findIndex(({ barcode }) => barcode === fact.subject))}`,
          );
      }
      say(`   moves of untouched items by rule: ${JSON.stringify([...rules])}`);
    }
    if (isWordy && minute === minutes)
      for (const line of [...missing, ...run.falseLines, ...run.lateLines]) say(`   ${line}`);
  }
  for (const [kind, { right, of }] of [...run.noticed].sort()) say(`   ${kind}: ${right} of ${of}`);
  if (isWordy) for (const line of run.missed) say(`   missed: ${line}`);
  const tookMs = performance.now() - startedMs;
  say(
    `   ${run.observations} observations (${Math.round(run.observations / minutes / 60)}/s), engine ${Math.round(run.observations / (run.engineMs / 1000))}/s, ${(tookMs / 1000).toFixed(1)} s`,
  );
}
