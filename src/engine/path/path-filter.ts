/**
 * Tells by a length and a letter that a path was surely not added: for sets and maps of few paths that are asked for
 * every path of a layer, where each question would cost more than all else that is done with the path.
 */
export class PathFilter {
  private readonly seen = new Uint8Array(2 ** 14);

  add(path: string): void {
    this.seen[keyOf(path)] = 1;
  }

  mayHave(path: string): boolean {
    return this.seen[keyOf(path)] === 1;
  }
}

function keyOf(path: string): number {
  const { length } = path;
  return ((path.charCodeAt(length - 1) & 0x7f) << 7) | (length & 0x7f);
}
