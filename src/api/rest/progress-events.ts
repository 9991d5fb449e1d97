import type { MessageEvent } from '@nestjs/common';
import { Observable } from 'rxjs';
import { isTerminal, type Scan } from '../../model/scan.js';
import { ScanDto } from '../dto/scan.dto.js';

/** Shorter than the idle timeout of the usual proxies, which is 60 s. */
const HEARTBEAT_MS = 15_000;

/** Server-sent events of a watched scan. Without an `end` the stream was cut short, and the client may come again. */
export function progressEvents(scans: AsyncIterable<Scan>, signal: AbortSignal): Observable<MessageEvent> {
  return new Observable((subscriber) => {
    const heartbeat = setInterval(() => subscriber.next({ comment: 'still here' }), HEARTBEAT_MS);
    const run = async () => {
      let last: Scan | null = null;
      for await (const scan of scans) {
        last = scan;
        subscriber.next({ type: 'progress', data: ScanDto.of(scan) });
      }
      if (last && isTerminal(last.status) && !signal.aborted) {
        subscriber.next({ type: 'end', data: ScanDto.of(last) });
      }
      subscriber.complete();
    };
    run().catch((error: unknown) => subscriber.error(error));
    return () => clearInterval(heartbeat);
  });
}
