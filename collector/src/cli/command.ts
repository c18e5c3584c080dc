/** `orchescope [command]`: reads the command line. */
import { describeSettings, type SettingDescription } from '../config.ts';
import { version } from '../version.ts';
import { alertsCommand, alertsUsage } from './alerts.ts';
import { analyzeCommand, analyzeUsage } from './analyze.ts';
import { canaryCommand, canaryUsage } from './canary-command.ts';
import { reconcileCommand, reconcileUsage } from './reconcile.ts';
import { remapCommand, remapUsage } from './remap.ts';
import { repriceCommand, repriceUsage } from './reprice.ts';
import { serveCommand } from './serve.ts';

const usage = `orchescope ${version}: observability for agent systems

  orchescope [serve]     collect OTLP, keep it, show it (default)
  ${canaryUsage}
  ${remapUsage}
  ${analyzeUsage}
  ${reconcileUsage}
  ${repriceUsage}
  ${alertsUsage}
  orchescope --version
  orchescope --help

Settings are environment variables:
${describeSettings().map(toHelpLine).join('\n')}
`;

/** @returns the exit code: 2 for a command there is not */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [command = 'serve', ...rest] = args;
  if (command === '--help' || command === '-h' || command === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (command === '--version' || command === '-v') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (command === 'canary') return canaryCommand(rest, env);
  if (command === 'alerts') return alertsCommand(rest, env);
  if (command === 'analyze') return analyzeCommand(rest, env);
  if (command === 'reconcile') return reconcileCommand(rest, env);
  if (command === 'remap') return remapCommand(rest, env);
  if (command === 'reprice') return repriceCommand(rest, env);
  if (command === 'serve' && rest.length === 0) return serveCommand(env);
  process.stderr.write(`orchescope: unknown command "${args.join(' ')}"\n\n${usage}`);
  return 2;
}

function toHelpLine({ name, defaultText, meaning }: SettingDescription): string {
  const suffix = defaultText === '' ? '' : ` (${defaultText})`;
  return `  ${name.padEnd(28)} ${meaning}${suffix}`;
}
