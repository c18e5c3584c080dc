/**
 * Under Trusted Types a worker's address must come from a policy. This one lets our own origin pass; the server
 * names it in its Content-Security-Policy: `trusted-types svelte-trusted-html orchescope-worker`.
 */
type Policy = { readonly createScriptURL: (url: string) => unknown };
type PolicyFactory = {
  readonly createPolicy: (
    name: string,
    rules: { readonly createScriptURL: (url: string) => string },
  ) => Policy;
};

let policy: Policy | undefined;

export function toTrustedScriptUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  if (trustedTypes === undefined) return url;
  policy ??= trustedTypes.createPolicy('orchescope-worker', { createScriptURL: ownOrigin });
  // The DOM's types do not know TrustedScriptURL yet; a Worker takes it where it takes a string.
  return policy.createScriptURL(url) as string;
}

function ownOrigin(url: string): string {
  const { origin, href } = new URL(url, document.baseURI);
  if (origin !== location.origin) throw new TypeError(`worker from another origin: ${url}`);
  return href;
}
