import { parseScutilProxy } from './scutil-proxy.ts'
import { failed, passed } from '../check.ts'
import type { Check, Finding } from '../check.ts'
import type { DiagnosticsContext } from '../context.ts'

type Needs = Pick<DiagnosticsContext, 'platform' | 'env' | 'run'>

/** macOS's WebDAV client follows the system's proxy settings, programs on Linux the environment: both may then look for a drive elsewhere. */
export const httpProxy: Check<Needs> = {
  id: 'http-proxy',
  title: 'HTTP proxy',
  severity: 'advice',
  applicable: ({ platform }) => platform === 'darwin' || platform === 'linux',
  check: async ({ platform, env, run }) => {
    if (platform === 'linux') return fromEnvironment(env)
    const { stdout } = await run('/usr/sbin/scutil', ['--proxy'], { timeoutMs: 5_000 })
    const { httpEnabled, httpProxy: proxy, exceptions } = parseScutilProxy(stdout)
    if (!httpEnabled) return passed('none')
    return exceptions.some(coversLoopback)
      ? passed(`${proxy ?? 'set'}, with an exception for 127.0.0.1`)
      : failed(
          `An HTTP proxy (${proxy ?? 'unnamed'}) is set without an exception for 127.0.0.1, and may be asked for files that are on this Mac.`,
          'System Settings → Network → Details → Proxies: add 127.0.0.1 to “Bypass proxy settings for these hosts”.',
        )
  },
}

function fromEnvironment(env: Needs['env']): Finding {
  const proxy = env['http_proxy'] ?? env['HTTP_PROXY'] ?? ''
  if (proxy === '') return passed('none')
  const exceptions = (env['no_proxy'] ?? env['NO_PROXY'] ?? '').split(',').map((entry) => entry.trim())
  return exceptions.some(coversLoopback)
    ? passed('set, with an exception for 127.0.0.1')
    : failed(
        'http_proxy is set without an exception for 127.0.0.1, so programs that use a drive’s address may ask the proxy for it.',
        'Add it: export no_proxy="127.0.0.1,localhost,$no_proxy"',
      )
}

/** The ways people write it: the address, its network, a pattern. `localhost` is another name and does not cover the address. */
function coversLoopback(exception: string): boolean {
  return /^(\*|127\.0\.0\.1|127(\.0){0,3}\/8|127\.\*(\.\*)*|127\.0\.0\.\*)$/.test(exception)
}
