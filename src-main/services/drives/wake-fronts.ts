import type { Logger } from '../../lib/logger.ts'
import type { Drive } from './drive.ts'
import type { Fronts } from './ports.ts'

export interface WakeDeps {
  readonly fronts: Pick<Fronts, 'connect'>
  readonly log: Logger
}

/**
 * Has the fronts of `drives` that run, whichever process keeps them, try at once whatever waits for their backends. Resolves when
 * they have heard it; one that does not answer is passed over.
 */
export async function wakeFronts(drives: readonly Drive[], { fronts, log }: WakeDeps): Promise<void> {
  const wakeOne = async ({ id }: Drive): Promise<void> => {
    await using front = await fronts.connect(id)
    front?.wake()
    await front?.status()
  }
  await Promise.all(
    drives.map((drive) =>
      wakeOne(drive).catch((error: unknown) => log.warn('drive', 'front not woken', { id: drive.id, error })),
    ),
  )
}
