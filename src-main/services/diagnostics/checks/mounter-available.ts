import { messageFor } from '../../../shared/messages.ts'
import { failed, passed } from '../check.ts'
import type { Check } from '../check.ts'
import type { DiagnosticsContext } from '../context.ts'

/** What makes mounting possible, by platform; macOS has all of it built in. */
const remedies: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['mount_webdav is a part of macOS: reinstall macOS when /sbin/mount_webdav is missing.'],
  linux: [
    'Install davfs2: apt-get install davfs2',
    'Load FUSE when /dev/fuse is missing: modprobe fuse (a container needs --device /dev/fuse and --cap-add SYS_ADMIN).',
    'Run Mountbar as root: mounting needs it on Linux.',
  ],
}

export const mounterAvailable: Check<Pick<DiagnosticsContext, 'obstacleToMounting' | 'platform'>> = {
  id: 'mounter',
  title: 'Mounting volumes',
  severity: 'problem',
  applicable: () => true,
  check: async ({ obstacleToMounting, platform }) => {
    const obstacle = await obstacleToMounting()
    if (obstacle === undefined) return passed(platform === 'darwin' ? 'mount_webdav' : 'davfs2')
    const fixes = remedies[platform] ?? ['Use macOS, or Linux with davfs2.']
    return failed(messageFor(obstacle).text, ...fixes)
  },
}
