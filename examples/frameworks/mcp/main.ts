import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { run } from '@orchescope/sdk';
import { traced } from '@orchescope/sdk/mcp';
import { z } from 'zod';

/** An agent that asks an MCP server about the stock of a shop; either side has a traced transport. */
const sdk = new NodeSDK({ serviceName: 'mcp-example' });
sdk.start();

const stock = new Map([
  ['kettle', 3],
  ['toaster', 0],
]);

const server = new McpServer({ name: 'stock', version: '1.0.0' });
server.registerTool(
  'count_stock',
  { description: 'How many of a thing there are', inputSchema: { thing: z.string() } },
  async ({ thing }) => {
    const rows = await run(
      { kind: 'retrieval', name: 'stock', source: 'stock', query: thing },
      async () => stock.get(thing),
    );
    if (rows === undefined) throw new Error(`we do not sell a ${thing}`);
    return { content: [{ type: 'text', text: String(rows) }] };
  },
);

// In one process here; over stdio or HTTP the same two lines do, each in its own program.
const [near, far] = InMemoryTransport.createLinkedPair();
await server.connect(traced(far));
const client = new Client({ name: 'clerk', version: '1.0.0' });
await client.connect(traced(near));

const failed = await run({ kind: 'workflow', name: 'stock-check' }, () =>
  run({ kind: 'agent', name: 'clerk' }, async () => {
    const { tools } = await client.listTools();
    const name = tools[0]?.name ?? 'none';
    const answers = [];
    for (const thing of ['kettle', 'unicorn'])
      answers.push(await client.callTool({ name, arguments: { thing } }));
    return answers.filter(({ isError }) => isError).length;
  }),
);
await client.close();

await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(`mcp: asked twice, ${failed} call failed`);
