import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { wayIns } from '../../../../infra/api/way-in.ts'
import { wordsFor } from '../../../../src-main/services/stacks/watch/resource-words.ts'

const resourcesDir = join(import.meta.dirname, '../../../../resources')

test.each(wayIns)('each resource of the %s template is called something of its own, in words', (wayIn) => {
  const template = JSON.parse(readFileSync(join(resourcesDir, `stack-${wayIn}.template.json`), 'utf8')) as {
    readonly Resources: Readonly<Record<string, unknown>>
  }
  const logicalIds = Object.keys(template.Resources)
  const names = logicalIds.map(wordsFor)
  expect(new Set(names).size).toBe(names.length)
  expect(names.filter((name) => logicalIds.includes(name))).toEqual([])
})
