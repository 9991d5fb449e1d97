/** Extensions of files that hold no text, or none that anybody wrote: images, fonts, documents, programs. */
const EXTENSIONS = new Set(
  `bmp gif jpg jpeg png svg tif tiff eot otf ttf woff woff2 doc docx xls xlsx pdf bin socket vsidx v2 suo wsuo pdb exe gltf gem`.split(
    ' ',
  ),
);

/** Dependencies and what names them: their secrets, if any, are published. Lower case, and tested on lower case. */
const DEPENDENCIES: readonly { part: string; pattern: RegExp }[] = [
  { part: 'go.', pattern: /go\.(?:mod|sum|work(?:\.sum)?)$/ },
  { part: 'vendor/', pattern: /(?:^|\/)vendor\/(?:modules\.txt$|(?:bundle|ruby)(?:\/|$))/ },
  {
    part: 'vendor/',
    pattern:
      /(?:^|\/)vendor\/(?:github\.com|golang\.org\/x|google\.golang\.org|gopkg\.in|istio\.io|k8s\.io|sigs\.k8s\.io)(?:\/|$)/,
  },
  { part: 'gradle', pattern: /(?:^|\/)gradle(?:w(?:\.bat)?|\.lockfile)$/ },
  { part: 'mvnw', pattern: /(?:^|\/)mvnw(?:\.cmd)?$/ },
  { part: 'mavenwrapper', pattern: /(?:^|\/)\.mvn\/wrapper\/mavenwrapperdownloader\.java$/ },
  { part: 'node_modules', pattern: /(?:^|\/)node_modules(?:\/|$)/ },
  { part: 'bower_components', pattern: /(?:^|\/)bower_components(?:\/|$)/ },
  { part: 'lock', pattern: /(?:^|\/)(?:deno\.lock|pnpm-lock\.yaml|yarn\.lock|pipfile\.lock|poetry\.lock)$/ },
  { part: '.json', pattern: /(?:^|\/)(?:npm-shrinkwrap|package-lock|javascript)\.json$/ },
  {
    part: '.js',
    pattern: /(?:^|\/)(?:angular|bootstrap|jquery(?:-?ui)?|plotly|swagger-?ui)[a-z0-9.-]*(?:\.min)?\.js(?:\.map)?$/,
  },
  { part: 'lib', pattern: /(?:^|\/)(?:v?env|virtualenv)\/lib(?:64)?(?:\/|$)/ },
  {
    part: 'python',
    pattern: /(?:^|\/)(?:lib(?:64)?\/python[23](?:\.\d{1,2})+|python\/[23](?:\.\d{1,2})+\/lib(?:64)?)(?:\/|$)/,
  },
  { part: '.dist-info', pattern: /(?:^|\/)[a-z0-9_.]+-[0-9.]+\.dist-info(?:\/.|$)/ },
  { part: 'verification-metadata', pattern: /verification-metadata\.xml/ },
  { part: 'refactorlog', pattern: /database.refactorlog/ },
  { part: '.git', pattern: /(?:^|\/)\.git$/ },
  { part: 'dll', pattern: /\..dll$/ },
];

/**
 * Whether a file of this path (without a leading slash) may hold secrets. Asked for every file of every layer, so it
 * looks for a part of the path before it matches it.
 */
export function isPathWanted(path: string): boolean {
  if (path.includes('gitleaks.toml')) return false;
  const lower = path.toLowerCase();
  const dot = lower.lastIndexOf('.');
  if (dot >= 0 && EXTENSIONS.has(lower.slice(dot + 1))) return false;
  return !DEPENDENCIES.some(({ part, pattern }) => lower.includes(part) && pattern.test(lower));
}
