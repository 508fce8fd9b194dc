/** What one side may ask of the other, by name. */
export type Asks = Record<string, { readonly ask: unknown; readonly answer: unknown }>

/** Either end of the IPC channel of a Node child process. */
export interface Port {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
}

type Message =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly ask: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly message: string }

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

/** Questions and answers between the app's process and the test's. What the other side throws is thrown here, with its message. */
export class Channel<Ours extends Asks, Theirs extends Asks> {
  readonly #port: Port
  readonly #answers = new Map<keyof Ours, (ask: never) => unknown>()
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #closedFor: string | undefined

  constructor(port: Port) {
    this.#port = port
    port.onMessage((message) => void this.#receive(message as Message))
  }

  ask<K extends keyof Theirs & string>(name: K, ask: Theirs[K]['ask']): Promise<Theirs[K]['answer']> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      if (this.#closedFor !== undefined) {
        reject(new Error(this.#closedFor))
        return
      }
      this.#waiting.set(id, { resolve, reject })
      this.#port.send({ kind: 'ask', id, name, ask } satisfies Message)
    })
  }

  answer<K extends keyof Ours & string>(
    name: K,
    answer: (ask: Ours[K]['ask']) => Ours[K]['answer'] | Promise<Ours[K]['answer']>,
  ): void {
    this.#answers.set(name, answer)
  }

  /** The other side is gone: nothing that was asked, or is asked from now on, will be answered. */
  close(reason: string): void {
    this.#closedFor = reason
    for (const { reject } of this.#waiting.values()) reject(new Error(reason))
    this.#waiting.clear()
  }

  async #receive(message: Message): Promise<void> {
    if (message.kind === 'ask') {
      await this.#reply(message)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.kind === 'answer') waiting?.resolve(message.answer)
    else waiting?.reject(new Error(message.message))
  }

  async #reply({ id, name, ask }: Extract<Message, { kind: 'ask' }>): Promise<void> {
    try {
      const answer = this.#answers.get(name)
      if (answer === undefined) throw new Error(`nobody answers ${name}`)
      this.#port.send({ kind: 'answer', id, answer: await answer(ask as never) } satisfies Message)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.#port.send({ kind: 'refusal', id, message } satisfies Message)
    }
  }
}
