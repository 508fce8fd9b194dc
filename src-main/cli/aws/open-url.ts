import { spawn } from 'node:child_process'
import { once } from 'node:events'

import type { Clock } from '../../lib/clock.ts'
import type { OpenUrl } from '../../services/credentials/sso/browser-grant.ts'

type Env = Readonly<Record<string, string | undefined>>

export interface OpenUrlOptions {
  readonly platform: NodeJS.Platform
  readonly env: Env
  readonly clock: Clock
}

/** Some openers stay for as long as the browser does; what has not failed by then has worked. */
const openerLimitMs = 2_000

/** What a browser needs of the session it is shown in, and nothing of AWS's. */
const browserVariables =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TMPDIR|BROWSER|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|DESKTOP_SESSION|XDG_\w+|KDE_\w+|GNOME_\w+)$/

/** Shows pages in the person's browser: `open` on macOS, `xdg-open` on Linux where there is a screen. */
export function createOpenUrl({ platform, env, clock }: OpenUrlOptions): OpenUrl {
  const program = openerOf(platform, env)
  const browserEnv = Object.fromEntries(Object.entries(env).filter(([name]) => browserVariables.test(name)))
  return async (url, signal) => {
    if (program === undefined) return false
    const opener = spawn(program, [url], { detached: true, stdio: 'ignore', env: browserEnv })
    opener.on('error', () => undefined)
    const ended = new AbortController()
    const stop = AbortSignal.any([signal, ended.signal])
    try {
      const outcome = once(opener, 'exit', { signal: stop }).then(([code]) => code === 0)
      const patience = clock.sleep(openerLimitMs, stop).then(() => true)
      return await Promise.race([outcome, patience])
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof Error && 'syscall' in error) return false
      throw error
    } finally {
      ended.abort()
      opener.unref()
    }
  }
}

function openerOf(platform: NodeJS.Platform, env: Env): string | undefined {
  // Whoever came by SSH looks at another screen.
  if (isSet(env, 'SSH_CONNECTION')) return undefined
  if (platform === 'darwin') return 'open'
  const hasScreen = ['DISPLAY', 'WAYLAND_DISPLAY', 'BROWSER'].some((name) => isSet(env, name))
  return platform === 'linux' && hasScreen ? 'xdg-open' : undefined
}

function isSet(env: Env, name: string): boolean {
  return env[name] !== undefined && env[name] !== ''
}
