import { bridgeImageLabels } from '../../../docker/bridge/api/image.ts'
import type { Logger } from '../../lib/logger.ts'
import { imageRepository } from './bridge-image.ts'
import type { Engine } from './ports.ts'

/**
 * Removes the images of earlier bridges, which nothing else would ever do: each change of the program leaves one. Not `currentRef`, nor what a
 * container uses, running or not, nor what somebody has given a name of their own, nor anything without our label.
 * @throws AppError an engine's, when it cannot list them; what cannot be removed is left to the next time.
 */
export async function removeOldImages(
  engine: Pick<Engine, 'listImages' | 'removeImage'>,
  currentRef: string,
  log: Logger,
): Promise<void> {
  for (const { refs, labels, isUsed } of await engine.listImages(bridgeImageLabels)) {
    // The engine filtered already; one that ignores filters must not cost anybody an image.
    const isOurs =
      Object.entries(bridgeImageLabels).every(([name, value]) => labels[name] === value) &&
      refs.every(isBuiltHere)
    if (!isOurs || isUsed || refs.includes(currentRef)) continue
    for (const ref of refs) {
      log.info('bridge', 'removing old image', { ref })
      try {
        await engine.removeImage(ref)
      } catch (error) {
        log.info('bridge', 'old image not removed', { ref, error })
      }
    }
  }
}

/** Some engines put the registry of their choice before a name that has none. */
function isBuiltHere(ref: string): boolean {
  return ref.replace(/^localhost\//, '').startsWith(`${imageRepository}:`)
}
