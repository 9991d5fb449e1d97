/**
 * Runs a task again and again with a pause in between, never two at once. A failure is reported and does not end the
 * series.
 */
export class Repeating {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    /** Resolves to `true` when there is more to do at once. */
    private readonly task: () => Promise<unknown>,
    private readonly pauseMs: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.schedule(0);
  }

  /** Resolves when a run in progress has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.once();
    }, delayMs);
  }

  private async once(): Promise<void> {
    let more = false;
    try {
      more = (await this.task()) === true;
    } catch (error) {
      this.onError(error);
    }
    this.schedule(more ? 0 : this.pauseMs);
  }
}
