/** What the store's process and its engine process say to each other over the fork's channel. */
export type EngineStart = {
  readonly type: 'start';
  readonly database: string;
  readonly memoryLimitBytes: number;
  readonly listen: EngineAddress;
  readonly username: string;
  readonly password: string;
  /** Removed by the engine when its parent died without doing so. */
  readonly temporaryDir: string;
};

export type EngineAddress =
  | { readonly socketPath: string }
  | { readonly host: '127.0.0.1'; readonly port: number };

export type EngineReport =
  | { readonly type: 'ready'; readonly address: EngineAddress }
  | {
      readonly type: 'failed';
      /** `platform`: the engine's library does not load here. */
      readonly reason: 'platform' | 'other';
      readonly message: string;
    };
