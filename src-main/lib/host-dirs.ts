import { createHash } from 'node:crypto'
import { isAbsolute, join, resolve } from 'node:path'

/** Where Mountbar keeps its own files on this machine. None of them need exist yet; each is made with mode 0700 by its first user. */
export interface HostDirs {
  /** Holds `settings.json`. */
  readonly configDir: string
  /** What must survive a restart but is not chosen by a person: Finder metadata, sandbox folder, mount helper files. */
  readonly stateDir: string
  /** May be deleted at any time. */
  readonly cacheDir: string
  readonly logDir: string
  /** Control sockets. Short enough for a name of `maxSocketNameBytes` in it to be a valid socket path. */
  readonly runDir: string
  /** Default parent of mount points; its `.noindex` ending keeps Spotlight away. */
  readonly volumesDir: string
}

export interface Host {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDir: string
}

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, the final NUL included. */
export const maxSocketPathBytes = 103

export const maxSocketNameBytes = 24

/** The folders by the platform's custom: `~/Library` on macOS, XDG elsewhere. `MOUNTBAR_HOME` puts all of them below itself. */
export function resolveHostDirs({ platform, env, homeDir }: Host): HostDirs {
  const home = env['MOUNTBAR_HOME']
  if (home !== undefined && home !== '') return below(resolve(home))
  return platform === 'darwin' ? macDirs(join(homeDir, 'Library')) : xdgDirs(env, homeDir)
}

function below(dir: string): HostDirs {
  return {
    configDir: dir,
    stateDir: join(dir, 'state'),
    cacheDir: join(dir, 'cache'),
    logDir: join(dir, 'logs'),
    runDir: shortRunDir(dir),
    volumesDir: join(dir, 'Volumes.noindex'),
  }
}

function macDirs(libraryDir: string): HostDirs {
  const supportDir = join(libraryDir, 'Application Support', 'Mountbar')
  return {
    configDir: supportDir,
    stateDir: supportDir,
    cacheDir: join(libraryDir, 'Caches', 'Mountbar'),
    logDir: join(libraryDir, 'Logs', 'Mountbar'),
    runDir: shortRunDir(supportDir),
    volumesDir: join(supportDir, 'Volumes.noindex'),
  }
}

function xdgDirs(env: Host['env'], homeDir: string): HostDirs {
  const dirOf = (variable: string, fallback: string): string => {
    const value = env[variable]
    // The XDG specification: relative paths are invalid and ignored.
    return join(value !== undefined && isAbsolute(value) ? value : join(homeDir, fallback), 'mountbar')
  }
  const stateDir = dirOf('XDG_STATE_HOME', '.local/state')
  return {
    configDir: dirOf('XDG_CONFIG_HOME', '.config'),
    stateDir,
    cacheDir: dirOf('XDG_CACHE_HOME', '.cache'),
    logDir: join(stateDir, 'logs'),
    // Not XDG_RUNTIME_DIR: it differs between a login and a cron job of the same user, who must find each other's fronts.
    runDir: shortRunDir(stateDir),
    volumesDir: join(dirOf('XDG_DATA_HOME', '.local/share'), 'Volumes.noindex'),
  }
}

/** `<baseDir>/run`, or where that is too long for a socket a folder in /tmp that every process derives alike. */
function shortRunDir(baseDir: string): string {
  const runDir = join(baseDir, 'run')
  if (Buffer.byteLength(runDir) + 1 + maxSocketNameBytes <= maxSocketPathBytes) return runDir
  return join('/tmp', `mountbar-${createHash('sha256').update(runDir).digest('hex').slice(0, 16)}`)
}
