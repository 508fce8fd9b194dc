import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { listenForInterrupts } from '../../../src-main/cli/interrupts.ts'
import { version } from '../../../src-main/lib/version.ts'

test('interrupts of all kinds are counted together, and the first one aborts', () => {
  const source = new EventEmitter()
  const interrupts = listenForInterrupts(source)
  const counts: number[] = []
  using _listening = interrupts.on((count) => counts.push(count))
  expect(interrupts.signal.aborted).toBe(false)
  source.emit('SIGINT')
  expect(interrupts.signal.aborted).toBe(true)
  source.emit('SIGTERM')
  source.emit('SIGHUP')
  expect(counts).toEqual([1, 2, 3])
})

test('who stopped listening hears nothing more, and the process gets its own handling back', () => {
  const source = new EventEmitter()
  const interrupts = listenForInterrupts(source)
  const counts: number[] = []
  interrupts.on((count) => counts.push(count))[Symbol.dispose]()
  source.emit('SIGINT')
  interrupts[Symbol.dispose]()
  expect(counts).toEqual([])
  expect(source.eventNames()).toEqual([])
})

test('the version of the command is that of the package', () => {
  const { version: packageVersion } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(version).toBe(packageVersion)
})
