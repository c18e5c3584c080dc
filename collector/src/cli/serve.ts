/** Runs the server until it is asked to stop, and tells the operator what matters in plain words. */
import { SecretKeyError } from '../alerts/channels/secrets.ts';
import { AlertFilesError } from '../alerts/files/file-problem.ts';
import { ConfigError, readConfig, type Config } from '../config.ts';
import { PriceFileError } from '../ingest/pricing/price-file.ts';
import { ListenError } from '../listen.ts';
import { startServer, type RunningServer } from '../main.ts';
import { ProjectsFileError } from '../projects-file.ts';
import { StoreStartError } from '../store/store-start-error.ts';

/** Errors whose message is the whole story; anything else keeps its stack. */
const plainErrors = [
  AlertFilesError,
  ConfigError,
  ListenError,
  PriceFileError,
  ProjectsFileError,
  SecretKeyError,
  StoreStartError,
];

/** @returns the exit code: 0 after a clean stop, 1 when it could not start */
export async function serveCommand(env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const config = readConfig(env);
    const server = await startServer(config);
    process.stdout.write(describe(server, config));
    process.on('SIGHUP', server.reload);
    await untilAskedToStop();
    await server.close();
    return 0;
  } catch (error) {
    const isPlain = plainErrors.some((known) => error instanceof known);
    process.stderr.write(`orchescope: ${isPlain ? (error as Error).message : inspect(error)}\n`);
    return 1;
  }
}

function inspect(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** A second signal means now: what was acknowledged is stored already. */
function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

function describe({ host, port }: RunningServer, config: Config): string {
  const shownHost = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const url = `http://${shownHost.includes(':') ? `[${shownHost}]` : shownHost}:${port}`;
  const data = config.store.engine === 'embedded' ? config.store.dataDir : 'your ClickHouse server';
  const isDefault = url === 'http://127.0.0.1:4318';
  const endpoint = isDefault ? '' : `OTEL_EXPORTER_OTLP_ENDPOINT=${url} `;
  const header =
    config.accessKey === '' ? '' : 'OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer <your key>" ';
  return `
  Orchescope is ready

  Dashboard   ${url}
  Data        ${data}
  Your app    ${endpoint}${header}node --import @orchescope/sdk/register app.js
              or any OpenTelemetry SDK, sending OTLP/HTTP to ${url}

`;
}
