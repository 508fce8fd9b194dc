import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { baseImage } from '../vm/build-vm.ts'
import type { Rig } from './rig.ts'

/** How `mountbar` is run so that what it takes for AWS and Docker Desktop is the rig. */
export interface SimCommand {
  readonly env: Readonly<Record<string, string>>
  readonly cliPath: string
  /** Mounts the simulator's file system as a drive of this name at `mountDir`. */
  readonly mountArgs: (name: string, mountDir: string) => readonly string[]
}

const profile = 'sim'

/** Writes below `dir` what the command reads: keys as in `~/.aws/credentials`, and the authority of the simulated mount target. */
export async function prepareSimCommand(
  { vm, s3Files: { mountTarget } }: Pick<Rig, 'vm' | 's3Files'>,
  dir: string,
): Promise<SimCommand> {
  const awsDir = join(dir, 'aws')
  await mkdir(awsDir, { recursive: true })
  const credentialsPath = join(awsDir, 'credentials')
  const caPath = join(awsDir, 'mount-target-ca.pem')
  await writeFile(credentialsPath, credentialsText(mountTarget.authority.principals[0]!), { mode: 0o600 })
  await writeFile(caPath, mountTarget.caPem)
  const { fileSystemId, region } = mountTarget.authority
  return {
    env: {
      MOUNTBAR_HOME: join(dir, 'app'),
      DOCKER_HOST: vm.dockerHost,
      AWS_SHARED_CREDENTIALS_FILE: credentialsPath,
      AWS_CONFIG_FILE: join(awsDir, 'config'),
      MOUNTBAR_BRIDGE_BASE_IMAGE: baseImage,
      MOUNTBAR_BRIDGE_TUNNEL: 'stunnel',
    },
    cliPath: fileURLToPath(new URL('../../../out/cli.js', import.meta.url)),
    mountArgs: (name, mountDir) => [
      ...['mount', fileSystemId, '--region', region, '--profile', profile],
      ...['--server', `host.docker.internal:${mountTarget.port}`, '--ca', caPath],
      ...['--name', name, '--at', mountDir],
    ],
  }
}

function credentialsText({
  accessKeyId,
  secretAccessKey,
  session,
}: Rig['s3Files']['mountTarget']['authority']['principals'][number]): string {
  const lines = [
    `[${profile}]`,
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
  ]
  if (session !== undefined) lines.push(`aws_session_token = ${session.token}`)
  return `${lines.join('\n')}\n`
}
