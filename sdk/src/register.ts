import { startNode } from './node.ts';
import { report } from './safely.ts';

// `node --import @orchescope/sdk/register app.js`. The one file that acts on import; it must never stop the program.
try {
  startNode({});
} catch (error) {
  report('register', error);
}
