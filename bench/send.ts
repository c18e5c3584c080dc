import { parseArgs } from 'node:util';
import { createShape, isShapeName, shapeNames } from './shapes/index.ts';
import { postTraces } from '../examples/demo/post.ts';

/** Posts one shape and says where to look at it: `node bench/send.ts agents-10k [endpoint]`. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, project: { type: 'string', default: 'default' } },
});
const [name = '', endpoint = 'http://127.0.0.1:4318'] = positionals;
if (!isShapeName(name)) {
  console.error(`Name a shape: ${shapeNames.join(', ')}`);
  process.exit(1);
}

const now = Date.now();
const accessKey = process.env['ORCHESCOPE_ACCESS_KEY'] ?? '';
const shape = createShape(name, { seed: Number(values.seed ?? now), endUnixMs: now });
for (const request of shape.requests) {
  await postTraces({ endpoint, project: values.project, accessKey }, request);
}
console.log(`${name}: ${shape.spanCount} spans in ${shape.requests.length} requests`);
console.log(shape.traceId);
console.log(`${endpoint}/traces/${shape.traceId}?project=${values.project}`);
