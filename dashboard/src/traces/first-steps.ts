/** What a user pastes to see their own application, for the origin this page came from. */
export const senders = ['sdk', 'otel', 'ai-sdk', 'python'] as const;
export type Sender = (typeof senders)[number];

export type FirstStep = {
  readonly label: string;
  readonly intro: string;
  readonly code: string;
};

export function firstStep(sender: Sender, origin: string): FirstStep {
  switch (sender) {
    case 'sdk':
      return {
        label: 'Node.js',
        intro: 'Start your app with the SDK in front. It finds the frameworks you use.',
        code: [
          'npm install @orchescope/sdk',
          `OTEL_EXPORTER_OTLP_ENDPOINT=${origin} \\`,
          'OTEL_SERVICE_NAME=my-app \\',
          '  node --import @orchescope/sdk/register app.js',
        ].join('\n'),
      };
    case 'otel':
      return {
        label: 'OpenTelemetry',
        intro: 'Any OpenTelemetry SDK, in any language: point its OTLP exporter here.',
        code: [
          `export OTEL_EXPORTER_OTLP_ENDPOINT=${origin}`,
          'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
          'export OTEL_SERVICE_NAME=my-app',
        ].join('\n'),
      };
    case 'ai-sdk':
      return {
        label: 'AI SDK',
        intro: 'Register the AI SDK’s OpenTelemetry spans once, then start with the SDK in front.',
        code: [
          'npm install @orchescope/sdk @ai-sdk/otel',
          '',
          '// instrumentation.ts, before the first call',
          "import { registerTelemetry } from 'ai';",
          "import { OpenTelemetry } from '@ai-sdk/otel';",
          'registerTelemetry(new OpenTelemetry());',
          '',
          `OTEL_EXPORTER_OTLP_ENDPOINT=${origin} \\`,
          '  node --import @orchescope/sdk/register app.js',
        ].join('\n'),
      };
    case 'python':
      return {
        label: 'Python',
        intro: 'OpenTelemetry’s own instrumentation sends here without a change in the code.',
        code: [
          'pip install opentelemetry-distro opentelemetry-exporter-otlp-proto-http',
          'opentelemetry-bootstrap --action=install',
          `OTEL_EXPORTER_OTLP_ENDPOINT=${origin} \\`,
          'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf \\',
          'OTEL_SERVICE_NAME=my-app \\',
          '  opentelemetry-instrument python app.py',
        ].join('\n'),
      };
  }
}
