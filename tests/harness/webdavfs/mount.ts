import { systemClock, type Clock } from '../../../src-main/lib/clock.ts'
import { NodeTree } from './caches/node-tree.ts'
import { isVolumeError, VolumeError } from './errno.ts'
import { quotaMountHangMs } from './limits.ts'
import { answersQuota, parseAttributes } from './parser/multistatus.ts'
import { Recorder } from './report/recorder.ts'
import { checkStatus } from './requests/check-reply.ts'
import { nodeProperties, propfind, quotaProperties } from './requests/propfind.ts'
import { DavAgent } from './transport/dav-agent.ts'
import { KextCalls } from './transport/kext-calls.ts'
import { WorkerThreads } from './transport/worker-threads.ts'
import { SimulatedVolume } from './volume.ts'

export interface MountOptions {
  /** Of the volume's root; credentials in it are refused (webdavfs-403: N:780-788). */
  readonly url: string
  readonly clock?: Clock
  /** Mount as Finder's ⌘K and `mount volume` do: a pre-flight `OPTIONS` by WebDAVLib comes first. */
  readonly netfs?: boolean
  /** `mount_webdav -S`: no quota request, and a volume that is DOWN once stays so. */
  readonly suppressDialogs?: boolean
  readonly parserBufferBytes?: number
}

/** As seen from macOS 15.6; Apple promises the beginning (webdavfs-403: N:585-587, 676-688). */
const agentName = 'WebDAVFS/3.0.0 (03008000) Darwin/24.6.0 (arm64)'
/** webdavfs-403: webdavlib.c:40 */
const preflightName = 'WebDAVLib/1.3'

/**
 * Mounts a WebDAV URL the way macOS does: OPTIONS, PROPFIND of the root, quota (webdavfs-403: N:2835-2880, 3662-3671).
 * The caller disposes the volume. @throws VolumeError ENODEV as mount_webdav exits with.
 */
export async function mountSimulatedVolume(options: MountOptions): Promise<SimulatedVolume> {
  const { clock = systemClock, netfs = false, suppressDialogs = false, parserBufferBytes } = options
  const url = new URL(options.url)
  if (url.username !== '' || url.password !== '') throw new VolumeError('EINVAL', 'credentials in the URL')
  const recorder = new Recorder()
  const origin = { hostname: url.hostname, port: Number(url.port === '' ? '80' : url.port) }
  const basePath = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`
  const connect = (userAgent: string): DavAgent =>
    new DavAgent({ clock, recorder, origin, basePath, userAgent, neverRecovers: suppressDialogs })

  if (netfs) await preflight(connect(preflightName))
  const agent = connect(agentName)
  try {
    const isReadOnly = await asksForClass(agent)
    if (isReadOnly) recorder.event({ kind: 'read-only-mount' })
    const root = await askForRoot(agent)
    const hasQuota = !suppressDialogs && (await asksForQuota(agent))
    if (hasQuota) recorder.event({ kind: 'mount-hang', mountHangMs: quotaMountHangMs })

    const threads = new WorkerThreads(clock)
    const calls = new KextCalls({ clock, threads, link: agent.link, recorder })
    const tree = new NodeTree()
    tree.root.remember(root, clock.now())
    return new SimulatedVolume({
      clock,
      recorder,
      agent,
      threads,
      calls,
      tree,
      isReadOnly,
      hasQuota,
      parserBufferBytes,
    })
  } catch (error) {
    agent.close()
    throw isVolumeError(error) ? new VolumeError('ENODEV', error.message, error.status, error) : error
  }
}

/** One anonymous `OPTIONS` (webdavfs-403: webdavlib.c:515-620). */
async function preflight(agent: DavAgent): Promise<void> {
  try {
    const reply = await agent.transact({ method: 'OPTIONS', path: agent.basePath, headers: {} }, 'mount')
    checkStatus(reply.status, 'OPTIONS by WebDAVLib')
  } finally {
    agent.close()
  }
}

/** Resolves true for class 1 alone, which mounts read-only. @throws VolumeError ENODEV without any class. */
async function asksForClass(agent: DavAgent): Promise<boolean> {
  const reply = await agent.transact({ method: 'OPTIONS', path: agent.basePath, headers: {} }, 'mount')
  checkStatus(reply.status, 'OPTIONS')
  const classes = String(reply.headers['dav'] ?? '')
    .split(',')
    .map((token) => token.trim())
  if (classes.includes('2')) return false
  if (classes.includes('1')) return true
  throw new VolumeError('ENODEV', `no DAV class in OPTIONS: "${classes.join()}"`)
}

async function askForRoot(agent: DavAgent) {
  const request = { path: agent.basePath, depth: 0, properties: nodeProperties } as const
  const root = await propfind(agent, request, 'mount', parseAttributes)
  if (root.kind !== 'directory') throw new VolumeError('ENODEV', 'the root is not a collection')
  return root
}

/** A server that answers makes macOS 15.4 and later wait 90 s inside mount(2) (webdavfs-403: VF:568-570, 638-660). */
async function asksForQuota(agent: DavAgent): Promise<boolean> {
  const request = { path: agent.basePath, depth: 0, properties: quotaProperties } as const
  return propfind(agent, request, 'mount', answersQuota).catch(() => false)
}
