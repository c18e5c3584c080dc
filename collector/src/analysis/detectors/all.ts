/** Every detector there is; the order is that of the documentation. */
import type { Detector } from './detector.ts';
import { loopDetector } from './loop.ts';

/** Names of thresholds are checked where a detector is defined; here they are any. */
export const allDetectors: readonly Detector[] = [loopDetector];
