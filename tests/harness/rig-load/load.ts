import { setTimeout as sleep } from 'node:timers/promises'

import { seededRandom } from '../../fakes/seeded-random.ts'
import { parseMultistatus } from '../multistatus.ts'
import { within } from '../wait-for.ts'
import { contentOf, versionOf } from './content.ts'
import { KnownFiles } from './known-files.ts'
import { Observations } from './observations.ts'
import { PatientClient, type DavCall, type DavReply } from './patient-client.ts'

export interface LoadOptions {
  readonly url: string
  /** At the root of the drive, of this load alone. */
  readonly folder: string
}

/** How often each worker does what it does, when the drive is quick. */
const pacesMs = { saver: 700, rewriter: 500, big: 4_000, atomic: 1_500, reader: 250, lister: 800 } as const

const bigBytes = 5_000_000
/** For a worker's last round, after it was told to stop. */
const stopLimitMs = 240_000
const propfind = Buffer.from(
  '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:getcontentlength/><D:resourcetype/></D:prop></D:propfind>',
)

/** Programs at work on a drive: savers of small and large files, an editor that saves by renaming, readers that know what must be there. */
export class Load implements Disposable {
  readonly files = new KnownFiles()
  readonly seen = new Observations()
  readonly folder: string
  readonly #client: PatientClient
  readonly #random = seededRandom(4)
  readonly #stopping = new AbortController()
  readonly #rounds = new Map<keyof typeof pacesMs, number>()
  #working: Promise<unknown> = Promise.resolve()
  #stops: Promise<void> | undefined

  private constructor({ url, folder }: LoadOptions) {
    this.folder = folder
    this.#client = new PatientClient({
      url,
      onAnswered: (method, status, waitedMs) => this.seen.note(method, status, waitedMs),
      onBroken: () => (this.seen.broken += 1),
    })
  }

  /** Resolves when its folder is there and all are at work. Stop it. */
  static async start(options: LoadOptions): Promise<Load> {
    const load = new Load(options)
    const { status } = await load.#client.call('MKCOL', options.folder)
    if (status !== 201) throw new Error(`MKCOL ${options.folder}: ${status}`)
    load.#working = Promise.all([
      load.#work('saver', (round) => load.save(`${load.folder}/small-${round}`, 500 + 700 * (round % 20))),
      load.#work('rewriter', (round) => load.save(`${load.folder}/again-${round % 3}`, 8_000 + (round % 7))),
      load.#work('big', () => load.save(`${load.folder}/big`, bigBytes)),
      load.#work('atomic', (round) => load.#saveAtomically(round)),
      load.#work('reader', () => load.#readAny()),
      load.#work('lister', () => load.#list()),
    ])
    return load
  }

  /** The fewest rounds any of the workers has made. */
  get rounds(): number {
    return Math.min(
      ...Object.keys(pacesMs).map((worker) => this.#rounds.get(worker as keyof typeof pacesMs) ?? 0),
    )
  }

  /** Lets each finish its round. Afterwards what was acknowledged is what was attempted, or `seen.wrongs` says why not. */
  stop(): Promise<void> {
    this.#stops ??= this.#stop()
    return this.#stops
  }

  /** The next version of a file, until it is taken: a refusal is for trying again. */
  async save(path: string, size: number): Promise<void> {
    const file = this.files.file(path)
    file.attempted += 1
    const version = file.attempted
    const body = contentOf(file.name, version, size)
    const { status } = await this.#untilAnswered('PUT', path, { body })
    if (status !== 201 && status !== 204) this.seen.wrong(`PUT ${path}: ${status}`)
    else file.acknowledged = version
  }

  async #stop(): Promise<void> {
    this.#stopping.abort()
    await within(this.#working, 'the load to end', stopLimitMs).catch((error: unknown) =>
      this.seen.wrong(String(error)),
    )
  }

  async #work(worker: keyof typeof pacesMs, round: (number: number) => Promise<void>): Promise<void> {
    const { signal } = this.#stopping
    for (let number = 1; !signal.aborted; number += 1) {
      await round(number).catch((error: unknown) => this.seen.wrong(String(error)))
      this.#rounds.set(worker, number)
      await sleep(pacesMs[worker], undefined, { signal }).catch(() => undefined)
    }
  }

  /** As editors do: beside it, then over it. */
  async #saveAtomically(round: number): Promise<void> {
    const path = `${this.folder}/document`
    const besidePath = `${this.folder}/document.saving-${round}`
    const file = this.files.file(path)
    const version = file.attempted + 1
    const body = contentOf(file.name, version, 3_000 + round)
    const put = await this.#untilAnswered('PUT', besidePath, { body })
    if (put.status !== 201 && put.status !== 204) this.seen.wrong(`PUT ${besidePath}: ${put.status}`)
    file.attempted = version
    const move = await this.#untilAnswered('MOVE', besidePath, {
      headers: { Destination: this.#client.urlOf(path), Overwrite: 'T' },
    })
    const isDone = move.status === 201 || move.status === 204
    // One whose answer got lost has happened, or not; the file itself says.
    const hasHappened = !isDone && move.mayBeSecond && (await this.#read(path)) === version
    if (isDone || hasHappened) file.acknowledged = version
    else this.seen.wrong(`MOVE ${besidePath}: ${move.status}`)
  }

  async #readAny(): Promise<void> {
    const known = this.files.acknowledged()
    const picked = known[Math.floor(this.#random() * known.length)]
    if (picked !== undefined) await this.#read(picked[0])
  }

  /** The version that is there; `undefined` where it was not told, or is wrong. */
  async #read(path: string): Promise<number | undefined> {
    const file = this.files.file(path)
    const oldest = file.acknowledged
    const { status, body } = await this.#client.call('GET', path)
    if (status === 423) return undefined
    if (status !== 200) {
      this.seen.wrong(`GET ${path}: ${status}, with version ${oldest} acknowledged`)
      return undefined
    }
    const version = versionOf(file.name, body)
    if (version >= oldest && version <= file.attempted) return version
    this.seen.wrong(`GET ${path}: version ${version}, not ${oldest} to ${file.attempted}`)
    return undefined
  }

  /** Every file, as clients see it now. */
  async readAll(): Promise<void> {
    for (const [path] of this.files.acknowledged()) await this.#read(path)
  }

  /** The version of what somebody else has found at `path`; 0 for what cannot be one. */
  check(where: string, path: string, content: Buffer): number {
    const file = this.files.file(path)
    try {
      const version = versionOf(file.name, content)
      if (version > file.attempted) this.seen.wrong(`${path} ${where}: version ${version} was never saved`)
      return version
    } catch (error) {
      this.seen.wrong(`${path} ${where}: ${String(error)}`)
      return 0
    }
  }

  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]()
  }

  async #list(): Promise<void> {
    const expected = this.files.acknowledged().map(([path]) => path.split('/').at(-1)!)
    const { status, body } = await this.#client.call('PROPFIND', `${this.folder}/`, {
      headers: { Depth: '1' },
      body: propfind,
    })
    if (status === 423) return
    if (status !== 207) {
      this.seen.wrong(`PROPFIND ${this.folder}: ${status}`)
      return
    }
    const names = parseMultistatus(body.toString()).map(({ href }) => href.split('/').at(-1))
    for (const name of expected) if (!names.includes(name)) this.seen.wrong(`${name} is not listed`)
  }

  /** A refusal as "in use" is tried again, as a person does. */
  async #untilAnswered(method: string, path: string, call: DavCall): Promise<DavReply> {
    let mayBeSecond = false
    for (;;) {
      const reply = await this.#client.call(method, path, call)
      mayBeSecond ||= reply.mayBeSecond
      if (reply.status !== 423) return { ...reply, mayBeSecond }
      // The front says "in use" when it does not know, or not in time, what became of a change.
      mayBeSecond = true
      await sleep(1_000)
    }
  }
}
