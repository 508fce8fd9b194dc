import { cpSync } from 'node:fs'
import { join } from 'node:path'

import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite'

import { templateFileName, wayIns } from './infra/api/way-in.ts'

/**
 * Programs for Node and Electron, bundled with all they need. In `out/`: the `mountbar` command, the app with its preload, and the front process that
 * either starts, side by side, where they find the front by its name. In `out/bridge/`: the programs of the bridge's two containers with what else is
 * needed to build their image, ready as a Docker build context.
 */
const bridgeDir = 'docker/bridge'
const bridgeOutDir = 'out/bridge'

const bridgePrograms = {
  agent: 'agent/main.ts',
  files: 'agent/files/main.ts',
  probe: 'agent/probe/main.ts',
  tunnel: 'tunnel/main.ts',
}

function nodePrograms(input: Record<string, string>, outDir: string, sourcemap: boolean): EnvironmentOptions {
  return {
    consumer: 'server',
    // Everything is bundled, so that a program starts from a few files and not from a tree of packages.
    // But for dockerode, which looks for files of its own beside its code; only the command loads it, and only when it needs an engine.
    // Electron is there where the app runs; its updater loads parts of it by name.
    resolve: { noExternal: true, external: ['dockerode', 'electron', 'electron-updater'] },
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      minify: false,
      sourcemap,
      // A front that is starting while a new build is written still finds its files.
      emptyOutDir: false,
      rolldownOptions: {
        input,
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
      },
    },
  }
}

/** A page in a sandbox takes one file, in CommonJS. */
const preload: EnvironmentOptions = {
  ...nodePrograms({ preload: 'src-main/preload/preload.ts' }, 'out', true),
  build: {
    ...nodePrograms({ preload: 'src-main/preload/preload.ts' }, 'out', true).build,
    rolldownOptions: {
      input: { preload: 'src-main/preload/preload.ts' },
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
}

/** What the image is built from besides the programs. */
const copyBridgeFiles: Plugin = {
  name: 'copy-bridge-files',
  applyToEnvironment: ({ name }) => name === 'agent',
  closeBundle: () => {
    for (const file of ['Dockerfile', 'entrypoint.sh'])
      cpSync(join(bridgeDir, file), join(bridgeOutDir, file))
  },
}

/** What stacks are deployed from. */
const copyTemplates: Plugin = {
  name: 'copy-templates',
  applyToEnvironment: ({ name }) => name === 'mac',
  closeBundle: () => {
    for (const wayIn of wayIns)
      cpSync(join('resources', templateFileName(wayIn)), join('out/templates', templateFileName(wayIn)))
  },
}

/** One build each: two programs in one would share chunks. */
const bridgeEnvironments = Object.fromEntries(
  Object.entries(bridgePrograms).map(([name, file]) => [
    name,
    nodePrograms({ [name]: join(bridgeDir, file) }, bridgeOutDir, false),
  ]),
)

export default defineConfig({
  plugins: [copyBridgeFiles, copyTemplates],
  environments: {
    mac: nodePrograms(
      { cli: 'src-main/cli/main.ts', front: 'src-main/front/main.ts', main: 'src-main/index.ts' },
      'out',
      true,
    ),
    preload,
    ...bridgeEnvironments,
  },
  builder: {
    buildApp: async (builder) => {
      for (const name of ['mac', 'preload', ...Object.keys(bridgeEnvironments)]) {
        const environment = builder.environments[name]
        if (environment !== undefined) await builder.build(environment)
      }
    },
  },
})
