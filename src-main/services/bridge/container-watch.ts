import type { ContainerEnd } from './bridge-errors.ts'
import type { ContainerEvent, Engine, EngineConnection, Labels } from './ports.ts'

/** Hears how the containers of one drive end, from before they are made. Disposing ends the hearing. */
export class ContainerWatch implements Disposable {
  /** Resolves when the engine has hung up: it restarts, its machine ends, or it is asleep. */
  readonly engineLost: Promise<void>
  readonly #connection: EngineConnection
  readonly #ends: ContainerEnds

  private constructor(connection: EngineConnection, ends: ContainerEnds) {
    this.#connection = connection
    this.engineLost = connection.closed
    this.#ends = ends
  }

  static async open(engine: Engine, labels: Labels): Promise<ContainerWatch> {
    const ends = new ContainerEnds()
    return new ContainerWatch(await engine.followEvents(labels, (event) => ends.note(event)), ends)
  }

  /** Resolves when container `id` has ended, also when it had before; never when the engine is lost first. */
  endOf(id: string): Promise<ContainerEnd> {
    return this.#ends.of(id).promise
  }

  [Symbol.dispose](): void {
    this.#connection[Symbol.dispose]()
  }
}

/** Removed without a word of its end, by somebody else. */
const unknownExitCode = -1

class ContainerEnds {
  readonly #ends = new Map<string, PromiseWithResolvers<ContainerEnd>>()
  readonly #outOfMemory = new Set<string>()

  of(id: string): PromiseWithResolvers<ContainerEnd> {
    const known = this.#ends.get(id)
    if (known !== undefined) return known
    const end = Promise.withResolvers<ContainerEnd>()
    this.#ends.set(id, end)
    return end
  }

  note(event: ContainerEvent): void {
    const { containerId: id } = event
    if (event.type === 'out-of-memory') {
      this.#outOfMemory.add(id)
      return
    }
    const exitCode = event.type === 'died' ? event.exitCode : unknownExitCode
    this.of(id).resolve({ exitCode, wasOutOfMemory: this.#outOfMemory.has(id) })
  }
}
