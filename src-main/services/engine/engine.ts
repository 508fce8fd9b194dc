import type { AppError } from '../../shared/errors.ts'
import type { ContainerSpec } from './container-spec.ts'

/** Who makes an engine; `docker` is one that cannot be told apart from dockerd on a Linux machine. */
export type EngineKind = 'docker-desktop' | 'orbstack' | 'colima' | 'rancher-desktop' | 'podman' | 'docker'

/** What an engine says about itself. */
export interface EngineInfo {
  readonly kind: EngineKind
  readonly version: string
  readonly apiVersion: string
  /** As Docker names them: `linux`, `amd64`, `arm64`. */
  readonly os: string
  readonly arch: string
  readonly kernel: string
  /** A rootless engine cannot mount NFS, whatever it is allowed. */
  readonly isRootless: boolean
  readonly cgroupVersion: string
  readonly memoryBytes: number
  readonly cpus: number
}

export interface ContainerFacts {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  /** As Docker names them: `created`, `running`, `paused`, `restarting`, `removing`, `exited`, `dead`. */
  readonly state: string
  /** Milliseconds since 1970, by the engine's clock. */
  readonly createdAtMs: number
}

export interface ContainerDetails extends ContainerFacts {
  readonly exitCode: number
  readonly wasOutOfMemory: boolean
  /** Where a port of the container can be reached on this machine, by its number inside. */
  readonly publishedPorts: ReadonlyMap<number, { readonly host: string; readonly port: number }>
}

export interface ImageFacts {
  /** Its names, with their tags. */
  readonly refs: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** By a container, running or not. */
  readonly isUsed: boolean
}

export type ContainerEvent =
  | { readonly type: 'died'; readonly containerId: string; readonly exitCode: number }
  | { readonly type: 'out-of-memory'; readonly containerId: string }
  | { readonly type: 'removed'; readonly containerId: string }

export interface BuildRequest {
  /** A folder with a `Dockerfile`. */
  readonly contextDir: string
  readonly ref: string
  readonly args: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  /** The network of its `RUN` steps, where the engine's default will not do. */
  readonly networkMode?: string | undefined
}

/** Hears of a line of a build, or of what a pull is at. */
export type OnProgress = (line: string) => void

export type Labels = Readonly<Record<string, string>>

/** A container's stdin. Disposing ends it, and the container with it. */
export interface ContainerInput extends Disposable {
  /** Resolves when the connection is gone, from either side. */
  readonly closed: Promise<void>
}

/** Events from the moment the promise of it resolved. Disposing ends it. */
export interface EventStream extends Disposable {
  /** Resolves when the engine hung up (its restart, the end of its machine) or the stream was disposed. */
  readonly closed: Promise<void>
}

/**
 * A Docker-compatible engine, as far as Mountbar uses one. Every call has a limit of its own and takes a signal; all reject with
 * `AppError`s: `engine-not-running`, `engine-denied`, `engine-timeout`, `engine-disk-full`, `engine-failed` {reason}, `cancelled`, and
 * what is named with each.
 */
export interface Engine {
  /** What it is; whether it will do is `obstacleOf`'s question. */
  describe(signal?: AbortSignal): Promise<EngineInfo>
  hasImage(ref: string, signal?: AbortSignal): Promise<boolean>
  /** @throws AppError `image-build-failed` {reason, lastLines}, `engine-arch`. */
  buildImage(request: BuildRequest, onProgress: OnProgress, signal?: AbortSignal): Promise<void>
  /** @throws AppError `image-pull-failed` {image, reason}, `engine-arch`. */
  pullImage(ref: string, onProgress: OnProgress, signal?: AbortSignal): Promise<void>
  /** That have all of `labels`. */
  listImages(labels: Labels, signal?: AbortSignal): Promise<readonly ImageFacts[]>
  /** Takes the name `ref` away, and the image with its last one. Refused while a container uses it; nothing happens where there is none. */
  removeImage(ref: string): Promise<void>
  /** The id. @throws AppError `image-missing` {image}. */
  createContainer(spec: ContainerSpec, signal?: AbortSignal): Promise<string>
  /** Starts it with `line` as the first on its stdin, which stays open. @throws AppError `port-taken` {port}, `engine-arch`. */
  startContainer(id: string, line: string, signal?: AbortSignal): Promise<ContainerInput>
  /** SIGTERM, and SIGKILL after `graceMs`. Resolves when it has ended; also when it is not there any more. */
  stopContainer(id: string, graceMs: number): Promise<void>
  killContainer(id: string): Promise<void>
  /** Ends it the hard way where it runs. Resolves also when it is not there any more. */
  removeContainer(id: string): Promise<void>
  /** `undefined` when there is none. */
  inspectContainer(id: string, signal?: AbortSignal): Promise<ContainerDetails | undefined>
  /** Running or not, that have all of `labels`. */
  listContainers(labels: Labels, signal?: AbortSignal): Promise<readonly ContainerFacts[]>
  /** What it wrote last, both streams, at most `maxLines`. */
  lastLogLines(id: string, maxLines: number): Promise<readonly string[]>
  /** What it writes from its start on, until it ends or `signal` is aborted; never rejects. */
  followLogs(id: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void>
  /** Events of containers that have all of `labels`. */
  followEvents(labels: Labels, onEvent: (event: ContainerEvent) => void): Promise<EventStream>
}

/** Where an engine listens. Never on another machine: its published ports would not be here. */
export type EngineAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }

/** How an engine's address became known; `setting` and `environment` are a person's word, and nothing else is tried then. */
export type EngineOrigin = 'setting' | 'environment' | 'context' | 'socket'

export interface EngineCandidate {
  readonly address: EngineAddress
  readonly origin: EngineOrigin
  /** For people: a program's name, a context's, the variable. */
  readonly name: string
}

/** An engine that will not do, and why. */
export interface PassedOver extends Pick<EngineCandidate, 'origin' | 'name'> {
  readonly error: AppError
}
