import { readFile } from 'node:fs/promises'

import { expect, test } from 'vitest'

import { bridgeImageLabels, bridgeLimits, bridgeTmpfsMebibytes } from '../../../docker/bridge/api/image.ts'
import type { BridgeRole } from '../../../docker/bridge/api/start.ts'

const folder = new URL('../../../docker/bridge/', import.meta.url)

/** What stands below `  <service>:` in compose.yaml. */
async function serviceText(service: BridgeRole): Promise<string> {
  const text = await readFile(new URL('compose.yaml', folder), 'utf8')
  const [, below = ''] = text.split(`\n  ${service}:\n`)
  return below.split(/\n {0,2}\S/)[0] ?? ''
}

test.each<BridgeRole>(['agent', 'tunnel'])(
  'compose.yaml gives %s the limits that the app gives it',
  async (role) => {
    const text = await serviceText(role)
    const { memoryMebibytes, maxProcesses, stopTimeoutSeconds } = bridgeLimits[role]
    expect(/mem_limit: (\d+)m/.exec(text)?.[1]).toBe(String(memoryMebibytes))
    expect(/pids_limit: (\d+)/.exec(text)?.[1]).toBe(String(maxProcesses))
    expect(/stop_grace_period: (\d+)s/.exec(text)?.[1]).toBe(String(stopTimeoutSeconds))
    expect(/\/run\/mountbar:.*size=(\d+)m/.exec(text)?.[1]).toBe(String(bridgeTmpfsMebibytes.runDir))
    expect(/\/tmp:.*size=(\d+)m/.exec(text)?.[1]).toBe(String(bridgeTmpfsMebibytes.tmpDir))
  },
)

test('the image has the label by which old ones are found', async () => {
  const dockerfile = await readFile(new URL('Dockerfile', folder), 'utf8')
  for (const [name, value] of Object.entries(bridgeImageLabels)) {
    expect(dockerfile).toContain(`${name}="${value}"`)
  }
})
