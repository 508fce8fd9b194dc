import { createHash } from 'node:crypto'

import { SaxesParser } from 'saxes'

import type { TreeAccess } from './tree-access.ts'

/** The tree through the front's own protocol, where nothing can be mounted. `url` ends in `/`. */
export function webdavTree(url: string): TreeAccess {
  const at = (path: string): string => url + path.split('/').map(encodeURIComponent).join('/')
  const request = async (method: string, path: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(at(path), { method, ...init })
    if (response.ok) return response
    await response.body?.cancel()
    throw new Error(`${method} ${path}: status ${response.status}`)
  }
  const send = async (method: string, path: string, init: RequestInit): Promise<void> => {
    await (await request(method, path, init)).body?.cancel()
  }
  return {
    list: async (dir, signal) => {
      const folder = dir === '' ? '' : `${dir}/`
      const response = await request('PROPFIND', folder, { headers: { Depth: '1' }, signal })
      return childNames(await response.text(), new URL(at(folder)).pathname)
    },
    read: async (path, signal) => await (await request('GET', path, { signal })).bytes(),
    checksum: async (path, signal) => {
      const hash = createHash('sha256')
      const { body } = await request('GET', path, { signal })
      for await (const chunk of body ?? []) hash.update(chunk as Uint8Array)
      return hash.digest('hex')
    },
    write: (path, content, signal) => send('PUT', path, { body: content.slice(), signal }),
    rename: (from, to, signal) => send('MOVE', from, { headers: { Destination: at(to) }, signal }),
    removeFile: (path, signal) => send('DELETE', path, { signal }),
    makeFolder: (path, signal) => send('MKCOL', path, { signal }),
    removeFolder: (path, signal) => send('DELETE', `${path}/`, { signal }),
  }
}

/** The names in a Depth 1 answer, without the folder itself. */
function childNames(multistatus: string, folderPath: string): string[] {
  const names: string[] = []
  const parser = new SaxesParser({ xmlns: true })
  let text: string | undefined
  parser.on('opentag', ({ local }) => {
    if (local === 'href') text = ''
  })
  parser.on('text', (more) => {
    if (text !== undefined) text += more
  })
  parser.on('closetag', ({ local }) => {
    if (local !== 'href' || text === undefined) return
    const path = decodeURIComponent(new URL(text, 'http://localhost').pathname)
    const name = path.slice(decodeURIComponent(folderPath).length).replace(/\/$/, '')
    if (name !== '') names.push(name)
    text = undefined
  })
  parser.write(multistatus).close()
  return names
}
