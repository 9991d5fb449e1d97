import { z } from 'zod';

/** Tools that write the source package of every package that has another than itself. */
const TOOLS = /\b(?:syft|trivy|plimsoll|docker)\b/i;
/** It lets Trivy look, and leaves Debian's source packages out. */
const WITHOUT_SOURCES = /\bcdxgen\b/i;

const NAMED = z.object({ name: z.string() });

/**
 * Whether the writer of a document is known to name source packages.
 *
 * @param tools `metadata.tools` of CycloneDX, a list up to 1.4 and an object of components since, or `creators` of SPDX
 */
export function namesSources(tools: unknown): boolean {
  const listed = Array.isArray(tools)
    ? tools
    : isRecord(tools) && Array.isArray(tools.components)
      ? tools.components
      : [];
  const names = listed
    .flat()
    .map((tool) => (typeof tool === 'string' ? tool : (NAMED.safeParse(tool).data?.name ?? '')));
  return names.some((name) => TOOLS.test(name)) && !names.some((name) => WITHOUT_SOURCES.test(name));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
