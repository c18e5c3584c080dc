import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources';
import type { Handle, InitOptions } from './init.ts';
import {
  createMetricReader,
  createSpanProcessor,
  exportsOurWay,
  tracesUrl,
  withOtlpEnv,
} from './otlp.ts';
import { registerProviders, type Providers } from './providers.ts';
import { createSampler } from './sampler.ts';
import { serviceName } from './service-name.ts';
import { env, settle } from './settings.ts';
import { report } from './safely.ts';
import { flushProviders, hasProvider, startOnce } from './started.ts';

/**
 * `init` for programs that live shortly: command lines, serverless functions. Same exporter and capture rules, but without
 * OpenTelemetry's Node start-up, so it loads in a fraction of the time. It sends OTLP/HTTP JSON alone, looks for no
 * frameworks, and of the resource it knows the service and `OTEL_RESOURCE_ATTRIBUTES`.
 *
 * @example
 * const telemetry = init({ serviceName: 'thumbnails' });
 * export default { async fetch(request, env, ctx) {
 *   const response = await handle(request);
 *   ctx.waitUntil(telemetry.flush()); // after the answer, before the function is frozen
 *   return response;
 * } };
 */
export const init = (options: InitOptions = {}): Handle => {
  settle(options);
  try {
    return startOnce(() => {
      const providers = isWanted() ? withOtlpEnv(options, () => register(options)) : undefined;
      return {
        message: providers
          ? `sending traces to ${tracesUrl(options)}`
          : 'using the tracer provider already here',
        attached: [],
        shutdown: () => providers?.shutdown() ?? flushProviders(),
      };
    });
  } catch (error) {
    report('init', error);
    return { flush: () => Promise.resolve(), shutdown: () => Promise.resolve(), dropped: () => 0 };
  }
};

const isWanted = (): boolean =>
  !hasProvider() && env('OTEL_SDK_DISABLED')?.toLowerCase() !== 'true';

const register = (options: InitOptions): Providers => {
  const sampler = createSampler();
  return registerProviders({
    resource: createResource(options),
    ...(sampler && { sampler }),
    spanProcessors: [createSpanProcessor()],
    metricReaders: exportsOurWay('METRICS') ? [createMetricReader()] : [],
  });
};

const createResource = (options: InitOptions): Resource => {
  const name = serviceName(options);
  const told = defaultResource().merge(detectResources({ detectors: [envDetector] }));
  return name === undefined ? told : told.merge(resourceFromAttributes({ 'service.name': name }));
};
