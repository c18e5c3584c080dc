/** What the operator allows messages to reach beyond the public internet and the usual ports. */
import ipaddr from 'ipaddr.js';
import type { IpAddress } from './address.ts';

type Place =
  | { readonly type: 'network'; readonly address: IpAddress; readonly bits: number }
  | { readonly type: 'name'; readonly name: string }
  /** Everything below the name, not the name itself. */
  | { readonly type: 'below'; readonly name: string };

/** Without a port an entry stands for the usual ones. */
export type AllowEntry = { readonly place: Place; readonly port: number | null };
export type AllowList = readonly AllowEntry[];

export class AllowListError extends Error {
  override readonly name = 'AllowListError';
}

const forms =
  'Write a network (10.0.0.0/8), an address (10.1.2.3, [fd00::1]), a host (hooks.internal) or every host below a name (*.internal), with a port where it is not a usual one (hooks.internal:8080).';

/** @throws {AllowListError} a sentence that names the entry */
export function parseAllowList(items: readonly string[]): AllowList {
  return items.map((item) => {
    const entry = readEntry(item.trim().toLowerCase());
    if (entry === null) throw new AllowListError(`"${item}" cannot be allowed. ${forms}`);
    return entry;
  });
}

/** @param forms as `readForms` makes them */
export function allowsAddress(
  allow: AllowList,
  forms: readonly IpAddress[],
  port: number,
  usualPorts: readonly number[],
): boolean {
  return allow.some(
    ({ place, port: own }) =>
      place.type === 'network' &&
      isPort(own, port, usualPorts) &&
      forms.some(
        (form) => form.kind() === place.address.kind() && form.match(place.address, place.bits),
      ),
  );
}

export function allowsName(
  allow: AllowList,
  host: string,
  port: number,
  usualPorts: readonly number[],
): boolean {
  return allow.some(({ place, port: own }) => {
    if (place.type === 'network' || !isPort(own, port, usualPorts)) return false;
    return place.type === 'name' ? place.name === host : host.endsWith(`.${place.name}`);
  });
}

function isPort(own: number | null, port: number, usualPorts: readonly number[]): boolean {
  return own === null ? usualPorts.includes(port) : own === port;
}

function readEntry(item: string): AllowEntry | null {
  const { host, port } = splitPort(item);
  const place = readPlace(host);
  if (place === null) return null;
  if (port === '') return { place, port: null };
  const isNumber = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  return isNumber ? { place, port: Number(port) } : null;
}

/** An IPv6 address with a port stands in brackets; without one it need not. */
function splitPort(item: string): { readonly host: string; readonly port: string } {
  const bracketed = /^\[([^\]]+)\](?::(.+))?$/.exec(item);
  if (bracketed !== null) return { host: bracketed[1] ?? '', port: bracketed[2] ?? '' };
  const parts = item.split(':');
  return parts.length === 2
    ? { host: parts[0] ?? '', port: parts[1] || 'none' }
    : { host: item, port: '' };
}

function readPlace(text: string): Place | null {
  if (ipaddr.isValidCIDR(text)) {
    const [address, bits] = ipaddr.parseCIDR(text);
    return { type: 'network', address, bits };
  }
  // Not 10.1 or 0x7f.1: whoever wrote it meant something else than what it stands for.
  if (ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)) {
    const address = ipaddr.parse(text);
    return { type: 'network', address, bits: address.kind() === 'ipv4' ? 32 : 128 };
  }
  const name = text.startsWith('*.') ? text.slice(2) : text;
  if (!isHostName(name)) return null;
  return text.startsWith('*.') ? { type: 'below', name } : { type: 'name', name };
}

function isHostName(name: string): boolean {
  return (
    name.length <= 253 &&
    // The URL standard reads a last label that is a number as an address.
    !/(^|\.)(\d+|0x[0-9a-f]*)$/.test(name) &&
    name.split('.').every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
  );
}
