import { expect, test } from 'vitest'

import { mountSimulatedVolume } from '../../../harness/webdavfs/mount.ts'
import { startModelServer } from './model-server.ts'

test('a server that answers quota makes the mount hang for 90 s', async () => {
  await using server = await startModelServer()
  server.manners.answersQuota = true
  await using volume = await mountSimulatedVolume({ url: server.url })
  expect(volume.report().events).toEqual([{ kind: 'mount-hang', mountHangMs: 90_000 }])
})

test('with -S no quota is asked, so that the mount does not hang', async () => {
  await using server = await startModelServer()
  server.manners.answersQuota = true
  await using volume = await mountSimulatedVolume({ url: server.url, suppressDialogs: true })
  expect(volume.report().events).toEqual([])
})

test('class 1 alone mounts read-only', async () => {
  await using server = await startModelServer()
  server.manners.dav = '1'
  await using volume = await mountSimulatedVolume({ url: server.url })
  expect(volume.report().events).toEqual([{ kind: 'read-only-mount' }])
  await expect(volume.writeFile('/a', Buffer.from('a'))).rejects.toMatchObject({ errno: 'EROFS' })
})

test.each([
  ['no DAV class', 200, ''],
  ['OPTIONS refused', 405, '1, 2'],
])('%s: there is no volume', async (_title, status, dav) => {
  await using server = await startModelServer()
  server.manners.dav = dav
  server.manners.intercept = (request, response) => {
    if (request.method !== 'OPTIONS' || status === 200) return false
    response.writeHead(status).end()
    return true
  }
  await expect(mountSimulatedVolume({ url: server.url })).rejects.toMatchObject({ errno: 'ENODEV' })
})

test('cookies are sent back, a server called IIS gets its own headers, and both are reported', async () => {
  await using server = await startModelServer()
  server.manners.intercept = (_request, response) => {
    response.setHeader('Set-Cookie', 'taste=sweet; Path=/').setHeader('Server', 'Microsoft-IIS/10.0')
    return false
  }
  const seen: unknown[] = []
  await using volume = await mountSimulatedVolume({ url: server.url })
  server.manners.intercept = ({ headers }) => {
    seen.push({ cookie: headers.cookie, translate: headers['translate'], pragma: headers.pragma })
    return false
  }
  await volume.readdir('/')
  expect(seen).toEqual([{ cookie: 'taste=sweet', translate: 'f', pragma: 'no-cache' }])
  expect(volume.report().events.map(({ kind }) => kind)).toContain('server-quirk')
})
