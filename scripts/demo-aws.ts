import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

import { missingBecause } from '../tests/harness/needs.ts'
import { startRigAws } from '../tests/harness/rig/rig-aws.ts'
import { prepareStackCommand } from '../tests/harness/rig/stack-command.ts'
import { cleanUpAfterSteps, stackSteps } from '../tests/harness/rig/stack-steps.ts'
import { makeTempDir } from '../tests/harness/temp-dir.ts'
import { startVm } from '../tests/harness/vm/start-vm.ts'
import { vmNeeds } from '../tests/harness/vm/vm-needs.ts'
import { readHost } from './debian/host.ts'

/** S3 Files waits for a minute, which is long for somebody who watches. */
const quietMs = 10_000
/** So that making a stack takes a quarter of a minute, and shows how far it is. */
const turnsPerLook = 12

/**
 * `npm run demo:aws`: from nothing to a file in a bucket and back to nothing, by the real command, against an AWS that is played on this Debian machine.
 * Ends with 0 only if each step held; 130 after Ctrl-C. Nothing is left of it either way.
 */
async function main(interrupted: AbortSignal): Promise<void> {
  const missing = [...vmNeeds, 'davfs2' as const].flatMap((need) => missingBecause(need, readHost()) ?? [])
  if (missing.length > 0) throw new Error(`this needs a Debian machine and root: ${missing.join(', ')}`)

  await using temp = await makeTempDir('demo')
  say('Starting a VM with a container engine, an NFS server, and an AWS on this machine …')
  await using vm = await startVm({ dir: join(temp.dir, 'vm'), signal: interrupted })
  await using rigAws = await startRigAws({ vm, quietMs, turnsPerLook })
  const command = await prepareStackCommand({
    rigAws,
    dir: temp.dir,
    isShown: true,
    signal: interrupted,
  })
  const options = { rigAws, command, mountDir: join(temp.dir, 'Photos') }
  let isOver = false
  await using stack = new AsyncDisposableStack()
  stack.defer(async () => {
    if (!isOver) await cleanUpAfterSteps(options)
  })
  for (const [index, { title, run }] of stackSteps(options).entries()) {
    interrupted.throwIfAborted()
    say(`\n${index + 1}. ${title}`)
    const fromMs = performance.now()
    const seen = await run().catch((error: unknown) => {
      throw new Error(`step ${index + 1}, ${title}: ${messageOf(error)}`, { cause: error })
    })
    const seconds = ((performance.now() - fromMs) / 1_000).toFixed(1)
    seen.forEach((line) => say(`   ${line}`))
    say(`✓ ${seconds} s`)
  }
  isOver = true
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

const interrupting = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupting.abort())
const startedMs = performance.now()
try {
  await main(interrupting.signal)
  say(`\nAll of it held, in ${((performance.now() - startedMs) / 1_000).toFixed(0)} s.`)
} catch (error) {
  const isInterrupted = interrupting.signal.aborted
  say(isInterrupted ? '\nInterrupted; everything is removed.' : `\n✗ ${messageOf(error)}`)
  process.exitCode = isInterrupted ? 130 : 1
}
