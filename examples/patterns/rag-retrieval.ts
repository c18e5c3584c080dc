/**
 * Retrieval-augmented generation: an answer from the pieces of text that fit the question best.
 *
 * Documents are cut into overlapping chunks, each chunk becomes a vector, and a question is answered from the chunks
 * whose vectors are nearest to its own. Chunks below a minimum score are left out: no context beats a wrong one.
 *
 * You will see the indexing as a workflow of its own with an `embeddings` call, and for each question a `retrieval` with
 * the ids and scores of its chunks (`gen_ai.retrieval.documents`), never their text. The second question finds nothing
 * near enough: the agent says so instead of asking the model.
 */
import { init, run, type Doc } from '@orchescope/sdk';

init({ serviceName: 'rag-retrieval' });

type Vector = readonly number[];
type Chunk = { readonly id: string; readonly text: string; readonly vector: Vector };
type Hit = Doc & { readonly text: string; readonly score: number };

const dimensions = 1_024;

/** Words hashed into a vector of length 1: the smallest embedding that works without a model. */
function toVector(text: string): Vector {
  const vector = Array.from({ length: dimensions }, () => 0);
  for (const word of text.toLowerCase().match(/[a-z]{4,}/g) ?? []) {
    const stem = word.slice(0, 5);
    let hash = 7;
    for (const letter of stem) hash = (hash * 31 + letter.charCodeAt(0)) % 65_521;
    vector[hash % dimensions] = (vector[hash % dimensions] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** Three decimals: what a score is good for, and the same on every machine. */
const similarity = (a: Vector, b: Vector): number =>
  Math.round(a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) * 1_000) / 1_000;

async function embed(texts: readonly string[]): Promise<readonly Vector[]> {
  const model = 'text-embedding-3-small';
  return run({ kind: 'embedding', name: 'embed', provider: 'openai', model }, async (op) => {
    const letters = texts.reduce((sum, text) => sum + text.length, 0);
    op.set({ dimensions, usage: { inputTokens: Math.ceil(letters / 4) } });
    return texts.map(toVector);
  });
}

/** Two sentences a chunk, the second one again at the head of the next: no thought is cut in half. */
function cut(document: string, text: string): readonly { id: string; text: string }[] {
  const sentences = text.split(/(?<=\.)\s+/);
  return sentences
    .slice(0, -1)
    .map((first, i) => ({ id: `${document}#${i}`, text: `${first} ${sentences[i + 1] ?? ''}` }));
}

async function index(documents: { readonly [id: string]: string }): Promise<readonly Chunk[]> {
  return run({ kind: 'workflow', name: 'index-handbook' }, async () => {
    const chunks = Object.entries(documents).flatMap(([id, text]) => cut(id, text));
    const vectors = await embed(chunks.map(({ text }) => text));
    return chunks.map(({ id, text }, i) => ({ id, text, vector: vectors[i] ?? [] }));
  });
}

const topK = 2;
const minScore = 0.25;

async function retrieve(chunks: readonly Chunk[], query: string): Promise<readonly Hit[]> {
  const spec = { kind: 'retrieval', name: 'handbook', source: 'handbook', query, topK } as const;
  return run(spec, async (op) => {
    const [wanted = []] = await embed([query]);
    const hits = chunks
      .map(({ id, text, vector }) => ({ id, text, score: similarity(wanted, vector) }))
      .filter(({ score }) => score >= minScore)
      .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .slice(0, topK);
    op.set({ documents: hits });
    return hits;
  });
}

async function answer(chunks: readonly Chunk[], question: string): Promise<string> {
  return run({ kind: 'agent', name: 'handbook-clerk', input: question }, async () => {
    const hits = await retrieve(chunks, question);
    if (hits.length === 0) return 'The handbook says nothing about that.';
    const context = hits.map(({ id, text }) => `[${id}] ${text}`).join('\n');
    const input = `Answer from this alone and cite it.\n${context}\n\n${question}`;
    return run({ kind: 'llm', name: 'answer', provider: 'openai', model: 'gpt-5-mini' }, (op) => {
      const output = `${hits[0]?.text} [${hits[0]?.id}]`;
      op.set({ input, output, usage: { inputTokens: input.length >> 2, outputTokens: 24 } });
      return output;
    });
  });
}

const chunks = await index({
  travel:
    'Book trains before flights. Flights need approval by your lead. Receipts are due in a week.',
  holidays:
    'Everyone has thirty days of holiday. Holiday requests go to your lead. Unused days expire.',
});
for (const question of ['Who gives approval for flights?', 'May I bring my dog?'])
  console.log(`${question} ${await answer(chunks, question)}`);
