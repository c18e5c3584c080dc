#!/usr/bin/env node
/** `orchescope [command]`: the one place that reads the command line and exits. */
import { serveCommand } from './cli/serve.ts';
import { version } from './version.ts';

const usage = `orchescope ${version}: observability for agent systems

  orchescope [serve]     collect OTLP, keep it, show it (default)
  orchescope --version
  orchescope --help

Settings are environment variables:
  ORCHESCOPE_HOST              address to listen on (127.0.0.1)
  ORCHESCOPE_PORT              port for OTLP, API and dashboard (4318); 0 picks a free one
  ORCHESCOPE_DATA_DIR          where the embedded ClickHouse keeps its data (./.orchescope)
  ORCHESCOPE_MEMORY_LIMIT_MB   memory the embedded ClickHouse may use
  ORCHESCOPE_CLICKHOUSE_URL    use a ClickHouse server instead, e.g. http://user:password@host:8123/orchescope
  ORCHESCOPE_ACCESS_KEY        key needed to send and to read; a must beyond loopback
  ORCHESCOPE_ALLOWED_HOSTS     host names to answer to, comma-separated
  ORCHESCOPE_CORS_ORIGINS      web origins whose pages may send OTLP, comma-separated
  ORCHESCOPE_MAX_BODY_MB       largest request as sent (16)
  ORCHESCOPE_MAX_INFLATED_MB   largest request after inflating (64)
  ORCHESCOPE_LOG               debug, info, warn, error or off (info)
`;

const [command = 'serve', ...rest] = process.argv.slice(2);

if (command === '--help' || command === '-h' || command === 'help') {
  process.stdout.write(usage);
} else if (command === '--version' || command === '-v') {
  process.stdout.write(`${version}\n`);
} else if (command === 'serve' && rest.length === 0) {
  process.exitCode = await serveCommand(process.env);
} else {
  process.stderr.write(`orchescope: unknown command "${[command, ...rest].join(' ')}"\n\n${usage}`);
  process.exitCode = 2;
}
