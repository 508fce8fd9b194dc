import type { BridgeErrorBody } from '../../api/errors.ts'
import { isAborted, whenAborted } from '../../lib/aborted.ts'
import { backoffDelayMs, type Backoff } from '../../lib/backoff.ts'
import type { Clock } from '../../lib/clock.ts'
import { mayMount } from './may-mount.ts'
import { attemptMount } from './mount-attempt.ts'
import type { MountPlan } from './mount-options.ts'
import type { MountEntry } from './mount-table.ts'
import { setReadAhead } from './read-ahead.ts'
import { unmount } from './unmount.ts'

export interface MountKeeperOptions {
  readonly plan: MountPlan
  readonly runDir: string
  readonly clock: Clock
  readonly readMounts: () => Promise<readonly MountEntry[]>
  /** Whether the tunnel listens; without one, always. */
  readonly isTunnelThere: () => Promise<boolean>
  readonly onBegin: () => void
  readonly onFailed: (error: BridgeErrorBody) => void
  readonly onMounted: (entry: MountEntry) => void
  /** Called before the mount is taken down; what uses it has ended when the promise resolves. */
  readonly onLost: () => Promise<void>
  readonly onLog: (text: string) => void
}

const retryBackoff: Backoff = { firstMs: 1_000, maxMs: 30_000 }
const tunnelPollMs = 100

/** Mounts, and mounts again whenever the mount is lost. */
export class MountKeeper {
  readonly #options: MountKeeperOptions
  #wake = new AbortController()
  #lost = new AbortController()

  constructor(options: MountKeeperOptions) {
    this.#options = options
  }

  /** Ends a pause between two attempts: what kept the last one from working may have changed. */
  wake(): void {
    this.#wake.abort()
  }

  /** The mount is not there any more, or leads nowhere. */
  lose(): void {
    this.#lost.abort()
  }

  /** Goes on until `signal` aborts (`ended`; a mount is left as it is) or this container turns out unable to mount. */
  async run(signal: AbortSignal): Promise<'ended' | 'cannot-mount'> {
    const { runDir, clock, onFailed } = this.#options
    if (!(await mayMount(runDir, clock))) {
      onFailed({ code: 'mount-not-permitted', args: {} })
      return 'cannot-mount'
    }
    for (let failures = 0; !isAborted(signal);) {
      this.#wake = new AbortController()
      const outcome = await this.#attempt(signal)
      if (isAborted(signal)) break
      if (outcome === undefined) {
        failures = 0
        await this.#stayMounted(signal)
      } else if (outcome.code === 'kernel-without-nfs') {
        return 'cannot-mount'
      } else {
        await this.#pause(backoffDelayMs(failures++, retryBackoff), signal)
      }
    }
    return 'ended'
  }

  /** Why it did not work, or `undefined` when it did. */
  async #attempt(signal: AbortSignal): Promise<BridgeErrorBody | undefined> {
    const { plan, clock, readMounts, isTunnelThere, onBegin, onFailed, onMounted } = this.#options
    onBegin()
    while (!isAborted(signal) && !(await isTunnelThere())) {
      await clock.sleep(tunnelPollMs, signal).catch(() => undefined)
    }
    const outcome = await attemptMount(plan, { clock, signal, readMounts })
    if (isAborted(signal)) return undefined
    if (outcome.kind === 'failed') {
      onFailed(outcome.error)
      return outcome.error
    }
    this.#lost = new AbortController()
    await this.#readFurtherAhead(outcome.entry)
    onMounted(outcome.entry)
    return undefined
  }

  async #stayMounted(signal: AbortSignal): Promise<void> {
    const { plan, clock, readMounts, onLost } = this.#options
    await whenAborted(AbortSignal.any([signal, this.#lost.signal]))
    if (isAborted(signal)) return
    await onLost()
    await unmount(plan.dir, { clock, readMounts })
  }

  async #readFurtherAhead({ device }: MountEntry): Promise<void> {
    const { runDir, clock, onLog } = this.#options
    try {
      await setReadAhead(device, runDir, clock)
    } catch (error) {
      onLog(`read-ahead stays as it is: ${String(error)}`)
    }
  }

  async #pause(delayMs: number, signal: AbortSignal): Promise<void> {
    const woken = AbortSignal.any([signal, this.#wake.signal])
    await this.#options.clock.sleep(delayMs, woken).catch(() => undefined)
  }
}
