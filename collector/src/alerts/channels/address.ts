/** Which IP addresses are on the public internet, whatever form they are written in. */
import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** The forms of an address that have a meaning of their own: itself, and the IPv4 addresses that it carries. */
export function readForms(text: string): readonly IpAddress[] | null {
  if (!ipaddr.isValid(text)) return null;
  const address = ipaddr.parse(text);
  return address instanceof ipaddr.IPv6 ? [address, ...carriedAddresses(address)] : [address];
}

/**
 * What an address that carries others leads to is decided by these alone; any other IPv6 address must be in 2000::/3,
 * since everything else is not given to anybody yet.
 */
export function isPublic(forms: readonly IpAddress[]): boolean {
  const [address, ...carried] = forms;
  if (address === undefined) return false;
  if (carried.length > 0) return carried.every((form) => form.range() === 'unicast');
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast';
  return address.range() === 'unicast' && (address.parts[0] ?? 0) >> 13 === 1;
}

/** Ranges where no receiver ever is: this host by another name, everybody at once, and the metadata of a cloud. */
export function isNeverAHost(forms: readonly IpAddress[]): boolean {
  const never = new Set(['unspecified', 'broadcast', 'multicast', 'linkLocal']);
  return forms.some((form) => never.has(form.range()));
}

export function isLoopback(forms: readonly IpAddress[]): boolean {
  return forms.some((form) => form.range() === 'loopback');
}

/** IPv4-mapped, IPv4-compatible, translated (RFC 6145), NAT64, 6to4, and both ends of Teredo. */
function carriedAddresses({ parts }: ipaddr.IPv6): readonly ipaddr.IPv4[] {
  const starts = (...prefix: readonly number[]) => prefix.every((part, i) => parts[i] === part);
  const at = (i: number) => toIpv4(parts[i] ?? 0, parts[i + 1] ?? 0);
  if (starts(0x2002)) return [at(1)];
  if (starts(0x2001, 0)) return [at(2), toIpv4(~(parts[6] ?? 0), ~(parts[7] ?? 0))];
  if (starts(0x64, 0xff9b, 0, 0, 0, 0)) return [at(6)];
  if (starts(0, 0, 0, 0, 0xffff, 0)) return [at(6)];
  if (starts(0, 0, 0, 0, 0, 0xffff)) return [at(6)];
  const isOwn = starts(0, 0, 0, 0, 0, 0, 0) && (parts[7] ?? 0) <= 1;
  return starts(0, 0, 0, 0, 0, 0) && !isOwn ? [at(6)] : [];
}

function toIpv4(high: number, low: number): ipaddr.IPv4 {
  return new ipaddr.IPv4([(high >> 8) & 0xff, high & 0xff, (low >> 8) & 0xff, low & 0xff]);
}
