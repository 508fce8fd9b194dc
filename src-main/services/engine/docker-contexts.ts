import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { z } from 'zod'

const configSchema = z.object({ currentContext: z.string().optional() })

const metaSchema = z.object({
  Name: z.string(),
  Endpoints: z.object({ docker: z.object({ Host: z.string() }).optional() }),
})

export interface DockerContext {
  readonly name: string
  /** As in `DOCKER_HOST`. */
  readonly host: string
}

/**
 * The context that the `docker` command would use: the one `wantedName` says (`DOCKER_CONTEXT`), or the current one of `config.json`.
 * Nothing for the default context, for one that is not there, and where files cannot be read: the command may not be installed at all.
 * @param configDir `~/.docker`, or `DOCKER_CONFIG`
 */
export async function currentContext(
  configDir: string,
  wantedName: string | undefined,
): Promise<DockerContext | undefined> {
  const name = wantedName ?? (await readJson(join(configDir, 'config.json'), configSchema))?.currentContext
  if (name === undefined || name === '' || name === 'default') return undefined
  // Its folder is named after a hash of the name; reading all of the few is simpler, and does not depend on which hash.
  const metaDir = join(configDir, 'contexts', 'meta')
  for (const folder of await readdir(metaDir).catch(() => [])) {
    const meta = await readJson(join(metaDir, folder, 'meta.json'), metaSchema)
    if (meta?.Name === name && meta.Endpoints.docker !== undefined)
      return { name, host: meta.Endpoints.docker.Host }
  }
  return undefined
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}
