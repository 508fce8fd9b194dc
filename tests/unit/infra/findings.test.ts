import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'
import { z } from 'zod'

import { acceptedFindings } from '../../../infra/accepted-findings.ts'
import { mountbarApp } from '../../../infra/mountbar-app.ts'

const reportSchema = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      violations: z.array(
        z.object({
          ruleName: z.string(),
          violatingConstructs: z.array(z.object({ constructPath: z.string() })),
        }),
      ),
    }),
  ),
})

test('every finding that is accepted is one that there is', { timeout: 60_000 }, () => {
  const outdir = mkdtempSync(join(tmpdir(), 'mountbar-findings-'))
  expect(() => mountbarApp({ outdir }, []).app.synth()).toThrow(/validation/i)
  const { pluginReports } = reportSchema.parse(
    JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')),
  )
  rmSync(outdir, { recursive: true })
  const found = pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(
        ({ constructPath }) => `${ruleName} on ${constructPath.split('/')[1] ?? 'the template'}`,
      ),
    ),
  )
  const accepted = acceptedFindings.flatMap(({ rule, resources = ['the template'] }) =>
    resources.map((resource) => `${rule.replace('CloudFormation-Validate::', '')} on ${resource}`),
  )
  expect([...new Set(found)].toSorted()).toEqual(accepted.toSorted())
})
