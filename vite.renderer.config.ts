import { defineConfig } from 'vite'

/** The popover: one page with a script and a stylesheet of its own, which a strict Content Security Policy lets in. */
export default defineConfig({
  root: 'src-renderer',
  base: './',
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: '../out/renderer',
    // A window that opens while a new build is written still finds its files, which have the same names each time.
    emptyOutDir: false,
    // Electron's, so that nothing is made ready for older browsers.
    target: 'chrome140',
    modulePreload: false,
    // Nothing of the page comes as a data: URL but what the page itself draws.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      output: { entryFileNames: '[name].js', assetFileNames: '[name][extname]' },
    },
  },
})
