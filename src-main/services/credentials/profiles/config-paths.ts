import { homedir } from 'node:os'
import { join } from 'node:path'

type Env = Readonly<Record<string, string | undefined>>

/** The two files that AWS's own programs share. Neither need exist. */
export interface ConfigPaths {
  readonly configPath: string
  readonly credentialsPath: string
}

/** By the same variables as the AWS CLI. @param homeDir the person's home, which `~/` in a variable stands for. */
export function resolveConfigPaths(env: Env, homeDir: string = homedir()): ConfigPaths {
  const pathOf = (variable: string, fileName: string): string => {
    const value = env[variable]
    if (value === undefined || value === '') return join(homeDir, '.aws', fileName)
    return value.startsWith('~/') ? join(homeDir, value.slice(2)) : value
  }
  return {
    configPath: pathOf('AWS_CONFIG_FILE', 'config'),
    credentialsPath: pathOf('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
  }
}

/** The profile that is meant when none is named. */
export function defaultProfileName(env: Env): string {
  const name = env['AWS_PROFILE'] ?? env['AWS_DEFAULT_PROFILE']
  return name === undefined || name === '' ? 'default' : name
}
