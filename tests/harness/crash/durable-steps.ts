import type { DurableStep } from '../../../src-main/front/vfs/uploads/upload-store.ts'

/** All of them, in the order of a save, then of a move, then of a removal. */
export const durableSteps = [
  'spool-written',
  'spool-synced',
  'record-committed',
  'answered',
  'attempt-recorded',
  'backend-committed',
  'delivery-committed',
  'spool-removed',
  'intent-committed',
  'backend-moved',
  'retarget-committed',
  'backend-removed',
] as const satisfies readonly DurableStep[]

/** Only a folder that is moved or removed while something is pending in it gets there. */
export const rareSteps: readonly DurableStep[] = [
  'intent-committed',
  'backend-moved',
  'retarget-committed',
  'backend-removed',
]
