/** Where the command line speaks: results to standard output, complaints to standard error. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A complaint that names what to do about it. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Resolves at the first Ctrl-C or SIGTERM. A second one ends the process at once, for the impatient. */
export function untilAskedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isAsked = false;
    const ask = (signal: NodeJS.Signals): void => {
      if (isAsked) process.exit(130);
      isAsked = true;
      resolve(signal);
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
  });
}
