// The dependency rule (docs/architecture.md): `A -> B` reads "A may import B"; what is not listed is refused.
const main = (folder) => `^src-main/${folder}/`
const contract = '^src-preload/contract/'
/** Ports hold types and the machine's clock; observe and config are used where they are passed in as values. */
const everywhere = ['^src-main/ports/', contract]

const mayImport = {
  ports: [],
  hls: [],
  media: [],
  fetch: ['hls'],
  store: ['hls'],
  recorder: ['fetch', 'store', 'hls', 'media'],
  playback: ['store', 'hls', 'media'],
  export: ['store', 'media'],
  retention: ['store'],
  archive: ['playback', 'store'],
  relocate: ['store'],
  upload: ['store', 'fetch'],
  preprocess: ['fetch', 'hls'],
  importing: ['fetch', 'hls'],
  config: ['store'],
  observe: [],
}

const folderRules = Object.entries(mayImport).map(([folder, targets]) => ({
  name: `${folder}-imports`,
  severity: 'error',
  from: { path: main(folder) },
  to: {
    path: '^src-',
    pathNot: [main(folder), ...targets.map(main), ...everywhere],
  },
}))

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...folderRules,
    {
      name: 'engine-imports',
      severity: 'error',
      from: {
        path: '^src-main/(engine|announcer|local-work|recording-control|import-control|library-import|trash-control|storage-control|track-describer)\\.ts$',
      },
      to: { path: ['^src-main/(api|desktop)/', '^src-main/(index|headless)\\.ts$'] },
    },
    {
      name: 'api-imports',
      severity: 'error',
      from: { path: '^src-main/api/' },
      to: { path: '^src-', pathNot: [main('api'), '^src-main/engine\\.ts$', ...everywhere] },
    },
    {
      name: 'desktop-imports',
      severity: 'error',
      from: { path: '^src-main/desktop/' },
      to: { path: '^src-', pathNot: [main('desktop'), main('api'), ...everywhere] },
    },
    {
      name: 'contract-imports',
      severity: 'error',
      from: { path: contract },
      to: { pathNot: [contract, 'node_modules/zod'] },
    },
    {
      name: 'renderer-and-preload-imports',
      severity: 'error',
      from: { path: ['^src-renderer/', '^src-preload/index'] },
      to: { path: '^src-(main|preload)', pathNot: [contract] },
    },
    {
      name: 'electron-only-in-desktop',
      severity: 'error',
      from: {
        pathNot: ['^src-main/desktop/', '^src-main/index\\.ts$', '^src-preload/index\\.ts$'],
      },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^src-' },
      to: { path: '^tests/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^src-' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
