// `npm start`: install what is missing, build what changed, serve.
import { build } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, nodePath, start } from './lib/run.mjs';

await main(async () => {
  await ensureInstalled();
  await build();
  // As the first line of the program asks for, which `node` does not read.
  const options = ['--single-threaded-gc'];
  const program = ['collector/dist/cli.js', 'serve', ...process.argv.slice(2)];
  return start(nodePath(), [...options, ...program], { onStart: passSignals });
});

/** The server decides how to stop; this process only waits for it. */
function passSignals(child) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
}
