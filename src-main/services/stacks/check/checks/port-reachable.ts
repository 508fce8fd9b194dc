import { passed, type DriveCheck } from '../drive-check.ts'
import { probePort } from '../network-probes.ts'

const timeoutMs = 8_000

export const portReachable: DriveCheck = {
  id: 'port-reachable',
  title: 'The way there',
  applicable: () => true,
  check: async (facts, signal) => {
    const { server, throughInstanceId } = facts.drive
    const route = await facts.route()
    await probePort(route, timeoutMs, signal)
    const through = throughInstanceId === undefined ? '' : `, through ${throughInstanceId}`
    return passed(`${server.host}, port ${server.port}${through}`)
  },
}
