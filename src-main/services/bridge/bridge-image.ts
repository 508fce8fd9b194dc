import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { bridgeLabels } from '../../../docker/bridge/api/start.ts'
import { AppError } from '../../shared/errors.ts'
import type { BridgeImage } from './bridge.ts'
import type { Engine } from './ports.ts'

/** Of the images that are built here. */
export const imageRepository = 'mountbar-bridge'

export interface ImageProgress {
  /** Called only when there is something to wait for. */
  readonly onStep: (step: 'pulling' | 'building') => void
  readonly onLine: (line: string) => void
}

/**
 * Makes sure that the engine has the image, and returns the name it has it by. A folder of the same content, built with the same
 * arguments, is never built twice.
 * @throws AppError `image-build-failed`, `image-pull-failed`, an engine's error, `cancelled`.
 */
export async function ensureImage(
  engine: Engine,
  image: BridgeImage,
  { onStep, onLine }: ImageProgress,
  signal: AbortSignal,
): Promise<string> {
  const fingerprint = image.kind === 'build' ? await fingerprintOf(image) : undefined
  const ref = image.kind === 'build' ? `${imageRepository}:${fingerprint ?? ''}` : image.ref
  if (await engine.hasImage(ref, signal)) return ref
  if (image.kind === 'pull') {
    onStep('pulling')
    await engine.pullImage(ref, onLine, signal)
    return ref
  }
  onStep('building')
  const { contextDir, args } = image
  // A container inherits its image's labels: none may say whose it is.
  const labels = { [bridgeLabels.fingerprint]: fingerprint ?? '' }
  await engine.buildImage({ contextDir, ref, args, labels }, onLine, signal)
  return ref
}

/** Of all files and arguments. @throws AppError `image-build-failed` {reason} when the folder cannot be read. */
async function fingerprintOf({ contextDir, args }: Extract<BridgeImage, { kind: 'build' }>): Promise<string> {
  const hash = createHash('sha256')
  try {
    const entries = await readdir(contextDir, { recursive: true, withFileTypes: true })
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    for (const path of paths.toSorted()) {
      hash.update(`${path.slice(contextDir.length)}\0`).update(
        createHash('sha256')
          .update(await readFile(path))
          .digest(),
      )
    }
  } catch (cause) {
    throw new AppError('image-build-failed', { reason: `${contextDir} cannot be read` }, { cause })
  }
  hash.update(JSON.stringify(Object.entries(args).toSorted()))
  return hash.digest('hex').slice(0, 16)
}
