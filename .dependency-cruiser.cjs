/**
 * The floors of the house: an import only ever goes down. Each rule says what it keeps apart and why.
 */
const floor = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(shelfwise|dashboard|lending|broker|engine|gateway|firmware-sim|store|contract|test)', pathNot: to },
});

const owner = (library, from) => ({
  name: `one-owner-of-${library}`,
  comment: `${library} has one owner file per process, so that its traps are met in one place.`,
  severity: 'error',
  from: { pathNot: ['^test/', ...from] },
  to: { path: `node_modules/${library}/`, dependencyTypesNot: ['type-only'] },
});

module.exports = {
  forbidden: [
    { name: 'circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-found', severity: 'error', from: {}, to: { couldNotResolve: true } },
    floor('contract-stands-alone', '^contract/', '^contract/'),
    floor('store-knows-contract', '^store/', '^(store|contract)/'),
    floor('engine-is-pure', '^engine/(?!run/|config)', '^(engine/(?!run/)|contract/)'),
    floor('engine-shell', '^engine/(run/|config)', '^(engine|store|contract)/'),
    floor('gateway-below', '^gateway/', '^(gateway|store|contract)/'),
    floor('lending-below', '^lending/', '^(lending|store|contract)/'),
    floor('broker-below', '^broker/', '^(broker|store|contract)/'),
    floor('dashboard-below', '^dashboard/server/', '^(dashboard/server|store|contract)/'),
    floor('web-knows-contract', '^dashboard/web/', '^(dashboard/web|contract)/'),
    floor('simulator-knows-contract', '^firmware-sim/', '^(firmware-sim|contract)/'),
    floor('codec-knows-root', '^contract/codec/', '^contract/(codec/|[^/]+[.]ts$)'),
    floor('domain-knows-codec', '^contract/domain/', '^contract/(codec/|domain/|[^/]+[.]ts$)'),
    {
      name: 'drivers-know-no-pipeline',
      comment: 'A driver turns bytes into reader events and knows nobody who uses them.',
      severity: 'error',
      from: { path: '^gateway/drivers/([^/]+)/' },
      to: { path: '^gateway/', pathNot: ['^gateway/drivers/$1/', '^gateway/drivers/[^/]+[.]ts$', '^gateway/links/'] },
    },
    {
      name: 'pure-folders-do-no-io',
      severity: 'error',
      from: { path: '^(contract/(codec|domain|wire)|gateway/presence|engine/(?!run/|config))' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-folders-use-zod-only',
      severity: 'error',
      from: { path: '^(contract|gateway/presence|engine/(?!run/|config))' },
      to: { path: 'node_modules/', pathNot: 'node_modules/zod/' },
    },
    {
      name: 'nothing-but-tests-imports-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    owner('mqtt', ['^gateway/uplink/', '^gateway/links/mqtt-link', '^firmware-sim/(sensors|readers)/']),
    // The simulator runs a broker of others, which readers publish to that do not call us.
    owner('aedes', ['^broker/', '^firmware-sim/others-broker']),
    owner('serialport', ['^gateway/links/', '^firmware-sim/readers/']),
    owner('influx', ['^store/history/']),
    owner('socket.io', ['^dashboard/server/live/']),
    owner('libsql', ['^store/sqlite/']),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
