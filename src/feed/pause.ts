/** Lets other work of the process run: reading from memory alone would never return to the event loop. */
export class Pause {
  private since = performance.now();

  async whenDue(): Promise<void> {
    if (performance.now() - this.since < 10) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.since = performance.now();
  }
}
