/** A product and how long each of its release cycles is supported, as endoflife.date has it. */
export interface ProductLifecycle {
  /** `debian`, `alpine-linux`. */
  name: string;
  /** For people: `Alpine Linux`. */
  label: string;
  /** What the extended support is called, `Debian LTS`; null where there is none. */
  extendedLabel: string | null;
  cycles: ReleaseCycle[];
}

export interface ReleaseCycle {
  /** `12`, `3.20`, `24.04`. */
  name: string;
  codename: string | null;
  /** Of the support that everyone gets. */
  end: SupportEnd;
  /** Of the support after that; null where there is none, or nobody says. */
  extendedEnd: SupportEnd | null;
  /** The newest version of the cycle, `29.0.4`; not there where nobody says. */
  latest?: string;
}

export interface SupportEnd {
  /** The last day, `2026-06-30`; null where it is not known. */
  on: string | null;
  /** Where no day is known: whether it is over. */
  over: boolean;
}
