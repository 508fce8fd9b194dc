import { defineConfig } from 'vite'

/**
 * Two programs for Node, one bundle each: the `mountbar` command and the front process it starts.
 * They lie side by side in `out/`, where the command finds the front by its name.
 */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'out',
    minify: false,
    sourcemap: true,
    // A front that is starting while a new build is written still finds its files.
    emptyOutDir: false,
    rolldownOptions: {
      input: { cli: 'src-main/cli/main.ts', front: 'src-main/front/main.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
    },
  },
  // Everything is bundled, so that a front starts from two files and not from a tree of packages.
  ssr: { noExternal: true },
})
