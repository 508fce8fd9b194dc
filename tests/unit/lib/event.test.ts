import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { createEmitter } from '../../../src-main/lib/event.ts'

test('every listener hears every value from its own start to its own end, in the order they came', () => {
  const emitter = createEmitter<number>()
  const heard: string[] = []
  const listen = (name: string) => emitter.on((value) => heard.push(`${name}${value}`))
  const a = listen('a')
  emitter.fire(1)
  const b = listen('b')
  emitter.fire(2)
  a[Symbol.dispose]()
  a[Symbol.dispose]()
  emitter.fire(3)
  b[Symbol.dispose]()
  emitter.fire(4)
  expect(heard).toEqual(['a1', 'a2', 'b2', 'b3'])
})

test('one function may listen twice, and each handle ends one of them', () => {
  const emitter = createEmitter<string>()
  const heard: string[] = []
  const listener = (value: string) => void heard.push(value)
  const first = emitter.on(listener)
  emitter.on(listener)
  emitter.fire('x')
  first[Symbol.dispose]()
  emitter.fire('y')
  expect(heard).toEqual(['x', 'x', 'y'])
})

test('a listener may come and go while a value is fired; both take effect with the next', () => {
  const emitter = createEmitter<number>()
  const heard: string[] = []
  const handle = emitter.on((value) => {
    heard.push(`a${value}`)
    handle[Symbol.dispose]()
    emitter.on((later) => heard.push(`b${later}`))
  })
  emitter.fire(1)
  emitter.fire(2)
  expect(heard).toEqual(['a1', 'b2'])
})

test('a listener that throws keeps nothing from the others, and is not swallowed', async () => {
  const eventUrl = fileURLToPath(new URL('../../../src-main/lib/event.ts', import.meta.url))
  const program = `
    import { createEmitter } from ${JSON.stringify(eventUrl)}
    const emitter = createEmitter()
    process.on('uncaughtException', (error) => console.log('uncaught', error.message))
    emitter.on(() => { throw new Error('mine') })
    emitter.on((value) => console.log('heard', value))
    emitter.fire(1)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program])
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  await once(child, 'close')
  expect(output).toBe('heard 1\nuncaught mine\n')
})
