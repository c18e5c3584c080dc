/** Where a message may go: the one check before anything is connected to. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopback, isNeverAHost, isPublic, readForms } from './address.ts';
import { allowsAddress, allowsName, type AllowList } from './allow-list.ts';

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export type CheckedTarget = {
  /** As the certificate must name it: lower case, no brackets, no dot at the end. */
  readonly host: string;
  readonly port: number;
  /** Every one of them may be connected to. */
  readonly addresses: readonly [string, ...string[]];
  /** Written as an address or `localhost`: nobody is between us and it. */
  readonly isLoopback: boolean;
};

/** Never goes well like this: the sentence says what to change. */
export class OutboundRefused extends Error {
  override readonly name = 'OutboundRefused';
}

/** May go well later. */
export class OutboundFailed extends Error {
  override readonly name = 'OutboundFailed';
}

export type Guard = {
  readonly allow: AllowList;
  readonly usualPorts: readonly number[];
  readonly resolve?: Resolve | undefined;
};

export const httpPorts: readonly number[] = [443, 80];

/** @throws {OutboundRefused | OutboundFailed} */
export async function checkTarget(
  host: string,
  port: number,
  guard: Guard,
): Promise<CheckedTarget> {
  const name = toHostName(host);
  const isNamed = allowsName(guard.allow, name, port, guard.usualPorts);
  const addresses = isIP(name) > 0 ? [name] : await resolveName(name, guard.resolve ?? resolveAll);
  for (const address of addresses) checkAddress(name, address, port, isNamed, guard);
  for (const address of addresses) checkPort(name, address, port, isNamed, guard);
  const [first, ...rest] = addresses;
  if (first === undefined) throw new OutboundFailed(`The name ${name} has no address.`);
  const areLoopback = addresses.every((address) => isLoopback(readForms(address) ?? []));
  const isHere = isLoopbackName(name) && areLoopback;
  return { host: name, port, addresses: [first, ...rest], isLoopback: isHere };
}

export function isLoopbackName(host: string): boolean {
  const name = toHostName(host);
  return name === 'localhost' || isLoopback(readForms(name) ?? []);
}

/** Host of a URL or of a setting. */
export function toHostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

function checkAddress(
  host: string,
  address: string,
  port: number,
  isNamed: boolean,
  { allow, usualPorts }: Guard,
): void {
  const forms = readForms(address) ?? [];
  if (isPublic(forms) || allowsAddress(allow, forms, port, usualPorts)) return;
  if (isNamed && !isNeverAHost(forms)) return;
  const what = host === address ? host : `${host} leads to ${address}, which`;
  const entry = toEntry(address, port, usualPorts);
  // Whoever reads this may not know what the metadata of a cloud gives away.
  const way = isNeverAHost(forms)
    ? '.'
    : `, or let the operator add ${entry} to ORCHESCOPE_ALERT_ALLOW.`;
  throw new OutboundRefused(`${what} is not a public address. Use a public host${way}`);
}

function checkPort(
  host: string,
  address: string,
  port: number,
  isNamed: boolean,
  { allow, usualPorts }: Guard,
): void {
  if (isNamed || usualPorts.includes(port)) return;
  if (allowsAddress(allow, readForms(address) ?? [], port, usualPorts)) return;
  throw new OutboundRefused(
    `Port ${port} is not among ${usualPorts.join(', ')}. Use one of them, or let the operator add ${toEntry(host, port, usualPorts)} to ORCHESCOPE_ALERT_ALLOW.`,
  );
}

function toEntry(host: string, port: number, usualPorts: readonly number[]): string {
  if (usualPorts.includes(port)) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

async function resolveName(name: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(name);
  } catch (cause) {
    throw new OutboundFailed(`The name ${name} could not be looked up. Check how it is written.`, {
      cause,
    });
  }
}

/** As the system resolves, so that what operators put into /etc/hosts counts. */
async function resolveAll(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}
