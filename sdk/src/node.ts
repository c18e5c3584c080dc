import { NodeSDK } from '@opentelemetry/sdk-node';
import { AmbientContextManager } from './ambient-context-manager.ts';
import { attachAll } from './attach.ts';
import type { Handle, InitOptions } from './init.ts';
import { metricViews } from './metric-views.ts';
import {
  createMetricReader,
  createSpanProcessor,
  exportsOurWay,
  tracesUrl,
  withOtlpEnv,
} from './otlp.ts';
import { serviceName } from './service-name.ts';
import { flushProviders, hasProvider, startOnce } from './started.ts';

/** What `register` and `init` start: the OpenTelemetry Node SDK, where the program has none. */
export const startNode = (options: InitOptions): Handle =>
  startOnce(() => {
    const sdk = hasProvider() ? undefined : withOtlpEnv(options, () => startSdk(options));
    return {
      message: sdk
        ? `sending traces to ${tracesUrl(options)}`
        : 'using the tracer provider already here',
      attached: attachAll(),
      shutdown: () => (sdk ? sdk.shutdown() : flushProviders()),
    };
  });

const startSdk = (options: InitOptions): NodeSDK => {
  const name = serviceName(options);
  const sdk = new NodeSDK({
    contextManager: new AmbientContextManager(),
    ...(name !== undefined && { serviceName: name }),
    ...(exportsOurWay('TRACES') && { spanProcessors: [createSpanProcessor()] }),
    ...(exportsOurWay('METRICS') && {
      metricReaders: [createMetricReader()],
      views: metricViews,
    }),
  });
  sdk.start();
  return sdk;
};
