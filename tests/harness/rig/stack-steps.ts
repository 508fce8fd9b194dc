import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { systemClock } from '../../../src-main/lib/clock.ts'
import { volumesBelow } from '../command-home.ts'
import { waitFor } from '../wait-for.ts'
import { thingsIn, type RigAws } from './rig-aws.ts'
import type { StackCommand } from './stack-command.ts'

export interface StackStep {
  /** The command, as somebody would type it, or what is done in its place. */
  readonly title: string
  /** @returns what was seen, a line each. @throws what did not hold. */
  readonly run: () => Promise<readonly string[]>
}

export interface StackStepsOptions {
  readonly rigAws: RigAws
  readonly command: StackCommand
  /** Where the volume shall be; does not exist yet. */
  readonly mountDir: string
}

const name = 'mountbar-demo'
const fileName = 'hello.txt'
const limitMs = 120_000

/** From nothing to a file in the bucket, and back to nothing. Each builds on those before it. */
export function stackSteps(options: StackStepsOptions): readonly StackStep[] {
  const { rigAws, command, mountDir } = options
  const { run } = command
  const content = Buffer.from(`Written on ${new Date().toISOString()}.\n`.repeat(1_000))
  return [
    {
      title: `mountbar deploy --name ${name} --yes`,
      run: async () => {
        const said = await run('deploy', '--name', name, '--yes')
        demand(said.includes(`${name} in ${rigAws.region}: ready`), 'deploy did not say that it is ready')
        return [`AWS has ${thingsIn(rigAws).length} things that it did not have before`]
      },
    },
    {
      title: 'mountbar stacks',
      run: async () => {
        const said = await run('stacks')
        const { fileSystemId, bucket } = madeIn(rigAws)
        for (const word of [name, fileSystemId, bucket, 'ready']) demand(said.includes(word), `no ${word}`)
        return []
      },
    },
    {
      title: `mountbar mount --stack ${name} --at ${mountDir} --ca …`,
      run: async () => {
        const said = await run('mount', '--stack', name, '--at', mountDir, '--ca', rigAws.caPath)
        demand(said.includes(`${name} is mounted`), 'mount did not say that it is mounted')
        return [...judged(rigAws), ...(await mountedInEngine(rigAws))]
      },
    },
    {
      title: `mountbar check ${name}`,
      run: async () => {
        const said = await run('check', name)
        demand(!said.includes('✗'), 'a check failed')
        return []
      },
    },
    {
      title: `write ${join(mountDir, fileName)}`,
      run: async () => {
        await writeFile(join(mountDir, fileName), content)
        const sum = sha256(await readFile(join(mountDir, fileName)))
        demand(sum === sha256(content), 'what is read is not what was written')
        return [`${content.length} bytes, sha256 ${sum.slice(0, 12)}…, read back through the volume`]
      },
    },
    { title: 'wait until it is in the bucket', run: () => untilInBucket(rigAws, content) },
    {
      title: `mountbar unmount ${name}`,
      run: async () => {
        await run('unmount', name)
        return await nothingMounted(options)
      },
    },
    {
      title: `mountbar destroy ${name} --yes --delete-bucket …`,
      run: async () => {
        const { bucket } = madeIn(rigAws)
        const said = await run('destroy', name, '--yes', '--delete-bucket', bucket)
        demand(said.includes(`The stack ${name} is removed.`), 'the stack was not said to be removed')
        demand(said.includes(`The bucket ${bucket} is deleted.`), 'the bucket was not said to be deleted')
        return []
      },
    },
    {
      title: `mountbar forget ${name}`,
      run: async () => {
        await run('forget', name)
        return []
      },
    },
    { title: 'look for what is left', run: () => nothingLeft(options) },
  ]
}

/** Ends what steps that were cut off have left on this machine. What is left in the AWS of the rig ends with it. */
export async function cleanUpAfterSteps({ command, mountDir }: StackStepsOptions): Promise<void> {
  await command.runAnyway('unmount', name, '--force', '--no-wait')
  await rm(mountDir, { recursive: true, force: true }).catch(() => undefined)
}

function madeIn({ aws }: RigAws): { readonly fileSystemId: string; readonly bucket: string } {
  const [fileSystem] = aws.control.state.fileSystems.values()
  const [bucket] = aws.buckets
  if (fileSystem === undefined || bucket === undefined)
    throw new Error('there is no file system, or no bucket')
  return { fileSystemId: fileSystem.fileSystemId, bucket: bucket.name }
}

/** What the mount target made of the certificate that the tunnel came with. */
function judged({ resources, key, aws }: RigAws): readonly string[] {
  const seen = resources.mountTarget?.target.connections.find(({ binds, verdict }) => {
    return binds.length > 0 || verdict.identity !== undefined
  })
  const identity = seen?.verdict.identity
  const [accessPoint] = aws.control.state.accessPoints.keys()
  demand(seen !== undefined && identity !== undefined, 'no tunnel came with an identity')
  demand(seen?.verdict.refusals.length === 0, `refused: ${seen?.verdict.refusals.join(', ')}`)
  demand(identity?.accessPointId === accessPoint, 'the identity is for another access point')
  demand(identity?.clientAuth?.accessKeyId === key.accessKeyId, 'somebody else has signed')
  return [
    `The mount target let in ${identity?.clientAuth?.accessKeyId ?? ''}, over ${seen?.tlsVersion ?? ''}, for ${accessPoint ?? ''}`,
  ]
}

async function mountedInEngine({ vm }: RigAws): Promise<readonly string[]> {
  const containers = await containersOf(vm)
  demand(containers.length === 2, `${containers.length} containers, not agent and tunnel`)
  const mounts = await vm.exec(
    `for id in ${containers.join(' ')}; do docker exec $id cat /proc/mounts; done | grep ' nfs4 ' || true`,
  )
  const options = /nfs4 (\S+)/.exec(mounts)?.[1] ?? ''
  demand(options.includes('vers=4.2'), `no NFSv4.2 mount: ${mounts}`)
  return [
    `Two containers run in the engine, and one has an NFS mount: ${options.split(',').slice(0, 4).join(',')}`,
  ]
}

async function containersOf(vm: RigAws['vm']): Promise<readonly string[]> {
  const ids = await vm.exec('docker ps --all --quiet --filter label=mountbar.drive')
  return ids.split('\n').filter((id) => id.trim() !== '')
}

/** As anybody's S3 client sees it. */
async function untilInBucket(rigAws: RigAws, content: Buffer): Promise<readonly string[]> {
  const { clients, target } = rigAws.aws
  const { bucket } = madeIn(rigAws)
  const signal = AbortSignal.timeout(limitMs)
  const fromMs = systemClock.monotonicMs()
  const call = { action: 's3:GetObject', target, signal }
  const look = () =>
    clients.s3(call, async (client, { GetObjectCommand }) => {
      const command = new GetObjectCommand({ Bucket: bucket, Key: fileName })
      const { Body, VersionId } = await client.send(command, { abortSignal: signal })
      return { bytes: await Body?.transformToByteArray(), version: VersionId }
    })
  const found = await waitFor(() => look().catch(() => undefined), {
    what: `${fileName} to be in the bucket ${bucket}`,
    limitMs,
    everyMs: 500,
  })
  demand(sha256(found.bytes ?? Buffer.alloc(0)) === sha256(content), 'the object is not what was written')
  const seconds = ((systemClock.monotonicMs() - fromMs) / 1_000).toFixed(1)
  return [`After ${seconds} s S3 shows s3://${bucket}/${fileName}, with the same sha256`]
}

async function nothingMounted({ rigAws, mountDir }: StackStepsOptions): Promise<readonly string[]> {
  const what = 'the containers to go'
  await waitFor(async () => (await containersOf(rigAws.vm)).length === 0, { what, limitMs, everyMs: 500 })
  const volumes = await volumesBelow(join(mountDir, '..'))
  demand(volumes.length === 0, `still mounted: ${volumes.join(', ')}`)
  return ['No volume is mounted, and no container is left']
}

async function nothingLeft(options: StackStepsOptions): Promise<readonly string[]> {
  const { rigAws, command, mountDir } = options
  const things = thingsIn(rigAws)
  demand(things.length === 0, `AWS still has ${things.join(', ')}`)
  demand(rigAws.resources.mountTarget === undefined, 'the mount target still answers')
  const files = await readdir(rigAws.exportDir)
  demand(files.length === 0, `the file system still has ${files.join(', ')}`)
  const inVolume = await readdir(mountDir).catch(() => [])
  demand(inVolume.length === 0, `${mountDir} still has ${inVolume.join(', ')}`)
  const kept = (await readdir(command.appDir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name: file }) => file)
  return [
    'AWS has: nothing',
    'The folders of the file system and of the volume have: nothing',
    ...(await nothingMounted(options)),
    `Mountbar keeps its own: ${kept.sort().join(', ')}`,
  ]
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
