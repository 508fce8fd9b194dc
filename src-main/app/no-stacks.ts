import { createEmitter } from '../lib/event.ts'
import { AppError } from '../shared/errors.ts'
import type { Stacks } from './parts.ts'

const refuse = (): Promise<never> => {
  return Promise.reject(new AppError('usage', { reason: 'This version cannot make stacks yet' }))
}

/** Stacks that are there can be chosen; until they can be made from here, that is refused. */
export const noStacks: Omit<Stacks, 'list'> = {
  views: () => [],
  changed: createEmitter<undefined>(),
  plan: refuse,
  deploy: refuse,
  cancel: refuse,
  dismiss: () => undefined,
}
