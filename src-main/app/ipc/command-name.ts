import { commandSchemas, type CommandName } from '../../shared/app/commands.ts'

export function isCommandName(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.hasOwn(commandSchemas, name)
}
