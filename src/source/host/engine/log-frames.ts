/** A frame's head: the stream, three zeros, and the length as four bytes, the highest first. */
const HEAD = 8;
/** Places of lines that are gone are made free by so many at once. */
const MANY = 10_000;

/**
 * Takes lines out of what an engine sends of a container's log: frames of the streams standard output and error, or, of a
 * container with a terminal, what it wrote as it is (Docker Engine API, "Attach to a container"). Lines of two streams
 * that are written at once are kept apart. The last lines are kept, and the beginning of each.
 */
export class LogFrames {
  private readonly lines: string[] = [];
  /** Characters of the lines that are kept. */
  private size = 0;
  /** Lines before this index are gone. */
  private first = 0;
  private readonly open = new Map<number, { parts: Buffer[]; length: number }>();
  private head: Buffer = Buffer.alloc(0);
  private left = 0;
  private stream = 0;
  private mode: 'unknown' | 'frames' | 'raw' = 'unknown';

  /**
   * @param maxLine bytes of one
   * @param maxSize characters of all that are kept
   */
  constructor(
    private readonly maxLine: number,
    private readonly maxSize: number,
  ) {}

  write(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.mode === 'raw') {
        this.take(0, rest);
        return;
      }
      if (this.left > 0) {
        const part = rest.subarray(0, this.left);
        this.take(this.stream, part);
        this.left -= part.length;
        rest = rest.subarray(part.length);
        continue;
      }
      const missing = HEAD - this.head.length;
      // Most heads come in one piece: nothing is copied for them.
      this.head =
        missing === HEAD && rest.length >= HEAD
          ? rest.subarray(0, HEAD)
          : Buffer.concat([this.head, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (this.head.length < HEAD && !mayBeHead(this.head)) this.becomeRaw();
      else if (this.head.length === HEAD) this.beginFrame();
    }
  }

  /** What came last without a line break is a line too. */
  end(): string[] {
    if (this.mode === 'unknown' && this.head.length > 0) this.becomeRaw();
    for (const stream of [...this.open.keys()]) this.close(stream);
    return this.lines.slice(this.first);
  }

  private beginFrame(): void {
    if (!mayBeHead(this.head)) {
      // Frames do not become something else: what follows cannot be told apart.
      this.becomeRaw();
      return;
    }
    this.mode = 'frames';
    this.stream = this.head[0] ?? 0;
    this.left = this.head.readUInt32BE(4);
    this.head = Buffer.alloc(0);
  }

  private becomeRaw(): void {
    this.mode = 'raw';
    const { head } = this;
    this.head = Buffer.alloc(0);
    this.take(0, head);
  }

  private take(stream: number, bytes: Buffer): void {
    let from = 0;
    for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, from)) {
      // So do most lines.
      if (this.open.has(stream)) {
        this.append(stream, bytes.subarray(from, at));
        this.close(stream);
      } else this.add(bytes.toString('utf8', from, Math.min(at, from + this.maxLine)));
      from = at + 1;
    }
    if (from < bytes.length) this.append(stream, bytes.subarray(from));
  }

  private append(stream: number, bytes: Buffer): void {
    const line = this.open.get(stream) ?? { parts: [], length: 0 };
    this.open.set(stream, line);
    const part = bytes.subarray(0, this.maxLine - line.length);
    // A copy, as a part of a chunk would hold all of it in memory.
    if (part.length > 0) line.parts.push(Buffer.from(part));
    line.length += part.length;
  }

  private close(stream: number): void {
    const line = Buffer.concat(this.open.get(stream)?.parts ?? []).toString('utf8');
    this.open.delete(stream);
    this.add(line);
  }

  private add(text: string): void {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    this.lines.push(line);
    this.size += line.length + 1;
    for (; this.size > this.maxSize; this.first += 1) {
      this.size -= (this.lines[this.first]?.length ?? 0) + 1;
      this.lines[this.first] = '';
    }
    if (this.first < MANY) return;
    this.lines.splice(0, this.first);
    this.first = 0;
  }
}

function mayBeHead(head: Buffer): boolean {
  return (head[0] ?? 0) <= 3 && [1, 2, 3].every((at) => (head[at] ?? 0) === 0);
}
