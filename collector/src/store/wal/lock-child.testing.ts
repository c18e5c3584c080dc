/** Holds the lock of a folder until it is killed. */
import { lockFolder } from './lock-folder.ts';

process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
await lockFolder(process.argv[2] ?? '', () => undefined);
process.send?.('locked');
