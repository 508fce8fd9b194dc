import { createServer } from 'node:net'

import { failed, passed } from '../check.ts'
import type { Check } from '../check.ts'
import type { DiagnosticsContext } from '../context.ts'

export const portsFree: Check<Pick<DiagnosticsContext, 'observeDrives'>> = {
  id: 'ports',
  title: 'Ports of the drives',
  severity: 'advice',
  applicable: () => true,
  check: async ({ observeDrives }) => {
    const idle = (await observeDrives()).filter(({ front }) => front === 'none')
    const free = await Promise.all(idle.map(({ port }) => isFree(port)))
    const taken = idle.filter((_, index) => free[index] === false)
    if (taken.length === 0) return passed('free, or in use by their own drive')
    return failed(
      `Used by another program: ${taken.map(({ name, port }) => `${port} (${name})`).join(', ')}.`,
      'Nothing needs to be done for a drive that is not mounted: it gets another port when it is. For a mounted one, end that program.',
    )
  },
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
