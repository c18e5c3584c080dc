import { startStore } from '../../collector/src/store/start-store.ts';

export type Stored = {
  /** Spans as readers see them: each once. */
  readonly spans: number;
  readonly rows: number;
  readonly parts: number;
  readonly bytesOnDisk: number;
};

/** What a stopped server has stored for the projects whose names begin with `prefix`. */
export async function countStored(dataDir: string, prefix: string): Promise<Stored> {
  const store = await startStore({ engine: 'embedded', dataDir }, () => undefined);
  try {
    const answer = await store.client.query({
      query: `SELECT count() AS rows, uniqExact(cityHash64(project_id, trace_id, span_id)) AS spans,
          (SELECT count() FROM system.parts WHERE active AND database = currentDatabase()) AS parts,
          (SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase()) AS bytes
        FROM spans WHERE startsWith(project_id, {prefix:String})`,
      query_params: { prefix },
      format: 'JSONEachRow',
    });
    const [row] = await answer.json<Record<'rows' | 'spans' | 'parts' | 'bytes', string>>();
    if (row === undefined) throw new Error('the store counted nothing');
    const { rows, spans, parts, bytes } = row;
    return {
      spans: Number(spans),
      rows: Number(rows),
      parts: Number(parts),
      bytesOnDisk: Number(bytes),
    };
  } finally {
    await store.close();
  }
}
