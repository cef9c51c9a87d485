#!/usr/bin/env node
/** The command line of Shelfwise: starts one role or several, and looks after devices and accounts. */
import { runCommandLine } from './cli/run.ts';

process.exitCode = await runCommandLine(process.argv.slice(2));
