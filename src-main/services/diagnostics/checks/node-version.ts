import { failed, passed } from '../check.ts'
import type { Check } from '../check.ts'
import type { DiagnosticsContext } from '../context.ts'

/** The bundle is built for this one; older ones lack `using`. */
const oldestMajor = 24

export const nodeVersion: Check<Pick<DiagnosticsContext, 'nodeVersion'>> = {
  id: 'node-version',
  title: 'Node version',
  severity: 'problem',
  applicable: () => true,
  check: (context) => {
    const major = Number(/^v?(\d+)\./.exec(context.nodeVersion)?.[1])
    const finding =
      major >= oldestMajor
        ? passed(context.nodeVersion)
        : failed(
            `This is Node ${context.nodeVersion}; Mountbar needs ${oldestMajor} or newer.`,
            'Start it with `npm run mountbar`, which uses the Node that `npm ci` installed.',
            `Or install Node ${oldestMajor}.`,
          )
    return Promise.resolve(finding)
  },
}
