import { registerHooks } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The program of an app on the stand-in: `electron` means the stand-in from here on, and then the app's own entry point is loaded. */
const electronUrl = pathToFileURL(join(import.meta.dirname, 'main/electron.ts')).href
registerHooks({
  resolve: (specifier, context, next) =>
    /^electron(\/(main|common))?$/.test(specifier)
      ? { url: electronUrl, shortCircuit: true }
      : next(specifier, context),
})

const { app } = await import('./main/app.ts')
const { host } = await import('./main/host.ts')
await import('./main/electron.ts')

const [execPath = process.execPath, , mainPath = '', ...args] = process.argv
// `electron .` has the app as its first argument; a packaged app has only what it was given.
process.argv = host.options.isPackaged ? [execPath, ...args] : [execPath, resolve(mainPath), ...args]
Object.assign(process.versions, { electron: '0.0.0-stand-in', chrome: '0.0.0' })
Object.assign(process, {
  type: 'browser',
  resourcesPath: process.cwd(),
  defaultApp: host.options.isPackaged ? undefined : true,
})

await import(pathToFileURL(resolve(mainPath)).href)
app.becomeReady()
await host.ask('ready', undefined)
