import { lstat, realpath } from 'node:fs/promises'
import { join } from 'node:path'

import { isAppError } from '../../shared/errors.ts'
import { currentContext } from './docker-contexts.ts'
import { addressText, parseEngineAddress } from './engine-address.ts'
import type { EngineCandidate, EngineOrigin, PassedOver } from './engine.ts'
import { knownSockets } from './known-sockets.ts'

export interface EngineSurroundings {
  /** The address a person chose in the settings; `undefined` to look around. */
  readonly chosen: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDir: string
  /** `/`, where not said otherwise. */
  readonly rootDir?: string
}

export interface FoundEngines {
  /** In the order in which they should be tried. */
  readonly candidates: readonly EngineCandidate[]
  readonly passedOver: readonly PassedOver[]
}

/**
 * Where an engine may be. What a person said, in the settings or in `DOCKER_HOST`, is the only candidate then; otherwise the context of
 * the `docker` command comes first, and after it every known socket that is there. Each engine once, whatever links lead to it.
 * @throws AppError `engine-remote` {address} when a person named an engine that is not on this machine.
 */
export async function findEngines({
  chosen,
  env,
  homeDir,
  rootDir = '/',
}: EngineSurroundings): Promise<FoundEngines> {
  if (chosen !== undefined) return only('setting', 'the settings', chosen)
  const dockerHost = env['DOCKER_HOST']
  if (dockerHost !== undefined && dockerHost !== '') return only('environment', 'DOCKER_HOST', dockerHost)

  const passedOver: PassedOver[] = []
  const candidates: EngineCandidate[] = []
  const context = await currentContext(
    env['DOCKER_CONFIG'] ?? join(homeDir, '.docker'),
    env['DOCKER_CONTEXT'],
  )
  if (context !== undefined) {
    try {
      candidates.push({ address: parseEngineAddress(context.host), origin: 'context', name: context.name })
    } catch (error) {
      if (!isAppError(error)) throw error
      passedOver.push({ origin: 'context', name: context.name, error })
    }
  }
  const places = { homeDir, rootDir, tempDir: env['TMPDIR'], runtimeDir: env['XDG_RUNTIME_DIR'] }
  for (const { name, path } of await knownSockets(places)) {
    if (await isSocket(path)) candidates.push({ address: { kind: 'socket', path }, origin: 'socket', name })
  }
  return { candidates: await withoutRepeats(candidates), passedOver }
}

function only(origin: EngineOrigin, name: string, text: string): FoundEngines {
  return { candidates: [{ address: parseEngineAddress(text), origin, name }], passedOver: [] }
}

/** `/var/run/docker.sock` is usually a link to the socket of the engine that was started last. */
async function withoutRepeats(candidates: readonly EngineCandidate[]): Promise<readonly EngineCandidate[]> {
  const byPlace = new Map<string, EngineCandidate>()
  for (const candidate of candidates) {
    const text = addressText(candidate.address)
    const place = candidate.address.kind === 'socket' ? await realpath(text).catch(() => text) : text
    if (!byPlace.has(place)) byPlace.set(place, candidate)
  }
  return [...byPlace.values()]
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await lstat(await realpath(path))).isSocket()
  } catch {
    return false
  }
}
