import type { Dav } from '../dav-client.ts'
import type { HistoryClient } from './history.ts'
import { observeThroughFront } from './observe.ts'
import type { TreeChange } from './tree-state.ts'

/** What a front may refuse for a while: the change has happened, or not. */
const transient = [423, 500, 502, 503]

/** A client of `folder`, which is at the root of the drive at `url`. */
export function davHistoryClient(dav: Dav, url: string, folder: string): HistoryClient {
  const send = (change: TreeChange): ReturnType<Dav> => {
    const path = folder + change.path
    switch (change.kind) {
      case 'put':
        return dav('PUT', path, { body: change.text })
      case 'mkcol':
        return dav('MKCOL', path)
      case 'move':
        return dav('MOVE', path, { headers: { Destination: url + folder + change.to } })
      case 'delete':
        return dav('DELETE', path)
    }
  }
  return {
    async make(change) {
      const { status } = await send(change)
      if (status < 300) return 'done'
      return transient.includes(status) ? 'unknown' : `refused with ${status}`
    },
    async read(path) {
      const { status, text } = await dav('GET', folder + path)
      return status === 200 ? text : { instead: `answered with ${status}` }
    },
    observe: () => observeThroughFront(dav, folder),
  }
}
