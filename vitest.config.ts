import { defineConfig } from 'vitest/config'

/** For a machine that has six other things to do. Waits have limits of their own, which are shorter and say what was waited for. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 15_000 } } }

/** Suites that start the built programs as processes. */
const slowSuite = {
  ...patience,
  globalSetup: ['tests/harness/build-once.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
  fileParallelism: false,
}

/** One project per kind of test; CONTRIBUTING.md says which kind belongs where. */
export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], ...patience } },
      { extends: true, test: { name: 'contract', include: ['tests/contract/**/*.test.ts'], ...patience } },
      {
        extends: true,
        test: { name: 'conformance', include: ['tests/conformance/**/*.test.ts'], ...slowSuite },
      },
      {
        extends: true,
        test: {
          name: 'renderer',
          include: ['tests/renderer/**/*.test.ts'],
          globalSetup: ['tests/renderer/harness/build-renderer.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 15_000 } },
          // One browser at a time.
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'ui',
          include: ['tests/ui/**/*.test.ts'],
          ...slowSuite,
          // Of the tests of one file that say they may: apps wait more than they work.
          maxConcurrency: 3,
        },
      },
      // By the macOS job of CI, and not by `npm test`.
      {
        extends: true,
        test: {
          name: 'mac',
          include: ['tests/mac/**/*.test.ts'],
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
      { extends: true, test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], ...slowSuite } },
      {
        extends: true,
        test: {
          name: 'rig',
          include: ['tests/rig/**/*.test.ts'],
          ...slowSuite,
          globalSetup: [
            ...slowSuite.globalSetup,
            'tests/harness/vm/build-once.ts',
            'tests/harness/rig/shared-vm.ts',
          ],
          // Everything in the VM is run by an emulated processor.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
