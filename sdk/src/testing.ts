export { record, type RecordOptions, type Recording } from './testing/recording.ts';
export { expectRun, type Limits, type RunExpectation } from './testing/expect-run.ts';
export { printTree, type TreeOptions } from './testing/print-tree.ts';
export type {
  RecordedEvent,
  RecordedLink,
  RecordedPoint,
  RecordedSpan,
} from './testing/recorded.ts';
