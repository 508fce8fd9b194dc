import { createEmitter } from '../../lib/event.ts'
import type { AskMfaCode, MfaQuestion } from '../../services/credentials/ports.ts'
import type { PromptView } from '../../shared/app/snapshot.ts'
import { AppError } from '../../shared/errors.ts'

interface Question {
  readonly view: PromptView
  answer(value: string | undefined): void
}

/** Questions to the person at the machine, one after the other in the order they came. Answers go to who asked, and nowhere else. */
export class MfaPrompt {
  readonly changed = createEmitter<undefined>()
  #questions: readonly Question[] = []
  #count = 0

  get view(): PromptView | undefined {
    return this.#questions[0]?.view
  }

  readonly ask: AskMfaCode = async ({ profile, serial }: MfaQuestion, signal: AbortSignal) => {
    if (signal.aborted) throw new AppError('cancelled')
    const answered = Promise.withResolvers<string>()
    this.#count += 1
    const decline = (): void => answered.reject(new AppError('cancelled'))
    const question: Question = {
      view: { id: `mfa-${this.#count}`, kind: 'mfa-code', profile, serial },
      answer: (value) => (value === undefined ? decline() : answered.resolve(value)),
    }
    signal.addEventListener('abort', decline, { once: true })
    this.#set([...this.#questions, question])
    try {
      return await answered.promise
    } finally {
      signal.removeEventListener('abort', decline)
      this.#set(this.#questions.filter((other) => other !== question))
    }
  }

  /** Without `value` it is declined. An answer to a question that is not asked any more is none. */
  answer(id: string, value: string | undefined): void {
    this.#questions.find(({ view }) => view.id === id)?.answer(value)
  }

  #set(questions: readonly Question[]): void {
    this.#questions = questions
    this.changed.fire(undefined)
  }
}
