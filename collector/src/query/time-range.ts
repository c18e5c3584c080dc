/** `now-24h` and ISO times as nanoseconds. The contract has checked the spelling. */

const nanosecondsPer: Readonly<Record<string, bigint>> = {
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};

/** Null for a date that does not exist, such as the 30th of February. */
export function toUnixNano(expression: string, nowUnixNano: bigint): bigint | null {
  const relative = /^now(?:-(\d+)([smhdw]))?$/.exec(expression);
  if (relative !== null) {
    const [, amount = '0', unit = 's'] = relative;
    const nanoseconds = nowUnixNano - BigInt(amount) * (nanosecondsPer[unit] ?? 0n);
    return nanoseconds < 0n ? 0n : nanoseconds;
  }
  const [, seconds = '', fraction = ''] = /^([^.Z]+)(?:\.(\d+))?Z$/.exec(expression) ?? [];
  const whole = seconds.length === 16 ? `${seconds}:00` : seconds;
  const date = new Date(`${whole}Z`);
  // Date moves what does not exist to the next month; nothing but the same text means the same day.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 19) !== whole) return null;
  const unixNano = BigInt(date.getTime()) * 1_000_000n + BigInt(fraction.padEnd(9, '0') || '0');
  return unixNano < 0n ? null : unixNano;
}

export function toIso(unixNano: bigint): string {
  return new Date(Number(unixNano / 1_000_000n)).toISOString();
}
