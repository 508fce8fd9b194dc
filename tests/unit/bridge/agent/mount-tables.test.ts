import { describe, expect, test } from 'vitest'

import { explainFailedMount } from '../../../../docker/bridge/agent/mount/mount-errors.ts'
import { mountArgs, mountPlan } from '../../../../docker/bridge/agent/mount/mount-options.ts'
import { nfsMountOn, parseMounts } from '../../../../docker/bridge/agent/mount/mount-table.ts'

describe('the options of a mount', () => {
  const plain = { nfs: undefined, remotePath: '/', readOnly: false, mountOptions: [] }

  test('are those of S3 Files', () => {
    expect(mountArgs(mountPlan(plain, '/mnt/s3files'))).toEqual([
      '127.0.0.1:/',
      '/mnt/s3files',
      '-o',
      'nfsvers=4.2,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,port=20490,retry=0,rw',
    ])
  })

  test.each([
    [
      'a server of one’s own',
      { nfs: { host: 'nfs.test', port: 2049 } },
      'nfs.test:/',
      'noresvport,port=2049,retry=0,rw',
    ],
    [
      'an IPv6 server',
      { nfs: { host: '2001:db8::1', port: 2049 } },
      '[2001:db8::1]:/',
      'port=2049,retry=0,rw',
    ],
    ['a folder of the file system', { remotePath: '/projects/one' }, '127.0.0.1:/projects/one', 'retry=0,rw'],
    ['reading only', { readOnly: true }, '127.0.0.1:/', 'retry=0,ro'],
    [
      'further options',
      { mountOptions: ['actimeo=1', 'nordirplus'] },
      '127.0.0.1:/',
      'retry=0,rw,actimeo=1,nordirplus',
    ],
  ])('with %s', (_, changes, source, end) => {
    const plan = mountPlan({ ...plain, ...changes }, '/mnt/s3files')
    expect(plan.source).toBe(source)
    expect(plan.options.endsWith(end)).toBe(true)
  })
})

describe('why a mount failed', () => {
  test.each([
    ['mount.nfs4: access denied by server while mounting 127.0.0.1:/', 32, 'access-denied'],
    [
      'mount.nfs4: mounting 127.0.0.1:/sub failed, reason given by server: No such file or directory',
      32,
      'mount-path-missing',
    ],
    ['mount.nfs4: mount point /mnt/s3files does not exist', 32, 'mount-failed'],
    ['mount.nfs4: Operation not permitted', 32, 'mount-not-permitted'],
    ['mount.nfs4: Permission denied for 127.0.0.1:/ on /mnt/s3files', 32, 'mount-not-permitted'],
    ['mount.nfs4: Connection refused', 32, 'server-refused'],
    ['mount.nfs4: Connection reset by peer', 32, 'server-closed'],
    ['mount.nfs4: Connection timed out', 32, 'mount-timeout'],
    ['mount.nfs4: No route to host', 32, 'server-unreachable'],
    ['mount.nfs4: Failed to resolve server nosuch.test: Name or service not known', 32, 'server-unresolved'],
    ['mount.nfs4: Stale file handle', 32, 'mount-path-missing'],
    ['', undefined, 'mount-timeout'],
    ['mount.nfs4: an incorrect mount option was specified', 32, 'mount-failed'],
    ['mount.nfs4: ENOENT', 127, 'mount-failed'],
  ])('%s (%s): %s', (stderr, exitCode, code) => {
    expect(explainFailedMount({ stderr, exitCode, kernelHasNfs: true }).code).toBe(code)
  })

  test.each([
    ['mount.nfs4: No such device', false, 'kernel-without-nfs'],
    ['mount.nfs4: Protocol not supported', false, 'kernel-without-nfs'],
    ["mount: unknown filesystem type 'nfs4'", false, 'kernel-without-nfs'],
    ['mount.nfs4: Protocol not supported', true, 'mount-failed'],
    ['mount.nfs4: requested NFS version or transport protocol is not supported', true, 'mount-failed'],
  ])('%s, in a kernel with NFS (%s): %s', (stderr, kernelHasNfs, code) => {
    expect(explainFailedMount({ stderr, exitCode: 32, kernelHasNfs }).code).toBe(code)
  })

  test('keeps what was said, on one line', () => {
    expect(
      explainFailedMount({ stderr: 'mount.nfs4: odd\n  and long\n', exitCode: 32, kernelHasNfs: true }),
    ).toEqual({
      code: 'mount-failed',
      args: { words: 'mount.nfs4: odd and long', exitCode: 32 },
    })
  })
})

const table = `22 27 0:21 / /proc rw,relatime - proc proc rw
31 27 0:52 / /mnt/s3files rw,relatime - nfs4 127.0.0.1:/ rw,vers=4.2,rsize=1048576,port=20490,addr=127.0.0.1
32 27 0:53 / /mnt/with\\040blank ro master:1 shared:2 - nfs4 [2001:db8::1]:/a\\134b ro,vers=4.2
33 27 0:54 / /mnt/covered rw - nfs4 127.0.0.1:/ rw
34 27 0:55 / /mnt/covered rw - tmpfs none rw
`

describe('the kernel’s table of mounts', () => {
  const mounts = parseMounts(table)

  test('is read, however many fields a line has', () => {
    expect(mounts).toHaveLength(5)
    expect(nfsMountOn(mounts, '/mnt/s3files')).toEqual({
      device: '0:52',
      dir: '/mnt/s3files',
      type: 'nfs4',
      source: '127.0.0.1:/',
      options: 'rw,relatime,rw,vers=4.2,rsize=1048576,port=20490,addr=127.0.0.1',
    })
  })

  test('has names with blanks and backslashes', () => {
    expect(nfsMountOn(mounts, '/mnt/with blank')?.source).toBe('[2001:db8::1]:/a\\b')
  })

  test.each(['/mnt', '/proc', '/mnt/s3files/', '/mnt/covered'])('has no NFS on %s', (dir) => {
    expect(nfsMountOn(mounts, dir)).toBeUndefined()
  })
})
