import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface KnownSocket {
  readonly name: string
  readonly path: string
}

export interface SocketPlaces {
  readonly homeDir: string
  /** Below which the sockets of the whole machine are: `/`. */
  readonly rootDir: string
  /** `TMPDIR`: on a Mac, where a Podman machine has its socket. */
  readonly tempDir: string | undefined
  /** `XDG_RUNTIME_DIR`, where Podman has its socket on Linux. */
  readonly runtimeDir: string | undefined
}

/** Where engines of today have their sockets, most likely first. None need exist. */
export async function knownSockets({
  homeDir,
  rootDir,
  tempDir,
  runtimeDir,
}: SocketPlaces): Promise<readonly KnownSocket[]> {
  const colimaDir = join(homeDir, '.colima')
  const colimaProfiles = (await foldersIn(colimaDir)).filter(
    (name) => name !== 'default' && !name.startsWith('_'),
  )
  return [
    { name: 'Docker Desktop', path: join(homeDir, '.docker', 'run', 'docker.sock') },
    { name: 'OrbStack', path: join(homeDir, '.orbstack', 'run', 'docker.sock') },
    { name: 'Colima', path: join(colimaDir, 'default', 'docker.sock') },
    { name: 'Colima', path: join(colimaDir, 'docker.sock') },
    ...colimaProfiles.map((name) => ({
      name: `Colima (${name})`,
      path: join(colimaDir, name, 'docker.sock'),
    })),
    { name: 'Rancher Desktop', path: join(homeDir, '.rd', 'docker.sock') },
    { name: 'Docker', path: join(rootDir, 'var', 'run', 'docker.sock') },
    ...(await podmanSockets({ homeDir, rootDir, tempDir, runtimeDir })),
  ]
}

async function podmanSockets({
  homeDir,
  rootDir,
  tempDir,
  runtimeDir,
}: SocketPlaces): Promise<readonly KnownSocket[]> {
  const machineDir = join(homeDir, '.local', 'share', 'containers', 'podman', 'machine')
  const providers = ['', ...(await foldersIn(machineDir))]
  const paths = providers.map((provider) => join(machineDir, provider, 'podman.sock'))
  if (tempDir !== undefined) {
    const socketDir = join(tempDir, 'podman')
    const names = await readdir(socketDir).catch(() => [])
    paths.push(...names.filter((name) => name.endsWith('-api.sock')).map((name) => join(socketDir, name)))
  }
  if (runtimeDir !== undefined) paths.push(join(runtimeDir, 'podman', 'podman.sock'))
  paths.push(join(rootDir, 'run', 'podman', 'podman.sock'))
  return paths.map((path) => ({ name: 'Podman', path }))
}

async function foldersIn(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}
