export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  transform: {
    '\\.tsx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  coverageProvider: 'v8',
  // Many files wait for disks and clocks; two cores hold two of them.
  maxWorkers: 2,
  // What waits for a condition ends by itself; this is for machines that stand still for seconds.
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/test/support/count-reporter.js'],
};
