import type { Logger } from '../../lib/logger.ts'
import type { EngineKind } from '../../services/engine/engine.ts'
import { isAppError, toAppError } from '../../shared/errors.ts'
import type { EngineFinding, LookForEngines } from './engine-watch.ts'

const names: Readonly<Record<EngineKind, string>> = {
  'docker-desktop': 'Docker Desktop',
  orbstack: 'OrbStack',
  colima: 'Colima',
  'rancher-desktop': 'Rancher Desktop',
  podman: 'Podman',
  docker: 'Docker',
}

/** Looks with what bridges use, too. It is loaded with the first look. */
export function lookForEngines(
  surroundings: {
    readonly env: Readonly<Record<string, string | undefined>>
    readonly homeDir: string
  },
  log: Logger,
): LookForEngines {
  return async (chosen, signal) => {
    const [{ findEngines }, { selectEngine }, { createDockerEngine }, { addressText }] = await Promise.all([
      import('../../services/engine/find-engines.ts'),
      import('../../services/engine/select-engine.ts'),
      import('../../services/engine/docker-engine.ts'),
      import('../../services/engine/engine-address.ts'),
    ])
    const around = await findEngines({ ...surroundings, chosen: undefined }).catch(() => undefined)
    const candidates = (around?.candidates ?? []).map(({ name, address }) => {
      return { name, address: addressText(address) }
    })
    const found = await selectEngine(
      { ...surroundings, chosen },
      { open: createDockerEngine, log: { ...log, info: log.debug } },
      signal,
    ).then(
      ({ info: { kind, version } }): EngineFinding['found'] => ({ ok: true, name: names[kind], version }),
      (error: unknown): EngineFinding['found'] => {
        if (isAppError(error, 'cancelled')) throw error
        return { ok: false, error: toAppError(error).toJSON() }
      },
    )
    return { candidates, found }
  }
}
