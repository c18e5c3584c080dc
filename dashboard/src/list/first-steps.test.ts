import { expect, test } from 'vitest';
import { firstStep } from './first-steps.ts';

const here = { origin: 'http://127.0.0.1:4318', project: 'default', needsKey: false };

test('a plain OpenTelemetry program needs three settings', () => {
  expect(firstStep('otel', here).code).toBe(
    [
      'export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318',
      'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
      'export OTEL_SERVICE_NAME=my-app',
    ].join('\n'),
  );
});

test('a project of its own and a key travel as headers', () => {
  expect(firstStep('sdk', { ...here, project: 'shop', needsKey: true }).code).toBe(
    [
      'npm install @orchescope/sdk',
      'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 \\',
      'OTEL_EXPORTER_OTLP_HEADERS=orchescope-project=shop,authorization=Bearer%20YOUR_KEY \\',
      'OTEL_SERVICE_NAME=my-app \\',
      '  node --import @orchescope/sdk/register app.js',
    ].join('\n'),
  );
});
