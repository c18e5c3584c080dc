/** One line an event on stderr: time, level, message, fields as JSON. Secrets never get here: config is logged by name. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'off'] as const;
export type LogLevel = (typeof logLevels)[number];

export type LogFields = Readonly<Record<string, unknown>>;
export type Log = {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
};

export function createLog(threshold: LogLevel, write = writeToStderr): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields?: LogFields): void => {
      if (logLevels.indexOf(level) < logLevels.indexOf(threshold)) return;
      write(formatLine(new Date(), level, message, fields));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function formatLine(time: Date, level: LogLevel, message: string, fields?: LogFields): string {
  const tail = fields && Object.keys(fields).length > 0 ? ` ${toJson(fields)}` : '';
  return `${time.toISOString()} ${level.padEnd(5)} ${message}${tail}\n`;
}

/** Errors keep their message and cause chain; a stack is for `debug`, not for an operator's first look. */
function toJson(fields: LogFields): string {
  return JSON.stringify(fields, (_, value: unknown) => {
    if (value instanceof Error) return describeError(value);
    return typeof value === 'bigint' ? value.toString() : value;
  });
}

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` <- ${describeError(error.cause)}`;
  return `${error.message}${cause}`;
}

function writeToStderr(line: string): void {
  process.stderr.write(line);
}
