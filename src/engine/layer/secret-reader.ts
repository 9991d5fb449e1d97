import type { CoverageItem } from '../../model/coverage.js';
import type { FoundSecret } from '../../model/secret.js';

/** As a layer has it: the path without leading slash. */
export type LayerSecret = Omit<FoundSecret, 'layer'>;

/** What looks for secrets in one file after the other: `begin`, `write` for each piece, `end`. */
export interface SecretFinder {
  wants(path: string, size: number): boolean;
  begin(path: string): void;
  write(piece: Buffer): void;
  end(): Omit<LayerSecret, 'path'>[];
  /** Why the last file was not looked at to its end; null if it was. */
  readonly cutShort: string | null;
}

/** More secrets of one layer are counted, and not told of one by one. */
const MAX_SECRETS = 10_000;

/** Collects the secrets of one layer. */
export class SecretReader {
  private readonly byPath = new Map<string, LayerSecret[]>();
  private path: string | null = null;
  private count = 0;
  private readonly cut: string[] = [];
  private omitted = 0;

  constructor(private readonly finder: SecretFinder) {}

  /** Whether the file's data is wanted. */
  begin(path: string, size: number): boolean {
    if (!this.finder.wants(path, size)) return false;
    this.path = path;
    this.finder.begin(path);
    return true;
  }

  get isReading(): boolean {
    return this.path !== null;
  }

  write(piece: Buffer): void {
    if (this.path !== null) this.finder.write(piece);
  }

  end(): void {
    if (this.path === null) return;
    const { path } = this;
    this.path = null;
    const found = this.finder.end();
    if (this.finder.cutShort !== null) this.cut.push(path);
    const kept = found.slice(0, Math.max(0, MAX_SECRETS - this.count));
    this.omitted += found.length - kept.length;
    this.count += kept.length;
    if (kept.length > 0) {
      this.byPath.set(
        path,
        kept.map((secret) => ({ path, ...secret })),
      );
    }
  }

  /** What was not looked at, or not told of, in two gaps at most. */
  gaps(): CoverageItem[] {
    const gaps: CoverageItem[] = [];
    const [first, ...others] = this.cut;
    if (first !== undefined) {
      const more = others.length === 0 ? '' : `, and ${others.length} more files`;
      const message = `/${first}${more}: it holds more that looks like secrets than is looked at one by one, and was not searched to its end.`;
      gaps.push({ code: 'secrets_incomplete', subject: `/${first}`, message });
    }
    if (this.omitted > 0) {
      const message = `The layer has ${this.omitted} more secrets than the ${MAX_SECRETS} that are told of one by one.`;
      gaps.push({ code: 'secrets_incomplete', subject: '/', message });
    }
    return gaps;
  }

  all(): LayerSecret[] {
    return [...this.byPath.values()].flat();
  }
}
