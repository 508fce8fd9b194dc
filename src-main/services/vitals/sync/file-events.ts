import type { FrontEvent } from '../../../shared/front-protocol.ts'

const types = [
  'saved',
  'delivered',
  'conflict',
  'moved',
  'removed',
  'upload-attention',
  'discarded',
] as const satisfies readonly FrontEvent['type'][]

/** What a front says of the fate of single files. */
export type FileEvent = Extract<FrontEvent, { type: (typeof types)[number] }>

export function isFileEvent(event: FrontEvent): event is FileEvent {
  return (types as readonly string[]).includes(event.type)
}
