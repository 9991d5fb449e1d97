import { setImmediate } from 'node:timers/promises';

/** How long matching may keep the process from its other work, milliseconds. */
const SLICE_MS = 20;

/** A pause that is due whenever the slice is over; null while it is not. */
export function timeSlices(): () => Promise<void> | null {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return null;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
