import type { QuitAnswer } from './quit-plan.ts'

/** A question with its answers, the recommended one first; `cancel` is what Esc means. */
export interface Question {
  readonly message: string
  readonly detail: string
  readonly answers: readonly { readonly label: string; readonly answer: QuitAnswer }[]
}

export function pendingQuestion(pendingUploads: number): Question {
  const isOne = pendingUploads === 1
  return {
    message: isOne ? 'One file is still on its way' : `${pendingUploads} files are still on their way`,
    detail: `What was saved is safe on this Mac. If you quit now, ${isOne ? 'it is' : 'they are'} delivered when the drive is mounted again.`,
    answers: [
      { label: 'Wait and Quit', answer: 'wait' },
      { label: 'Quit Now', answer: 'now' },
      { label: 'Cancel', answer: 'cancel' },
    ],
  }
}

export function waitingQuestion(pendingUploads: number): Question {
  return {
    message: 'Mountbar quits when everything is delivered',
    detail:
      pendingUploads === 0
        ? 'It is about to.'
        : `${pendingUploads === 1 ? 'One file is' : `${pendingUploads} files are`} still on the way. What was saved is safe on this Mac, and is delivered when the drive is mounted again.`,
    answers: [
      { label: 'Keep Waiting', answer: 'wait' },
      { label: 'Quit Now', answer: 'now' },
      { label: 'Don’t Quit', answer: 'cancel' },
    ],
  }
}

export function busyQuestion(drives: readonly string[]): Question {
  return {
    message: drives.length === 1 ? `${drives[0] ?? ''} is in use` : `${drives.length} drives are in use`,
    detail: `${drives.length === 1 ? '' : `${drives.join(', ')}. `}Close the files and leave the folders in every terminal, then quit again. If you quit anyway, changes that are not saved yet are lost.`,
    answers: [
      { label: 'Cancel', answer: 'cancel' },
      { label: 'Quit Anyway', answer: 'now' },
    ],
  }
}
