#!/usr/bin/env node
/** `orchescope [command]`: the one place that reads the command line and exits. */
import { serveCommand } from './cli/serve.ts';
import { describeSettings, type SettingDescription } from './config.ts';
import { version } from './version.ts';

const usage = `orchescope ${version}: observability for agent systems

  orchescope [serve]     collect OTLP, keep it, show it (default)
  orchescope --version
  orchescope --help

Settings are environment variables:
${describeSettings().map(toHelpLine).join('\n')}
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

function toHelpLine({ name, defaultText, meaning }: SettingDescription): string {
  const suffix = defaultText === '' ? '' : ` (${defaultText})`;
  return `  ${name.padEnd(28)} ${meaning}${suffix}`;
}
