import type { ProductLifecycle, ReleaseCycle, SupportEnd } from '../../model/lifecycle.js';

/** Support whose end nobody has named yet is believed for this long after the data came, milliseconds. */
const OPEN_END_TRUSTED_MS = 180 * 24 * 60 * 60 * 1000;

/** What the dates of one release cycle say on a day. */
export type CycleSupport =
  | { status: 'supported'; until: string | null; label: string | null }
  | {
      status: 'ended';
      /** The last day; null where it is not known. */
      on: string | null;
      /** What ended, `Debian LTS`; null for the regular support. */
      label: string | null;
      /** The end of a support that has to be bought and goes on; null where there is none. */
      boughtUntil: SupportEnd | null;
    }
  /** It goes on as far as the data tell, but they are old. */
  | { status: 'stale' };

/** @param extendedForAll whether the extended support counts, as everyone gets it */
export function cycleSupport(
  product: ProductLifecycle,
  cycle: ReleaseCycle,
  extendedForAll: boolean,
  syncedAt: Date,
  now: Date,
): CycleSupport {
  const { end, extendedEnd } = cycle;
  const usesExtended = extendedForAll && extendedEnd !== null && isLater(extendedEnd, end);
  const taken = usesExtended ? extendedEnd : end;
  const label = usesExtended ? (product.extendedLabel ?? 'extended support') : null;
  if (isOver(taken, now)) {
    const isBought = !extendedForAll && extendedEnd !== null && !isOver(extendedEnd, now);
    return { status: 'ended', on: taken.on, label, boughtUntil: isBought ? extendedEnd : null };
  }
  if (taken.on === null && now.getTime() - syncedAt.getTime() > OPEN_END_TRUSTED_MS) return { status: 'stale' };
  return { status: 'supported', until: taken.on, label };
}

/** The last day itself is still supported, in UTC. */
function isOver({ on, over }: SupportEnd, now: Date): boolean {
  return on === null ? over : now.toISOString().slice(0, 10) > on;
}

function isLater(a: SupportEnd, b: SupportEnd): boolean {
  if (a.on !== null && b.on !== null) return a.on > b.on;
  return a.on !== null ? b.over : !a.over;
}
