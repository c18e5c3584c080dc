const longestLine = 16 * 1024 * 1024;

/** Reads the data of server-sent events out of bytes as they come, whatever the pieces. */
export class ServerSentEvents {
  private readonly decoder = new TextDecoder();
  private readonly onData: (data: string) => void;
  private readonly pieces: string[] = [];
  private length = 0;
  private readonly data: string[] = [];

  constructor(onData: (data: string) => void) {
    this.onData = onData;
  }

  push(bytes: Uint8Array): void {
    const text = this.decoder.decode(bytes, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      this.keep(text.slice(from, end));
      this.line();
      from = end + 1;
    }
    if (from < text.length) this.keep(text.slice(from));
  }

  /** A last event that no empty line closes counts as well. */
  end(): void {
    this.line();
    this.dispatch();
  }

  /** A line in many pieces is put together once, or a long one would be copied for every piece. */
  private keep(piece: string): void {
    this.length += piece.length;
    if (this.length <= longestLine) this.pieces.push(piece);
  }

  private line(): void {
    const text = this.pieces.join('');
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    this.pieces.length = 0;
    this.length = 0;
    if (line === '') this.dispatch();
    else if (line.startsWith('data:')) this.data.push(line.slice(line[5] === ' ' ? 6 : 5));
  }

  private dispatch(): void {
    if (this.data.length > 0) this.onData(this.data.splice(0).join('\n'));
  }
}
