import { homedir, hostname } from 'node:os'

import type { Machine } from './machine.ts'

/** The machine and the process that run `programUrl`. Fronts are started by Node unless the program says otherwise. */
export function thisMachine(programUrl: string): Machine {
  return {
    platform: process.platform,
    env: process.env,
    homeDir: homedir(),
    // Of "Annas-MacBook.local" the part that people know.
    hostName: hostname().split('.')[0] || 'this computer',
    nodePath: process.execPath,
    nodeVersion: process.version,
    programUrl,
  }
}
