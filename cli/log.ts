import pino, { type Logger } from 'pino';

/**
 * The root logger: one JSON object a line on standard error, so that standard output is left to what a person asked for.
 * What must never be logged is listed here and nowhere else.
 */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ['password', 'secret', 'token', 'cookie', '*.password', '*.secret', '*.token', '*.cookie'],
        censor: '[hidden]',
      },
    },
    pino.destination({ fd: 2, sync: false }),
  );
}
