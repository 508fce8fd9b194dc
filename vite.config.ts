import { cpSync } from 'node:fs'
import { join } from 'node:path'

import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite'

/**
 * Programs for Node, bundled with all they need. In `out/`: the `mountbar` command and the front process it starts, side by side,
 * where the command finds the front by its name. In `out/bridge/`: the programs of the bridge's two containers with what else is
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
    resolve: { noExternal: true, external: ['dockerode'] },
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

/** What the image is built from besides the programs. */
const copyBridgeFiles: Plugin = {
  name: 'copy-bridge-files',
  applyToEnvironment: ({ name }) => name === 'agent',
  closeBundle: () => {
    for (const file of ['Dockerfile', 'entrypoint.sh'])
      cpSync(join(bridgeDir, file), join(bridgeOutDir, file))
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
  plugins: [copyBridgeFiles],
  environments: {
    mac: nodePrograms({ cli: 'src-main/cli/main.ts', front: 'src-main/front/main.ts' }, 'out', true),
    ...bridgeEnvironments,
  },
  builder: {
    buildApp: async (builder) => {
      for (const name of ['mac', ...Object.keys(bridgeEnvironments)]) {
        const environment = builder.environments[name]
        if (environment !== undefined) await builder.build(environment)
      }
    },
  },
})
