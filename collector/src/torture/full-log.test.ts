/** A log that a dead server left behind: the next one takes spans at once, and stores what was left meanwhile. */
import { expect, test } from 'vitest';
import { proveEmbedded } from './proof.testing.ts';
import { scale } from './scale.testing.ts';
import { startUnderLoad } from './under-load.testing.ts';

const messageBytes = 60_000;
/** Three messages a request, and a little more. */
const bytesPerTrace = 190_000;

test(
  `${Math.round(scale.logBytes / 1024 ** 2)} MiB of log are no reason to start late`,
  { timeout: scale.limitMs },
  async () => {
    const { traffic, server, restart, acknowledges } = await startUnderLoad({ messageBytes });
    // An engine that stands still takes nothing out of the log.
    const enginePid = server().enginePid() ?? 0;
    process.kill(enginePid, 'SIGSTOP');
    await acknowledges(Math.ceil(scale.logBytes / bytesPerTrace), scale.limitMs);
    await traffic.stop();
    await server().kill('SIGKILL');
    process.kill(enginePid, 'SIGKILL');
    const { readyMs } = await restart();
    expect(readyMs).toBeLessThan(scale.readyLimitMs);
    await proveEmbedded(server(), traffic);
  },
);
