import type { Backend } from './backend.ts'

export interface CountedBackend {
  readonly backend: Backend
  /** Calls made since the counter was put in front of the backend, answered or not. */
  total(): number
}

/** Puts a counter in front of `backend`: each call is a round trip that somebody pays for. */
export function countCalls(backend: Backend): CountedBackend {
  let calls = 0
  return {
    total: () => calls,
    backend: {
      list: (path, call) => (calls++, backend.list(path, call)),
      stat: (path, call) => (calls++, backend.stat(path, call)),
      read: (path, range, call) => (calls++, backend.read(path, range, call)),
      write: (path, body, call) => (calls++, backend.write(path, body, call)),
      makeDirectory: (path, call) => (calls++, backend.makeDirectory(path, call)),
      move: (from, to, call) => (calls++, backend.move(from, to, call)),
      remove: (path, call) => (calls++, backend.remove(path, call)),
      statfs: (call) => (calls++, backend.statfs(call)),
    },
  }
}
