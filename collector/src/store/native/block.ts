/** Rows on their way into ClickHouse, in its Native format: columns one after the other, as its own servers talk. */

/** The tables that telemetry goes into. */
export const telemetryTables = ['spans', 'content', 'logs', 'metric_points'] as const;
export type TelemetryTable = (typeof telemetryTables)[number];

/** One Native block: a whole insert by itself, and so are any number of them one after the other. */
export type Block = {
  readonly table: TelemetryTable;
  readonly rows: number;
  /** Put one after the other they are the block. They may be views of buffers that are used again after the write. */
  readonly pieces: readonly Uint8Array[];
};
