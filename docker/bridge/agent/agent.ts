import { randomBytes } from 'node:crypto'

import type { BridgeEvent, Health, Nudge } from '../api/control.ts'
import { bridgeExitCodes, type AgentStart, type TunnelIdentity } from '../api/start.ts'
import { BridgeError } from '../lib/bridge-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { EventHub } from '../lib/event-hub.ts'
import { AgentModel } from './agent-model.ts'
import { connectTunnel, type TunnelClient } from './control/tunnel-client.ts'
import { FilesProcess } from './files-process/files-process.ts'
import { residentBytesOf } from './files-process/resident-bytes.ts'
import { StuckWatch } from './files-process/stuck-watch.ts'
import { healthOf, type AgentVersions } from './control/health.ts'
import { MountKeeper } from './mount/mount-keeper.ts'
import { mountPlan } from './mount/mount-options.ts'
import type { MountEntry } from './mount/mount-table.ts'
import { unmount } from './mount/unmount.ts'
import { Prober, type ProbeResult } from './probe/prober.ts'
import { StallWatch } from './probe/stall-watch.ts'

export type Command = readonly [program: string, ...args: string[]]

export interface AgentOptions {
  readonly start: AgentStart
  readonly mountDir: string
  readonly runDir: string
  readonly ports: { readonly files: number; readonly tunnelControl: number; readonly nfs: number }
  readonly probeCommand: Command
  readonly filesCommand: Command
  readonly versions: AgentVersions
  readonly readMounts: () => Promise<readonly MountEntry[]>
  readonly isListening: (port: number) => Promise<boolean>
  readonly clock: Clock
  readonly hub: EventHub
}

const residentLimitMs = 300

/** What a mount brings with it, and takes along when it goes. */
interface Mounted {
  readonly entry: MountEntry
  readonly atMs: number
  readonly prober: Prober
  readonly files: FilesProcess
  readonly stuckWatch: StuckWatch
}

/** Holds everything together; itself it never touches a file of the mount, so that it always answers. */
export class Agent {
  readonly model: AgentModel
  readonly #options: AgentOptions
  readonly #keeper: MountKeeper
  readonly #stallWatch: StallWatch
  readonly #tunnel: TunnelClient | undefined
  readonly #instanceId = randomBytes(8).toString('hex')
  #mounted: Mounted | undefined
  #earlierFileStarts = 0
  #latency: { readonly roundTripMs: number; readonly atMs: number } | undefined

  constructor(options: AgentOptions) {
    const { start, mountDir, runDir, ports, clock, hub, readMounts, isListening } = options
    this.#options = options
    this.model = new AgentModel(clock, hub)
    this.#stallWatch = new StallWatch(clock, () => this.#onLongStall())
    // A server of one's own choice is reached without a tunnel.
    this.#tunnel = start.nfs === undefined ? this.#connectTunnel() : undefined
    this.#keeper = new MountKeeper({
      plan: mountPlan(start, mountDir),
      runDir,
      clock,
      readMounts,
      isTunnelThere: () => (start.nfs === undefined ? isListening(ports.nfs) : Promise.resolve(true)),
      onBegin: () => this.model.apply({ type: 'mount-began' }),
      onFailed: (error) => {
        this.model.apply({ type: 'mount-failed', error })
        this.#log('warn', 'mount', `${error.code} ${JSON.stringify(error.args)}`)
      },
      onMounted: (entry) => this.#onMounted(entry),
      onLost: () => this.#onLost(),
      onLog: (text) => this.#log('info', 'mount', text),
    })
  }

  /** The agent's life until `signal` aborts or there is no use in going on; then the mount is taken down. The exit code. */
  async run(signal: AbortSignal): Promise<number> {
    const outcome = await this.#keeper.run(signal)
    // Whoever follows the events hears why before the container is gone.
    if (outcome === 'cannot-mount') await this.#options.clock.sleep(2_000, signal).catch(() => undefined)
    this.model.apply({ type: 'stopping' })
    this.#tunnel?.[Symbol.dispose]()
    await this.#endMounted()
    const unmounted = await unmount(this.#options.mountDir, this.#options)
    this.#log('info', 'mount', `unmounted: ${unmounted}`)
    if (outcome === 'cannot-mount') return bridgeExitCodes.cannotMount
    const isLeftBehind = unmounted === 'detached' || unmounted === 'left-behind'
    return isLeftBehind ? bridgeExitCodes.mountLeftBehind : bridgeExitCodes.ended
  }

  async health(): Promise<Health> {
    const { clock, versions } = this.#options
    return healthOf({
      view: this.model.view,
      sinceMs: this.model.sinceMs,
      clockMs: clock.now(),
      tunnel: this.model.facts.tunnel,
      latency: this.#latency,
      mount: { mountedAtMs: this.#mounted?.atMs, options: this.#mounted?.entry.options },
      files: {
        restarts: this.#earlierFileStarts + (this.#mounted?.files.restarts ?? 0),
        // The kernel may make whoever looks at a stuck process wait for it.
        residentBytes: await Promise.race([
          residentBytesOf(this.#mounted?.files.pid),
          clock.sleep(residentLimitMs).then(() => undefined),
        ]),
      },
      versions,
    })
  }

  /** @throws BridgeError */
  async putIdentity(identity: TunnelIdentity): Promise<void> {
    if (this.#tunnel === undefined) throw new BridgeError('not-found')
    await this.#tunnel.putIdentity(identity)
    // A connection that works keeps its old identity; one that does not is made anew.
    if (this.model.view.state !== 'ready') this.nudge({ reason: 'stalled' })
  }

  nudge(nudge: Nudge): void {
    this.#tunnel
      ?.nudge(nudge)
      .catch((error: unknown) => this.#log('warn', 'agent', `nudge: ${String(error)}`))
    this.#keeper.wake()
    this.#mounted?.prober.probeNow()
  }

  #connectTunnel(): TunnelClient {
    const { start, ports, clock, hub } = this.#options
    return connectTunnel({
      port: ports.tunnelControl,
      token: start.token,
      clock,
      onEvent: (event) => {
        if (event.type === 'tunnel') this.model.apply(event)
        else hub.publish(event)
      },
      onLost: () => {
        const { tunnel } = this.model.facts
        // Before its first word it is just not there yet.
        if (tunnel.state === 'unknown' || tunnel.state === 'down') return
        this.model.apply({
          type: 'tunnel',
          tunnel: { ...tunnel, state: 'down', error: { code: 'tunnel-exited', args: {} } },
        })
      },
    })
  }

  #onMounted(entry: MountEntry): void {
    const { start, mountDir, ports, probeCommand, filesCommand, clock } = this.#options
    this.model.apply({ type: 'mounted' })
    this.#log('info', 'mount', `${entry.source} mounted: ${entry.options}`)
    const files = new FilesProcess({
      command: filesCommand,
      start: {
        token: start.token,
        rootDir: mountDir,
        port: ports.files,
        host: '0.0.0.0',
        readOnly: start.readOnly,
        instanceId: this.#instanceId,
      },
      clock,
      onServed: () => this.model.apply({ type: 'files-served' }),
      onGone: () => this.model.apply({ type: 'files-gone' }),
      onLog: (level, text) => this.#log(level, 'files', text),
    })
    this.#mounted = {
      entry,
      atMs: clock.now(),
      files,
      prober: new Prober({ command: probeCommand, clock, onResult: (result) => this.#onProbed(result) }),
      stuckWatch: new StuckWatch({
        port: ports.files,
        token: start.token,
        clock,
        mountAnswers: () => this.model.facts.probe === 'answered',
        onStuck: () => {
          this.#log('warn', 'agent', 'the file service is stuck: ended')
          files.kill()
        },
      }),
    }
  }

  #onProbed(result: ProbeResult): void {
    const { clock, hub } = this.#options
    if (result.type === 'failed' && (result.code === 'not-nfs' || result.code === 'ESTALE')) {
      this.#log('warn', 'mount', `the mount is lost: ${result.code}`)
      this.#keeper.lose()
      return
    }
    this.model.apply({ type: 'probed', result })
    this.#stallWatch.tell(result.type !== 'answered')
    if (result.type !== 'answered') return
    this.#latency = { roundTripMs: result.roundTripMs, atMs: clock.now() }
    hub.publish({ type: 'latency', ...this.#latency })
  }

  /** A tunnel that knows of no trouble may hold a connection that died without a word. */
  #onLongStall(): void {
    if (this.model.facts.tunnel.state !== 'up') return
    this.#log('warn', 'agent', 'the mount is silent: restarting the tunnel')
    this.nudge({ reason: 'stalled' })
  }

  async #onLost(): Promise<void> {
    this.model.apply({ type: 'mount-lost' })
    await this.#endMounted()
  }

  async #endMounted(): Promise<void> {
    this.#stallWatch[Symbol.dispose]()
    const mounted = this.#mounted
    if (mounted === undefined) return
    mounted.stuckWatch[Symbol.dispose]()
    mounted.prober[Symbol.dispose]()
    await mounted.files[Symbol.asyncDispose]()
    this.#earlierFileStarts += mounted.files.restarts + 1
    this.#mounted = undefined
  }

  #log(
    level: Extract<BridgeEvent, { type: 'log' }>['level'],
    source: 'agent' | 'files' | 'mount',
    text: string,
  ): void {
    this.#options.hub.publish({ type: 'log', level, source, text })
  }
}
