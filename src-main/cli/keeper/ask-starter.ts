import type { AskMfaCode } from '../../services/credentials/ports.ts'
import { AppError } from '../../shared/errors.ts'
import { commandMessageSchema, type KeeperMessage } from './keeper-protocol.ts'

/** This process, as far as it speaks to the one that started it. */
export type StarterChannel = Pick<NodeJS.Process, 'connected' | 'send' | 'on' | 'off'>

/** A keeper asks through the command that waits for it. Rejects with `mfa-needed` when that has gone, or has nobody to ask either. */
export function createAskStarter(channel: StarterChannel): AskMfaCode {
  return async (question, signal) => {
    const { profile, serial } = question
    const answered = Promise.withResolvers<string>()
    const nobody = (): void => answered.reject(new AppError('mfa-needed', { profile, serial }))
    const leave = (): void => answered.reject(signal.reason)
    const hear = (raw: unknown): void => {
      const { data } = commandMessageSchema.safeParse(raw)
      if (data?.type === 'mfa-code') answered.resolve(data.code)
      else if (data?.type === 'mfa-refused') answered.reject(new AppError(data.error.code, data.error.args))
      else answered.reject(new AppError('message-invalid'))
    }
    signal.addEventListener('abort', leave, { once: true })
    channel.on('message', hear)
    channel.on('disconnect', nobody)
    if (signal.aborted) leave()
    else if (channel.connected) channel.send?.({ type: 'mfa-wanted', ...question } satisfies KeeperMessage)
    else nobody()
    try {
      return await answered.promise
    } finally {
      channel.off('message', hear)
      channel.off('disconnect', nobody)
      signal.removeEventListener('abort', leave)
    }
  }
}
