import { Injectable } from '@nestjs/common';

/** Tells open streams that the service stops: the HTTP server closes only when its last connection has ended. */
@Injectable()
export class Shutdown {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;

  begin(): void {
    this.controller.abort();
  }
}
