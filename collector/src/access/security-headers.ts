/** On every answer, errors too: a policy that lets nothing a span contains become code in a browser. */
import { secureHeaders } from 'hono/secure-headers';

const self = "'self'";
const none = "'none'";

export const securityHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: [none],
    scriptSrc: [self],
    styleSrc: [self],
    imgSrc: [self, 'data:'],
    fontSrc: [self],
    connectSrc: [self],
    workerSrc: [self],
    baseUri: [none],
    formAction: [none],
    frameAncestors: [none],
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: ['svelte-trusted-html', 'orchescope-worker'],
  },
  referrerPolicy: 'no-referrer',
  xFrameOptions: 'DENY',
  // Plain HTTP on loopback is the normal case; whoever terminates TLS decides about HSTS.
  strictTransportSecurity: false,
});
