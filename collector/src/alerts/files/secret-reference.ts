/** Files lie in repositories: a secret is named in them, and stands in the environment. */

/** Null when nothing is set: a variable that is empty is as good as missing. */
export type Environment = (name: string) => string | null;

export function toEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  return (name) => {
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    return value === undefined || value === '' ? null : value;
  };
}

/** Name of the variable; null of what is no reference. */
export function readReference(text: string): string | null {
  return /^\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(text)?.[1] ?? null;
}

/** Where an exported channel expects its secret. */
export function toReference(channel: string): string {
  return `\${env:ORCHESCOPE_CHANNEL_${channel.replaceAll('-', '_').toUpperCase()}}`;
}
