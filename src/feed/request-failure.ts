/** The server's no, as the cause of what is said of it. */
export class Refused extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

/** A failure that may not come again. */
export class Passing extends Error {
  constructor(
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/** A connection that brings nothing. */
export class Stalled extends Passing {}

/** Aborts a request that brings nothing for a while. */
export class Stall {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  readonly signal = this.controller.signal;

  constructor(milliseconds: number) {
    this.timer = setTimeout(
      () => this.controller.abort(new Stalled(`no byte for ${milliseconds / 1000} s`)),
      milliseconds,
    );
    this.timer.unref();
  }

  progress(): void {
    this.timer.refresh();
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
