import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { saga } from './sagas.ts';

const missing = (subject: string) => ({ variant: 'missing', subject });
const failed = (subject: string) => ({ variant: 'failed', subject });

const found: readonly FindingCase[] = [
  { name: 'a trip: the hotel cannot be cancelled', finds: [failed('hotel')], spans: await readRecordedRun('saga', 1) },
  { name: 'the payment fails, and nobody cancels the flight', finds: [missing('flight')], spans: saga({ actions: ['flight', 'hotel', '!payment'], compensations: ['cancel hotel'] }) },
  { name: 'nothing is taken back at all', finds: [missing('flight'), missing('hotel')], spans: saga({ actions: ['flight', 'hotel', '!payment'] }) },
  { name: 'taking back fails, three times', finds: [failed('flight')], spans: saga({ actions: ['flight', '!payment'], compensations: ['!cancel flight', '!cancel flight', '!cancel flight'] }) },
  { name: 'one is forgotten, another cannot be taken back', finds: [missing('car'), failed('hotel')], spans: saga({ actions: ['flight', 'hotel', 'car', '!payment'], compensations: ['!cancel hotel', 'cancel flight'] }) },
  { name: 'nobody says that it is a saga, but one action is taken back', finds: [missing('flight')], spans: saga({ actions: ['flight', 'hotel', '!payment'], compensations: ['cancel hotel'], pattern: '' }) },
  { name: 'no links: names tell what takes back what', finds: [missing('flight')], spans: saga({ actions: ['flight', 'hotel', '!payment'], compensations: ['cancel hotel'], linked: false }) },
  { name: 'the second try of the payment fails too', finds: [missing('flight')], spans: saga({ actions: ['flight', '!payment', '!payment#2'] }) },
  { name: 'plain OpenTelemetry spans with the attributes', finds: [missing('flight')], spans: saga({ actions: ['flight', '!payment'] }).map((span) => ({ ...span, dialect: 'other' })) },
  { name: 'all actions go well, and then the saga is cancelled', finds: [missing('flight')], spans: saga({ actions: ['flight', 'hotel'], compensations: ['cancel hotel'], outcome: 'cancelled' }) },
  { name: 'actions side by side: one fails while the other goes on to succeed', finds: [missing('hotel')],
    spans: saga({ actions: ['!payment', 'hotel'], root: {} }).map((span) => (span.id === 'do hotel' ? { ...span, at: 10, until: 300 } : span)) },
  { name: 'the compensation was cancelled itself', finds: [failed('flight')],
    spans: saga({ actions: ['flight', '!payment'], compensations: ['cancel flight'] }).map((span) => (span.id === 'undo 0' ? { ...span, attributes: { ...span.attributes, 'orchescope.outcome': 'cancelled' } } : span)) },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'a trip that is booked', finds: [], spans: await readRecordedRun('saga', 0) },
  { name: 'all is taken back', finds: [], spans: saga({ actions: ['flight', 'hotel', '!payment'], compensations: ['cancel hotel', 'cancel flight'] }) },
  { name: 'taken back at the second try', finds: [], spans: saga({ actions: ['flight', '!payment'], compensations: ['!cancel flight', 'cancel flight'] }) },
  { name: 'the first action fails: there is nothing to take back', finds: [], spans: saga({ actions: ['!flight'] }) },
  { name: 'the payment goes well at its second try', finds: [], spans: saga({ actions: ['flight', '!payment', 'payment#2'], outcome: 'completed' }) },
  { name: 'an action fails, and the saga goes on without it', finds: [], spans: saga({ actions: ['flight', '!car', 'hotel'], outcome: 'completed' }) },
  { name: 'what was done before the failure only looked', finds: [], spans: saga({ actions: ['check stock', 'get price', '!payment'] }) },
  { name: 'actions of a workflow that is no saga', finds: [], spans: saga({ actions: ['draft', '!publish'], pattern: '', outcome: 'failed' }) },
  { name: 'the saga is still at work', finds: [], spans: saga({ actions: ['flight', '!payment'], root: { until: null } }) },
  { name: 'no links, and names tell that all is taken back', finds: [], spans: saga({ actions: ['flight', 'hotel', '!payment'], compensations: ['cancel hotel', 'cancel flight'], linked: false }) },
  { name: 'taken back by another process, in a trace of its own', finds: [],
    spans: saga({ actions: ['flight', '!payment'], compensations: ['cancel flight'] }).map((span) => (span.id === 'undo 0' ? { ...span, traceId: 'undo', parent: '', links: [{ to: 'do flight', trace: 'trace', rel: 'compensates' }] } : span)) },
  { name: 'steps of other types that fail', finds: [], spans: await readRecordedRun('task-store', 0) },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
