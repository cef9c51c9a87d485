/** Prints the one line that says how the run went, last and alone: `N passed, N failed, N skipped`. */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const tail = skipped > 0 ? `, ${String(skipped)} skipped` : '';
    // Jest's own summary is written after the reporters of the configuration, so ours waits for the end of the process.
    process.once('exit', () => {
      process.stdout.write(`\n${String(results.numPassedTests)} passed, ${String(failed)} failed${tail}\n`);
    });
  }
}
