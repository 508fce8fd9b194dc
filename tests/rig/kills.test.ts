import { writeFile } from 'node:fs/promises'

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { needs } from '../harness/needs.ts'
import { Chain } from '../harness/rig-load/chain.ts'
import { faults } from '../harness/rig-load/faults.ts'
import { outcomeTable } from '../harness/rig-load/outcome-table.ts'
import { tryFault, type Outcome } from '../harness/rig-load/trial.ts'
import { attachVm } from '../harness/vm/attach-vm.ts'
import { vmNeeds } from '../harness/vm/vm-needs.ts'

/** `all`, or parts of titles with commas between them; the core set unless told otherwise. */
const chosen = process.env['MOUNTBAR_RIG_KILLS']?.split(',')
const tablePath = process.env['MOUNTBAR_RIG_KILLS_TABLE']

/** The front holds a call for a minute before it is refused as "in use", and may be in a pause when all is well again. */
const frontPatienceMs = 50_000

/** For a load, a fault, and all the limits of a trial one after the other. */
const trialLimitMs = 900_000

const isChosen = ({ title, isCore }: (typeof faults)[number]): boolean =>
  chosen === undefined ? isCore === true : chosen.some((part) => part === 'all' || title.includes(part))

needs(...vmNeeds)('whatever is killed while programs are at work on a drive', () => {
  const stack = new AsyncDisposableStack()
  const outcomes: Outcome[] = []
  let chain: Chain

  beforeAll(async () => {
    chain = await Chain.start(await attachVm(inject('rigVmPort')), stack)
  })

  afterAll(async () => {
    process.stdout.write(`\n${outcomeTable(outcomes)}\n\n`)
    await stack.disposeAsync()
  })

  describe('nothing acknowledged is lost, nobody waits longer than a Mac does, and all is well again by itself', () => {
    test.for(faults.filter(isChosen).map((fault, index) => [fault.title, fault, index] as const))(
      '%s',
      { timeout: trialLimitMs },
      async ([, fault, index]) => {
        const outcome = await tryFault(chain, fault, `trial-${index}`)
        outcomes.push(outcome)
        if (tablePath !== undefined) await writeFile(tablePath, `${outcomeTable(outcomes)}\n`)
        const { seen } = outcome
        expect(seen.wrongs).toEqual([])
        if (outcome.outageMs < frontPatienceMs) {
          expect(seen.refusedAsBusy).toBe(0)
          if (fault.endsFront !== true) expect(seen.broken).toBe(0)
        }
      },
    )
  })
})
