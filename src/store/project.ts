/** The tenant of a service that has only one; the first migration makes it. */
export const DEFAULT_PROJECT = '01900000-0000-7000-8000-000000000001';
