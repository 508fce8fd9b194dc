import { access } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough, Readable } from 'node:stream'

import type Docker from 'dockerode'

import { readNdjson } from '../../lib/ndjson.ts'
import { orAborted } from '../../lib/or-aborted.ts'
import { AppError, type ErrorArgs, type ErrorCode } from '../../shared/errors.ts'
import {
  detailsOf,
  eventOf,
  eventSchema,
  factsOf,
  imageFactsOf,
  inspectedContainerSchema,
  listedContainerSchema,
  listedImageSchema,
} from './container-facts.ts'
import { containerOptions } from './container-options.ts'
import type { ContainerSpec } from './container-spec.ts'
import { describeEngine, infoAnswerSchema, versionAnswerSchema } from './describe-engine.ts'
import { addressText } from './engine-address.ts'
import { engineError, isAlreadySo, orIfAbsent } from './engine-errors.ts'
import type {
  BuildRequest,
  ContainerDetails,
  ContainerEvent,
  ContainerFacts,
  ContainerInput,
  Engine,
  EngineAddress,
  EngineInfo,
  EventStream,
  ImageFacts,
  Labels,
  OnProgress,
} from './engine.ts'
import { ProgressLog } from './progress-stream.ts'

/** An engine whose machine is waking up takes seconds for what takes milliseconds otherwise. */
const callTimeoutMs = 30_000
/** A build or pull over a slow line; whoever waits has a signal. */
const transferTimeoutMs = 30 * 60_000
/** The longest a timer can be set to: for as long as it takes. */
const maxTimerMs = 2 ** 31 - 1
const maxEventBytes = 1024 * 1024

/** In dockerode, but not in its types: reads what BuildKit says as well as what the older builder does. */
interface FollowsProgress {
  followProgress(
    answer: NodeJS.ReadableStream,
    onFinished: (error: Error | null) => void,
    onProgress: (step: unknown) => void,
  ): void
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
  readonly args?: ErrorArgs
  readonly otherwise?: ErrorCode
}

/** An engine by its address. Connects at each call, and loads its client with the first. */
export function createDockerEngine(address: EngineAddress): Engine {
  return new DockerEngine(address)
}

/** The one place that knows dockerode. */
class DockerEngine implements Engine {
  readonly #address: EngineAddress
  #client: Promise<Docker> | undefined

  constructor(address: EngineAddress) {
    this.#address = address
  }

  async describe(signal?: AbortSignal): Promise<EngineInfo> {
    const [version, info] = await this.#call({ signal }, (docker) =>
      Promise.all([docker.version() as Promise<unknown>, docker.info() as Promise<unknown>]),
    )
    return describeEngine(versionAnswerSchema.parse(version), infoAnswerSchema.parse(info), this.#addressText)
  }

  hasImage(ref: string, signal?: AbortSignal): Promise<boolean> {
    return this.#call({ signal }, (docker) =>
      docker
        .getImage(ref)
        .inspect()
        .then(() => true, orIfAbsent(false)),
    )
  }

  async buildImage(request: BuildRequest, onProgress: OnProgress, signal?: AbortSignal): Promise<void> {
    const { contextDir, ref, args, labels, networkMode } = request
    // dockerode's packer dies of a folder that is not there, and takes the process with it.
    await access(join(contextDir, 'Dockerfile')).catch((cause: unknown) => {
      throw new AppError(
        'image-build-failed',
        { image: ref, reason: `there is no Dockerfile in ${contextDir}` },
        { cause },
      )
    })
    const { kind } = await this.describe(signal)
    const log = new ProgressLog(onProgress)
    const options = { signal, timeoutMs: transferTimeoutMs, otherwise: 'image-build-failed' as const }
    await this.#call(options, async (docker, abortSignal) => {
      const answer = await docker.buildImage(
        { context: contextDir, src: ['.'] },
        {
          t: ref,
          buildargs: { ...args },
          labels: { ...labels },
          rm: true,
          forcerm: true,
          abortSignal,
          // BuildKit leaves out the stages that are not needed. Podman's builder does too, and knows no other.
          ...(kind === 'podman' ? {} : { version: '2' as const }),
          ...(networkMode === undefined ? {} : { networkmode: networkMode }),
        },
      )
      await followProgress(docker, answer, log, abortSignal)
    })
    log.throwIfFailed('image-build-failed', { image: ref })
  }

  async pullImage(ref: string, onProgress: OnProgress, signal?: AbortSignal): Promise<void> {
    const log = new ProgressLog(onProgress)
    const args = { image: ref }
    const options = { signal, timeoutMs: transferTimeoutMs, otherwise: 'image-pull-failed' as const, args }
    await this.#call(options, async (docker, abortSignal) => {
      await followProgress(docker, await docker.pull(ref, { abortSignal }), log, abortSignal)
    })
    log.throwIfFailed('image-pull-failed', args)
  }

  async listImages(labels: Labels, signal?: AbortSignal): Promise<readonly ImageFacts[]> {
    return await this.#call({ signal }, async (docker, abortSignal) => {
      const filters = { label: labelFilter(labels) }
      const images = await docker.listImages({ filters, abortSignal })
      const containers = await docker.listContainers({ all: true, abortSignal })
      const used = new Set(containers.flatMap(({ Image, ImageID }) => [Image, ImageID]))
      return images.map((one) => imageFactsOf(listedImageSchema.parse(one), used))
    })
  }

  async removeImage(ref: string): Promise<void> {
    await this.#call({}, (docker, abortSignal) =>
      docker
        .getImage(ref)
        .remove({ force: false, abortSignal })
        .then(() => undefined, orIfAbsent(undefined)),
    )
  }

  async createContainer(spec: ContainerSpec, signal?: AbortSignal): Promise<string> {
    const { id } = await this.#call({ signal, args: { image: spec.image } }, (docker, abortSignal) =>
      docker.createContainer({ ...containerOptions(spec), abortSignal }),
    )
    return id
  }

  async startContainer(id: string, line: string, signal?: AbortSignal): Promise<ContainerInput> {
    // Attached before it starts, so that its first look at stdin finds somebody there.
    const input = await this.#call({ signal }, (docker) =>
      docker.getContainer(id).attach({ stream: true, stdin: true, hijack: true }),
    )
    if (!(input instanceof Socket)) throw new TypeError('the engine gave no socket for stdin')
    input.on('error', () => undefined).resume()
    const closed = new Promise<void>((resolve) => input.once('close', () => resolve()))
    try {
      await this.#call({ signal }, (docker, abortSignal) => docker.getContainer(id).start({ abortSignal }))
    } catch (error) {
      input.destroy()
      throw error
    }
    input.write(`${line}\n`)
    return { closed, [Symbol.dispose]: () => input.destroySoon() }
  }

  async stopContainer(id: string, graceMs: number): Promise<void> {
    const timeoutMs = graceMs + callTimeoutMs
    await this.#end({ timeoutMs }, (docker, abortSignal) =>
      docker.getContainer(id).stop({ t: Math.ceil(graceMs / 1000), abortSignal }),
    )
  }

  async killContainer(id: string): Promise<void> {
    await this.#end({}, (docker, abortSignal) => docker.getContainer(id).kill({ abortSignal }))
  }

  async removeContainer(id: string): Promise<void> {
    await this.#end({}, (docker, abortSignal) =>
      docker.getContainer(id).remove({ force: true, v: true, abortSignal }),
    )
  }

  async inspectContainer(id: string, signal?: AbortSignal): Promise<ContainerDetails | undefined> {
    const answer = await this.#call({ signal }, (docker, abortSignal) =>
      docker.getContainer(id).inspect({ abortSignal }).catch(orIfAbsent(undefined)),
    )
    return answer === undefined ? undefined : detailsOf(inspectedContainerSchema.parse(answer))
  }

  async listContainers(labels: Labels, signal?: AbortSignal): Promise<readonly ContainerFacts[]> {
    const all = await this.#call({ signal }, (docker, abortSignal) =>
      docker.listContainers({ all: true, filters: { label: labelFilter(labels) }, abortSignal }),
    )
    return all.map((one) => factsOf(listedContainerSchema.parse(one)))
  }

  async lastLogLines(id: string, maxLines: number): Promise<readonly string[]> {
    const lines: string[] = []
    const read = this.#call({}, async (docker, abortSignal) => {
      const options = { follow: false as const, stdout: true, stderr: true, tail: maxLines, abortSignal }
      const text = await docker.getContainer(id).logs(options)
      await readLog(docker, Readable.from([text]), (line) => lines.push(line))
    })
    // A container that is gone has no log; whoever asks has a worse problem already.
    await read.catch(() => undefined)
    return lines
  }

  async followLogs(id: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
    const read = this.#call({ signal, timeoutMs: maxTimerMs }, async (docker, abortSignal) => {
      const options = { follow: true as const, stdout: true, stderr: true, abortSignal }
      await readLog(docker, await docker.getContainer(id).logs(options), onLine)
    })
    await read.catch(() => undefined)
  }

  async followEvents(labels: Labels, onEvent: (event: ContainerEvent) => void): Promise<EventStream> {
    const ending = new AbortController()
    const filters = { type: ['container' as const], label: labelFilter(labels) }
    const stream = await this.#call({}, (docker) => docker.getEvents({ filters, abortSignal: ending.signal }))
    const read = async (): Promise<void> => {
      const lines = readNdjson(Readable.from(stream), eventSchema, {
        maxLineBytes: maxEventBytes,
        onInvalid: () => undefined,
      })
      for await (const line of lines) {
        const event = eventOf(line)
        if (event !== undefined) onEvent(event)
      }
    }
    // However it ends, there is nothing more to be heard.
    const closed = read().catch(() => undefined)
    return { closed, [Symbol.dispose]: () => ending.abort() }
  }

  get #addressText(): string {
    return addressText(this.#address)
  }

  /** Runs `make` with a signal that has a limit, and translates what it rejects with. */
  async #call<T>(
    { signal, timeoutMs = callTimeoutMs, args = {}, otherwise }: CallOptions,
    make: (docker: Docker, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = AbortSignal.timeout(timeoutMs)
    const stop = signal === undefined ? limit : AbortSignal.any([limit, signal])
    try {
      stop.throwIfAborted()
      const docker = await (this.#client ??= connectTo(this.#address))
      return await orAborted(make(docker, stop), stop)
    } catch (error) {
      const cause: unknown =
        signal?.aborted === true
          ? new DOMException('aborted', 'AbortError')
          : limit.aborted
            ? limit.reason
            : error
      throw engineError(cause, {
        address: this.#addressText,
        args,
        timeoutMs,
        ...(otherwise === undefined ? {} : { otherwise }),
      })
    }
  }

  /** For what ends a container: it is no failure when it has ended, or is gone, already. */
  async #end(
    options: CallOptions,
    make: (docker: Docker, abortSignal: AbortSignal) => Promise<unknown>,
  ): Promise<void> {
    await this.#call(options, (docker, abortSignal) =>
      make(docker, abortSignal).catch((error: unknown) => {
        if (!isAlreadySo(error)) throw error
      }),
    )
  }
}

async function connectTo(address: EngineAddress): Promise<Docker> {
  const { default: Client } = await import('dockerode')
  // Every field is given: what is not, dockerode takes from DOCKER_HOST and its like.
  const none = { ca: undefined, cert: undefined, key: undefined }
  return address.kind === 'socket'
    ? new Client({ protocol: 'http', host: '', socketPath: address.path, ...none })
    : new Client({ protocol: 'http', host: address.host, port: address.port, ...none })
}

/** Both of a container's streams, line by line; the engine sends them as frames of one. */
async function readLog(
  docker: Docker,
  frames: NodeJS.ReadableStream,
  onLine: (line: string) => void,
): Promise<void> {
  const text = new PassThrough()
  docker.modem.demuxStream(frames, text, text)
  for (const event of ['end', 'close', 'error']) frames.once(event, () => text.end())
  for await (const line of createInterface(text)) onLine(line)
}

async function followProgress(
  docker: Docker,
  answer: NodeJS.ReadableStream,
  log: ProgressLog,
  signal: AbortSignal,
): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      ;(docker as Docker & FollowsProgress).followProgress(
        answer,
        (error) => (error === null ? resolve() : reject(error)),
        (step) => log.add(step),
      )
    })
  } finally {
    // dockerode ends the builder's session when the answer ends, which one that was broken off never does.
    if (signal.aborted) answer.emit('end')
  }
}

function labelFilter(labels: Labels): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`)
}
