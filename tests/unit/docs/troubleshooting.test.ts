import { expect, test } from 'vitest'

import { exitCodes } from '../../../src-main/cli/exit-codes.ts'
import { errorCodes } from '../../../src-main/shared/errors.ts'
import { messages } from '../../../src-main/shared/messages.ts'
import { documentAt, inlineCodes, sectionOf, tableRows } from './markdown.ts'

const page = documentAt('docs/troubleshooting.md')
const rows = tableRows(sectionOf(page, 'Every error'))
const advice = rows.filter(([code = '']) => code.startsWith('`'))

test('the troubleshooting page has every error once, under the title a user sees', () => {
  const documented = new Map(advice.map(([code = '', title]) => [inlineCodes(code)[0], title]))
  const expected = new Map(errorCodes.map((code) => [code, messages[code].title]))
  expect(documented).toEqual(expected)
  expect(advice).toHaveLength(errorCodes.length)
})

test('the troubleshooting page says what to do about each', () => {
  expect(advice.filter((row) => row.length !== 3 || row[2] === '')).toEqual([])
})

test('the troubleshooting page has the exit codes of the command', () => {
  const documented = tableRows(sectionOf(page, 'Exit codes')).slice(1)
  const expected = Object.values(exitCodes).map(({ status, meaning }) => [String(status), meaning])
  expect(documented).toEqual(expected)
})
