import { readFileSync } from 'node:fs';
import type { InitOptions } from './init.ts';
import { env } from './settings.ts';

/** The name in the package.json of the working directory, unless OpenTelemetry's own variables name the service. */
export const serviceName = (options: InitOptions): string | undefined =>
  options.serviceName ?? serviceNameFromPackage();

const serviceNameFromPackage = (): string | undefined => {
  if (env('OTEL_SERVICE_NAME') || env('OTEL_RESOURCE_ATTRIBUTES')?.includes('service.name='))
    return undefined;
  try {
    const found = JSON.parse(readFileSync('package.json', 'utf8')) as { name?: unknown };
    return typeof found.name === 'string' ? found.name : undefined;
  } catch {
    return undefined;
  }
};
