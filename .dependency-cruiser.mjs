/** Who may import whom: the table of docs/architecture.md. `config` may read `model`'s errors; nothing else is free. */
const LAYERS = {
  model: [],
  config: ['model'],
  files: ['model', 'config'],
  engine: ['model'],
  source: ['model', 'engine'],
  feed: ['model', 'engine'],
  report: ['model'],
  ledger: ['model'],
  store: ['model', 'config', 'ledger'],
  crypto: ['model', 'config'],
  queue: ['model', 'config'],
  service: ['model', 'config', 'crypto', 'files', 'store', 'queue', 'engine', 'report', 'ledger'],
  worker: ['model', 'config', 'crypto', 'files', 'store', 'queue', 'engine', 'source', 'feed'],
  api: ['model', 'config', 'service'],
  embedded: ['model', 'config'],
  log: ['config'],
};

const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `layer-${layer}`,
  severity: 'error',
  comment: `${layer} may import ${[layer, ...allowed].join(', ')}`,
  from: { path: `^src/${layer}/`, pathNot: '\\.spec\\.ts$' },
  to: { path: '^(src|migrations)/', pathNot: `^src/(${[layer, ...allowed].join('|')})/${layer === 'store' ? '|^migrations/' : ''}` },
}));

const only = (module, folders) => ({
  name: `only-${module}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(${folders.join('|')})/` },
  to: { path: `node_modules/${module}/` },
});

/** @param formats folders that plugins share: what reads a format which several of them are published in */
const siblingPlugins = (folder, formats = []) => ({
  name: `siblings-${folder.replaceAll('/', '-')}`,
  severity: 'error',
  comment: 'plugins never import each other',
  from: { path: `^src/${folder}/([^/]+)/` },
  to: { path: `^src/${folder}/([^/]+)/`, pathNot: `^src/${folder}/(${['$1', ...formats].join('|')})/` },
});

export default {
  forbidden: [
    ...layerRules,
    only('typeorm', ['store']),
    only('pg', ['store', 'embedded']),
    only('bullmq', ['queue', 'worker']),
    siblingPlugins('engine/extractor'),
    siblingPlugins('feed', ['csaf', 'oval', 'rpm', 'updateinfo', 'xml']),
    {
      name: 'engine-is-pure',
      severity: 'error',
      from: { path: '^src/engine/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(node:)?(fs|net|http|https|child_process|worker_threads|dns)(/|$)|node_modules/(@nestjs|typeorm|bullmq)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no-dev-dependencies', severity: 'error', from: { path: '^(src|migrations)/', pathNot: '\\.spec\\.ts$' }, to: { dependencyTypes: ['npm-dev'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    // TypeScript 7 has no compiler API for dependency-cruiser to use.
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
