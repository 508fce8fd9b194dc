import type { Logger } from '../../lib/logger.ts'
import { AppError, isAppError, toAppError } from '../../shared/errors.ts'
import { obstacleOf } from './describe-engine.ts'
import { addressText } from './engine-address.ts'
import type { Engine, EngineAddress, EngineCandidate, EngineInfo, PassedOver } from './engine.ts'
import { findEngines, type EngineSurroundings } from './find-engines.ts'

/** The engine in use, how it was found, and which others were not taken. */
export interface SelectedEngine {
  readonly engine: Engine
  readonly info: EngineInfo
  readonly candidate: EngineCandidate
  readonly passedOver: readonly PassedOver[]
}

export interface SelectEngineDeps {
  /** Makes no connection yet. */
  readonly open: (address: EngineAddress) => Engine
  readonly log: Logger
}

/**
 * The first engine that answers and can run a bridge.
 * @throws AppError `engine-missing` when there is none at all; otherwise what is wrong with the most promising one: `engine-remote`,
 * `engine-denied`, `engine-too-old`, `engine-rootless`, `engine-arch`, or `engine-not-running`; or `cancelled`.
 */
export async function selectEngine(
  surroundings: EngineSurroundings,
  { open, log }: SelectEngineDeps,
  signal?: AbortSignal,
): Promise<SelectedEngine> {
  const found = await findEngines(surroundings)
  const passedOver = [...found.passedOver]
  for (const candidate of found.candidates) {
    const { address, origin, name } = candidate
    try {
      const engine = open(address)
      const info = await engine.describe(signal)
      const obstacle = obstacleOf(info)
      if (obstacle !== undefined) throw obstacle
      log.info('engine', 'selected', { address: addressText(address), origin, name, ...info })
      return { engine, info, candidate, passedOver }
    } catch (error) {
      if (isAppError(error, 'cancelled')) throw error
      log.info('engine', 'passed over', { address: addressText(address), origin, name, error })
      passedOver.push({ origin, name, error: toAppError(error) })
    }
  }
  throw mostTelling(passedOver)
}

/** One that answers and will not do says more than a socket that an engine has left behind. */
function mostTelling(passedOver: readonly PassedOver[]): AppError {
  const errors = passedOver.map(({ error }) => error)
  return (
    errors.find(({ code }) => code !== 'engine-not-running') ?? errors[0] ?? new AppError('engine-missing')
  )
}
