// The browser tests drive Debian's Chromium; where apt-get may install it, it is installed.
import { existsSync } from 'node:fs';
import { run, StepError } from './run.mjs';

export const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

export async function ensureChromium() {
  if (existsSync(chromiumPath)) return;
  if (!existsSync('/usr/bin/apt-get')) throw new StepError(missing);
  console.log('Installing Chromium for the browser tests ...');
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const [command, ...args] = [...asRoot, 'apt-get'];
  const quiet = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  };
  await run(command, [...args, 'update', '-qq'], quiet);
  await run(
    command,
    [...args, 'install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    quiet,
  );
}

const missing = `The browser tests need Chromium at ${chromiumPath}, and there is no apt-get to install it with. Install it, or set CHROMIUM_PATH.`;
