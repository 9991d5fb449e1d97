/** A line of PostgreSQL's COPY text format: tabs between columns, backslash escapes; null is `\N`. */
export function copyText(columns: readonly (string | null)[]): string {
  return `${columns.map((column) => (column === null ? '\\N' : escapeText(column))).join('\t')}\n`;
}

function escapeText(text: string): string {
  if (!ESCAPED.test(text)) return text;
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '');
}

const ESCAPED = /[\\\t\n\r\0]/;
