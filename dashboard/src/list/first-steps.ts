/** What a user pastes to see their own application, for the origin this page came from. */
export const senders = ['sdk', 'otel', 'ai-sdk', 'python'] as const;
export type Sender = (typeof senders)[number];

export type FirstStep = {
  readonly label: string;
  readonly intro: string;
  readonly code: string;
};

/** Where spans go, and what must go with them. */
export type Destination = {
  readonly origin: string;
  readonly project: string;
  readonly needsKey: boolean;
};

export function firstStep(sender: Sender, to: Destination): FirstStep {
  const lines = [`OTEL_EXPORTER_OTLP_ENDPOINT=${to.origin}`, ...headerLine(to)];
  const prefix = [...lines, 'OTEL_SERVICE_NAME=my-app'].map((line) => `${line} \\`);
  switch (sender) {
    case 'sdk':
      return {
        label: 'Node.js',
        intro: 'Start your app with the SDK in front. It finds the frameworks you use.',
        code: [
          'npm install @orchescope/sdk',
          ...prefix,
          '  node --import @orchescope/sdk/register app.js',
        ].join('\n'),
      };
    case 'otel':
      return {
        label: 'OpenTelemetry',
        intro: 'Any OpenTelemetry SDK, in any language: point its OTLP exporter here.',
        code: [...lines, 'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf', 'OTEL_SERVICE_NAME=my-app']
          .map((line) => `export ${line}`)
          .join('\n'),
      };
    case 'ai-sdk':
      return {
        label: 'AI SDK',
        intro: 'The SDK in front turns on the AI SDK’s own OpenTelemetry spans.',
        code: [
          'npm install @orchescope/sdk @ai-sdk/otel',
          ...prefix,
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
          ...prefix,
          'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf \\',
          '  opentelemetry-instrument python app.py',
        ].join('\n'),
      };
  }
}

/** As the OpenTelemetry SDKs read it: values are percent-encoded. */
function headerLine({ project, needsKey }: Destination): string[] {
  const headers = [
    ...(project === 'default' ? [] : [`orchescope-project=${encodeURIComponent(project)}`]),
    ...(needsKey ? ['authorization=Bearer%20YOUR_KEY'] : []),
  ];
  return headers.length === 0 ? [] : [`OTEL_EXPORTER_OTLP_HEADERS=${headers.join(',')}`];
}
