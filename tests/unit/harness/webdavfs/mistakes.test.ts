import type { IncomingMessage } from 'node:http'

import { describe, expect, test } from 'vitest'

import { mountSimulatedVolume } from '../../../harness/webdavfs/mount.ts'
import type { SimulatedVolume } from '../../../harness/webdavfs/volume.ts'
import { goodManners } from './model-manners.ts'
import { type ModelServer, startModelServer } from './model-server.ts'

interface Mistake {
  readonly title: string
  readonly spoil: (server: ModelServer) => void
  /** What the user does. A rejection is part of the story and checked through the report. */
  readonly act: (volume: SimulatedVolume, server: ModelServer) => Promise<unknown>
  /** What the report must contain. */
  readonly sees: object
}

const bigFile = Buffer.from(Uint8Array.from({ length: 8_000_000 }, (_, index) => index % 251))

/** Answers `status` to requests that `matches`. */
function refuse(server: ModelServer, status: number, matches: (request: IncomingMessage) => boolean): void {
  server.manners.intercept = (request, response) => {
    if (!matches(request)) return false
    // Taken in before it is refused: a status at once is a mistake of its own and has its own test.
    request.resume().once('end', () => response.writeHead(status).end())
    return true
  }
}

const isMethod =
  (method: string, bodyIsNotEmpty = false) =>
  (request: IncomingMessage): boolean =>
    request.method === method && !(bodyIsNotEmpty && request.headers['content-length'] === '0')

/** Reads the beginning, then far ahead of the download. */
async function skipAhead(volume: SimulatedVolume): Promise<Buffer> {
  const handle = await volume.open('/big.bin')
  try {
    return await handle.read(6_000_000, 5_000)
  } finally {
    await handle.close()
  }
}

const mistakes: readonly Mistake[] = [
  {
    title: 'a PUT that fails at close is lost without a word',
    spoil: (server) => refuse(server, 507, isMethod('PUT', true)),
    act: (volume) => volume.writeFile('/new.txt', Buffer.from('gone')),
    sees: { kind: 'silent-loss', path: '/new.txt' },
  },
  {
    title: 'a PUT that fails at fsync is shown',
    spoil: (server) => refuse(server, 507, isMethod('PUT', true)),
    act: (volume) => volume.saveInPlace('/a.txt', Buffer.from('gone')),
    sees: { kind: 'error-shown', operation: 'save', errno: 'ENOSPC', status: 507 },
  },
  {
    title: 'a Finder copy refused after its last byte is lost without a word',
    spoil: (server) =>
      refuse(server, 413, (request) => request.headers['x-expected-entity-length'] !== undefined),
    act: (volume) => volume.copyIn('/new.bin', Buffer.alloc(100_000)),
    sees: { kind: 'silent-loss', path: '/new.bin' },
  },
  {
    title: 'a Finder copy refused before its body shows an error',
    spoil: (server) => {
      server.manners.intercept = (request, response) => {
        if (request.headers['x-expected-entity-length'] === undefined) return false
        response.writeHead(507).end()
        request.resume()
        return true
      }
    },
    act: (volume) => volume.copyIn('/new.bin', Buffer.alloc(20_000_000)),
    sees: { kind: 'error-shown', operation: 'copy in', errno: 'EIO', status: 507 },
  },
  {
    title: 'a chunked body that is dropped leaves 0 bytes',
    spoil: (server) => {
      server.manners.intercept = (request, response) => {
        if (request.headers['x-expected-entity-length'] === undefined) return false
        server.put('/new.bin', '')
        request.resume().once('end', () => response.writeHead(204).end())
        return true
      }
    },
    act: (volume) => volume.copyIn('/new.bin', Buffer.alloc(100_000)),
    sees: { kind: 'silent-loss', path: '/new.bin', reason: '0 of 100000 bytes arrived' },
  },
  {
    title: 'refusing ._ files fails a copy of a file with extended attributes',
    spoil: (server) =>
      refuse(server, 403, ({ method, url }) => method === 'PUT' && url?.startsWith('/v/._') === true),
    act: (volume) =>
      volume.copyIn('/new.bin', Buffer.alloc(10), { xattrs: { 'com.apple.provenance': Buffer.alloc(11) } }),
    sees: { kind: 'error-shown', operation: 'copy in', errno: 'EPERM' },
  },
  {
    title: 'a 503 for a look-up makes the file vanish',
    spoil: (server) => refuse(server, 503, (request) => request.url === '/v/a.txt'),
    act: (volume) => volume.stat('/a.txt'),
    sees: { kind: 'vanished', path: '/a.txt' },
  },
  {
    title: 'a 403 for a look-up makes the file vanish too',
    spoil: (server) => refuse(server, 403, (request) => request.url === '/v/a.txt'),
    act: (volume) => volume.stat('/a.txt'),
    sees: { kind: 'vanished', path: '/a.txt' },
  },
  {
    title: 'a 500 for the look-up of a create empties the file that is there',
    spoil: (server) => refuse(server, 500, isMethod('PROPFIND')),
    act: (volume) => volume.writeFile('/a.txt', Buffer.from('new')),
    sees: { kind: 'clobbered', path: '/a.txt' },
  },
  {
    title: 'a 500 for a listing shows an error',
    spoil: (server) => refuse(server, 500, (request) => request.headers['depth'] === '1'),
    act: (volume) => volume.readdir('/'),
    sees: { kind: 'error-shown', operation: 'readdir', errno: 'ENOENT', status: 500 },
  },
  {
    title: 'a 404 for the empty PUT of a create is an I/O error',
    spoil: (server) => refuse(server, 404, isMethod('PUT')),
    act: (volume) => volume.writeFile('/new.txt', Buffer.from('x')),
    sees: { kind: 'error-shown', operation: 'write', errno: 'EIO', status: 404 },
  },
  {
    title: 'a 412 is "invalid argument"',
    spoil: (server) => refuse(server, 412, isMethod('MKCOL')),
    act: (volume) => volume.mkdir('/dir'),
    sees: { kind: 'error-shown', operation: 'mkdir', errno: 'EINVAL', status: 412 },
  },
  {
    title: 'a 207 for DELETE is "in use"',
    spoil: (server) => refuse(server, 207, isMethod('DELETE')),
    act: (volume) => volume.unlink('/a.txt'),
    sees: { kind: 'error-shown', operation: 'unlink', errno: 'EBUSY', status: 207 },
  },
  {
    title: 'a 503 for DELETE is taken for success',
    spoil: (server) => refuse(server, 503, isMethod('DELETE')),
    act: (volume) => volume.unlink('/a.txt'),
    sees: { kind: 'silent-loss', path: '/a.txt' },
  },
  {
    title: 'a 423 for LOCK is "in use"',
    spoil: (server) => void (server.manners.locks = 'refused'),
    act: (volume) => volume.saveInPlace('/a.txt', Buffer.from('x')),
    sees: { kind: 'error-shown', operation: 'save', errno: 'EBUSY', status: 423 },
  },
  {
    title: 'a lock token in the header alone is no permission',
    spoil: (server) => void (server.manners.lockTokenIn = 'header'),
    act: (volume) => volume.saveInPlace('/a.txt', Buffer.from('x')),
    sees: { kind: 'error-shown', operation: 'save', errno: 'EPERM' },
  },
  {
    title: 'a GET that denies what PROPFIND has is tried for ever',
    spoil: (server) => refuse(server, 404, isMethod('GET')),
    act: (volume) => volume.readFile('/a.txt'),
    sees: { kind: 'hang', operation: 'open', path: '/a.txt' },
  },
  {
    title: 'a 200 to a Range request corrupts what a program reads',
    spoil: (server) => void (server.manners.range = 'ignored'),
    act: skipAhead,
    sees: { kind: 'corruption', path: '/big.bin' },
  },
  {
    title: 'a range that starts elsewhere corrupts what a program reads',
    spoil: (server) => void (server.manners.range = 'off by one'),
    act: skipAhead,
    sees: { kind: 'corruption', path: '/big.bin' },
  },
  {
    title: 'a range that is too short corrupts what a program reads',
    spoil: (server) => void (server.manners.range = 'short'),
    act: skipAhead,
    sees: { kind: 'corruption', path: '/big.bin' },
  },
  {
    title: 'a 206 although the file has changed joins two versions',
    spoil: (server) => void (server.manners.heedsIfRange = false),
    act: async (volume, server) => {
      await volume.quickLook('/big.bin')
      server.put('/big.bin', Buffer.alloc(8_000_000))
      await volume.readFile('/big.bin')
    },
    sees: { kind: 'corruption', path: '/big.bin' },
  },
  {
    title: 'a length in the listing that the download does not have is noticed',
    spoil: (server) => void (server.manners.lengthError = 7),
    act: (volume) => volume.stat('/a.txt').then(() => volume.readFile('/a.txt')),
    sees: { kind: 'corruption', path: '/a.txt' },
  },
  {
    title: 'a GET without Last-Modified is downloaded again at every open',
    spoil: (server) => void (server.manners.getTellsLastModified = false),
    act: (volume) => volume.readFile('/a.txt'),
    sees: { kind: 'extra-traffic', path: '/a.txt' },
  },
  {
    title: 'a PUT reply without Last-Modified costs another request',
    spoil: (server) => void (server.manners.putTellsLastModified = false),
    act: (volume) => volume.writeFile('/a.txt', Buffer.from('x')),
    sees: { kind: 'extra-traffic', path: '/a.txt' },
  },
  {
    title: 'a PUT reply without Date costs the attributes of a new file',
    spoil: (server) => void (server.manners.putTellsDate = false),
    act: (volume) => volume.writeFile('/new.txt', Buffer.from('x')),
    sees: { kind: 'extra-traffic', path: '/new.txt' },
  },
  {
    title: 'hrefs shorter than the request hide short names',
    spoil: (server) =>
      void (server.manners.writeHref = (path) => goodManners().writeHref(path.replace('/v/folder', '/v'))),
    act: (volume) => volume.readdir('/folder'),
    sees: { kind: 'hidden-entry', path: '/folder' },
  },
  {
    title: 'an unescaped & as an entity other than &amp; cuts the name',
    spoil: (server) =>
      void (server.manners.writeHref = (path) => goodManners().writeHref(path).replaceAll('%26', '&#38;')),
    act: (volume) => volume.readdir('/'),
    sees: { kind: 'hidden-entry', path: '/' },
  },
  {
    title: 'unescaped letters that are not ASCII cut the name',
    spoil: (server) => void (server.manners.writeHref = (path) => path.replaceAll('&', '%26')),
    act: (volume) => volume.readdir('/'),
    sees: { kind: 'hidden-entry', path: '/' },
  },
  {
    title: 'a second href in a response shows a ghost',
    spoil: (server) => void (server.manners.extraXml = '<D:location><D:href>/v/ghost</D:href></D:location>'),
    act: (volume) => volume.readdir('/'),
    sees: { kind: 'ghost-entry', path: '/' },
  },
  {
    title: 'children that only the rmdir check sees keep a folder from being deleted',
    spoil: (server) => void (server.manners.hiddenChildren = 1),
    act: (volume) => volume.deleteTree('/folder/empty'),
    sees: { kind: 'error-shown', errno: 'ENOTEMPTY', operation: 'delete' },
  },
  {
    title: 'a directory whose time stands still keeps a new file invisible',
    spoil: (server) => void (server.manners.directoryTimeMoves = false),
    act: async (volume, server) => {
      await volume.stat('/later.txt').catch(() => undefined)
      server.put('/later.txt', 'here')
      await volume.readdir('/')
    },
    sees: { kind: 'vanished', path: '/later.txt' },
  },
  {
    title: 'a redirect of a PROPFIND moves the base of the volume',
    spoil: (server) => {
      server.manners.intercept = (request, response) => {
        if (request.url !== '/v/a.txt') return false
        response.writeHead(302, { Location: '/v/folder/' }).end()
        return true
      }
    },
    act: (volume) => volume.stat('/a.txt'),
    sees: { kind: 'server-quirk' },
  },
  {
    title: 'a connection reset takes the whole volume down',
    spoil: (server) => {
      server.manners.intercept = (request) => {
        if (request.method !== 'MKCOL') return false
        request.socket.resetAndDestroy()
        return true
      }
    },
    act: (volume) => volume.mkdir('/dir'),
    sees: { kind: 'down' },
  },
]

async function mountSpoilt(spoil: (server: ModelServer) => void) {
  const server = await startModelServer({
    '/a.txt': 'content of a',
    '/q&a.txt': 'q',
    '/räksmörgås.txt': 'r',
    '/big.bin': bigFile,
    '/folder': null,
    '/folder/x': 'x',
    '/folder/empty': null,
  })
  const volume = await mountSimulatedVolume({ url: server.url })
  spoil(server)
  return { server, volume }
}

describe('what a Mac user sees of a server’s mistake', () => {
  test.each(mistakes)('$title', async ({ spoil, act, sees }) => {
    const { server, volume } = await mountSpoilt(spoil)
    await using _server = server
    await using _volume = volume
    await act(volume, server).catch(() => undefined)
    expect(volume.report().events).toContainEqual(expect.objectContaining(sees))
  })

  test.each(mistakes)('none of it without the mistake: $title', async ({ act, sees }) => {
    const { server, volume } = await mountSpoilt(() => undefined)
    await using _server = server
    await using _volume = volume
    await act(volume, server).catch(() => undefined)
    expect(volume.report().events).not.toContainEqual(expect.objectContaining(sees))
  })
})
