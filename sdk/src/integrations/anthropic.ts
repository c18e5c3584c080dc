import { captureMode } from '../redact.ts';
import { env } from '../settings.ts';
import { appPackageVersion } from './app-package.ts';

const contentMode = 'ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE';

/**
 * Anthropic's client makes spans itself, since 0.134, for any tracer provider there is: nothing to wrap. It records
 * content only when told so by this variable, which it reads when a client is made; our capture setting decides.
 * True when the program has such a client. An older one is covered by `fetch`.
 */
export const attachAnthropic = (): boolean => {
  const version = appPackageVersion('@anthropic-ai/sdk');
  if (version === undefined || !makesSpans(version)) return false;
  if (env('ANTHROPIC_OPEN_TELEMETRY')?.toLowerCase() === 'false') return false;
  if (captureMode() === 'full') process.env[contentMode] ??= 'content';
  return true;
};

const makesSpans = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 0 || minor >= 134;
};
