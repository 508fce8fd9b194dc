import type { Clock } from '../../../lib/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import type { PublicAddress } from '../deploy/public-address.ts'

/** AWS's own answer to the question, in plain text. */
const usualUrl = 'https://checkip.amazonaws.com/'
const limitMs = 10_000

export interface AskAddressOptions {
  readonly clock: Clock
  /** Of a test, in place of AWS's. */
  readonly url?: string | undefined
  readonly fetch?: typeof globalThis.fetch
}

export function createPublicAddress({
  clock,
  url = usualUrl,
  fetch = globalThis.fetch,
}: AskAddressOptions): PublicAddress {
  return async (signal) => {
    const limit = new AbortController()
    using _timer = clock.setTimeout(() => limit.abort(new Error('no answer')), limitMs)
    try {
      const answer = await fetch(url, { signal: AbortSignal.any([signal, limit.signal]) })
      const text = (await answer.text()).trim()
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
      if (!isIpv4(text)) throw new Error('the answer is no IPv4 address')
      return text
    } catch (error) {
      signal.throwIfAborted()
      const reason = `${new URL(url).host} did not tell`
      throw new AppError('public-address-unknown', { reason }, { cause: error })
    }
  }
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}
