import type { CommandAnswer, Result } from '../../src-main/shared/app/answers.ts'
import type { CommandInput, CommandName } from '../../src-main/shared/app/commands.ts'
import { bridge } from './bridge.ts'

/** Asks main. Never rejects: a bridge that is broken is a failure like any other, and is shown like one. */
export async function send<K extends CommandName>(
  name: K,
  input: CommandInput<K>,
): Promise<Result<CommandAnswer<K>>> {
  try {
    return await bridge().invoke(name, input)
  } catch {
    return { ok: false, error: { code: 'unexpected', args: {} } }
  }
}
