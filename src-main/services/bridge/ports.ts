import type { TunnelIdentity } from '../../../docker/bridge/api/start.ts'
import type { IdentityTimes } from '../../core/identity-renewal.ts'

/**
 * What bridges need of the other services. The composition root hands in the real ones; tests hand in fakes.
 */

export type Labels = Readonly<Record<string, string>>

export interface ContainerFacts {
  readonly id: string
  readonly labels: Labels
  readonly state: string
  readonly createdAtMs: number
}

export interface ContainerDetails extends ContainerFacts {
  readonly exitCode: number
  readonly wasOutOfMemory: boolean
  readonly publishedPorts: ReadonlyMap<number, { readonly host: string; readonly port: number }>
}

export interface ContainerSpec {
  readonly name: string
  readonly image: string
  readonly command: readonly string[]
  readonly user: string
  readonly labels: Labels
  readonly capabilities: readonly string[]
  readonly isConfinedByAppArmor: boolean
  readonly tmpfs: Readonly<Record<string, string>>
  readonly memoryBytes: number
  readonly maxProcesses: number
  readonly stopTimeoutSeconds: number
  readonly network:
    | { readonly kind: 'own'; readonly hostname: string; readonly publishedPorts: readonly number[] }
    | { readonly kind: 'of-container'; readonly containerId: string }
}

export type ContainerEvent =
  | { readonly type: 'died'; readonly containerId: string; readonly exitCode: number }
  | { readonly type: 'out-of-memory'; readonly containerId: string }
  | { readonly type: 'removed'; readonly containerId: string }

export interface ImageFacts {
  /** Its names, with their tags. */
  readonly refs: readonly string[]
  readonly labels: Labels
  /** By a container, running or not. */
  readonly isUsed: boolean
}

/** Disposing ends it. `closed` resolves also when the other side has hung up. */
export interface EngineConnection extends Disposable {
  readonly closed: Promise<void>
}

/** All reject with `AppError`s; what ends or removes a container does not mind that it is gone. */
export interface Engine {
  hasImage(ref: string, signal?: AbortSignal): Promise<boolean>
  buildImage(
    request: {
      readonly contextDir: string
      readonly ref: string
      readonly args: Readonly<Record<string, string>>
      readonly labels: Labels
    },
    onProgress: (line: string) => void,
    signal?: AbortSignal,
  ): Promise<void>
  pullImage(ref: string, onProgress: (line: string) => void, signal?: AbortSignal): Promise<void>
  listImages(labels: Labels): Promise<readonly ImageFacts[]>
  /** Never one that a container uses. */
  removeImage(ref: string): Promise<void>
  createContainer(spec: ContainerSpec, signal?: AbortSignal): Promise<string>
  /** `line` is the first on its stdin. Disposing what is returned ends stdin, and with it the container. */
  startContainer(id: string, line: string, signal?: AbortSignal): Promise<EngineConnection>
  stopContainer(id: string, graceMs: number): Promise<void>
  removeContainer(id: string): Promise<void>
  inspectContainer(id: string, signal?: AbortSignal): Promise<ContainerDetails | undefined>
  listContainers(labels: Labels, signal?: AbortSignal): Promise<readonly ContainerFacts[]>
  lastLogLines(id: string, maxLines: number): Promise<readonly string[]>
  followEvents(labels: Labels, onEvent: (event: ContainerEvent) => void): Promise<EngineConnection>
}

/** An identity and when it should be replaced. */
export type IssuedIdentity = TunnelIdentity & IdentityTimes

/** Makes a new identity, or rejects with what a person has to do (`identity-expired` …). May be asked at any time, once at a time. */
export type IdentitySource = (signal: AbortSignal) => Promise<IssuedIdentity>
