import { EventEmitter } from 'node:events'
import { text } from 'node:stream/consumers'

import { expect, test } from 'vitest'

import { linesFrom, parentPortOf } from '../../../../src-main/front/process/parent-port.ts'

test('what Electron’s main process posts arrives as lines, and anything else does not', async () => {
  const port = new EventEmitter()
  const lines = text(linesFrom(port))
  port.emit('message', { data: '{"type":"status"}' })
  port.emit('message', { data: { type: 'shutdown' } })
  port.emit('message', { data: '{"type":"wake"}' })
  port.emit('message', { data: null })
  expect(await lines).toBe('{"type":"status"}\n{"type":"wake"}\n')
})

test('the end of the parent ends the lines', async () => {
  const port = new EventEmitter()
  const lines = text(linesFrom(port))
  port.emit('close')
  expect(await lines).toBe('')
})

test('a front that Node started has no such port', () => {
  expect(parentPortOf(process)).toBeUndefined()
})
