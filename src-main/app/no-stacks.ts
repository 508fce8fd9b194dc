import { createEmitter } from '../lib/event.ts'
import { AppError } from '../shared/errors.ts'
import type { Stacks } from './parts.ts'

const refuse = (): Promise<never> => {
  return Promise.reject(new AppError('usage', { reason: 'This version cannot make stacks yet' }))
}

/** Until stacks can be made from here. */
export const noStacks: Stacks = {
  views: () => [],
  changed: createEmitter<undefined>(),
  list: () => Promise.resolve([]),
  plan: refuse,
  deploy: refuse,
  cancel: refuse,
  dismiss: () => undefined,
}
