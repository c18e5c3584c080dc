/**
 * How much of the user's content may leave the process.
 *
 * @example init({ capture: 'off' });
 */
export type Capture = 'off' | 'metadata' | 'full';

/**
 * Last word on every captured value; what it returns is written instead. When it throws, nothing of the value is.
 *
 * @example const redact: Redact = (key, value) => (key === 'iban' ? '[iban]' : value);
 */
export type Redact = (key: string, value: unknown) => unknown;

export type Settings = {
  capture?: Capture;
  redact?: Redact;
  maxAttributeBytes?: number;
  /** Report tools and handoffs that go in circles. On by default. */
  loops?: boolean;
};

const key: unique symbol = Symbol.for('orchescope.sdk.settings') as never;

/** One object for the process: the ESM and the CommonJS copy of this package read the same settings. */
export const settings = (): Settings => (known ??= fromProcess());

let known: Settings | undefined;

const fromProcess = (): Settings => {
  const holder = globalThis as { [key]?: Settings };
  return (holder[key] ??= {});
};

/** The environment, or nothing where there is no process. */
export const env = (name: string): string | undefined => {
  const value = globalThis.process?.env?.[name]?.trim();
  return value === '' ? undefined : value;
};

/** Keeps what was told; what was left out stays as it is. */
export const settle = ({ capture, redact, maxAttributeBytes, loops }: Settings): void => {
  Object.assign(settings(), {
    ...(capture && { capture }),
    ...(redact && { redact }),
    ...(maxAttributeBytes && { maxAttributeBytes }),
    ...(loops !== undefined && { loops }),
  });
};
