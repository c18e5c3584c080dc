/**
 * Refuses requests addressed to a host name that is not ours. Without it, a web page could point its own
 * domain at 127.0.0.1 (DNS rebinding) and read traces through the visitor's browser.
 */
import type { MiddlewareHandler } from 'hono';
import { refuse } from './refusal.ts';

const loopbackNames = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|[a-z0-9-]+\.localhost)$/;

export type HostGuardOptions = {
  /** Names allowed besides loopback ones. */
  readonly allowedHosts: readonly string[];
  /** With a key, and no names configured, any name may be used: the browser has no key to give away. */
  readonly hasAccessKey: boolean;
};

export function guardHost(options: HostGuardOptions): MiddlewareHandler {
  const allowed = new Set(options.allowedHosts.map((host) => host.toLowerCase()));
  const any = options.hasAccessKey && allowed.size === 0;
  return async (c, next) => {
    const name = hostName(c.req.header('host') ?? new URL(c.req.url).host);
    if (any || loopbackNames.test(name) || allowed.has(name)) return next();
    return refuse(
      c,
      403,
      'forbidden',
      `This server does not answer to the name "${name.slice(0, 100)}". Add it to ORCHESCOPE_ALLOWED_HOSTS.`,
    );
  };
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}
