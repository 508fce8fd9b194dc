import { expect, test } from 'vitest'

import { engineError } from '../../../../src-main/services/engine/engine-errors.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'

const call = { address: '/run/docker.sock' }

/** As the client reports an answer: a frame around the engine's words. */
function answered(statusCode: number, words: string): Error {
  const reason = statusCode === 404 ? 'no such container' : 'server error'
  const message = `(HTTP code ${statusCode}) ${reason} - ${words} `
  return Object.assign(new Error(message), { statusCode, reason, json: { message: words } })
}

function failed(code: string): Error {
  return Object.assign(new Error(`connect ${code} /run/docker.sock`), { code, syscall: 'connect' })
}

test.each([
  [failed('ENOENT'), 'engine-not-running'],
  [failed('ECONNREFUSED'), 'engine-not-running'],
  [failed('ECONNRESET'), 'engine-not-running'],
  [failed('EACCES'), 'engine-denied'],
  [answered(500, 'write /var/lib/docker/tmp/x: no space left on device'), 'engine-disk-full'],
  [
    answered(
      500,
      'driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:7400 failed: port is already allocated',
    ),
    'port-taken',
  ],
  [
    answered(
      500,
      'Ports are not available: exposing port TCP 127.0.0.1:7400 -> 0.0.0.0:0: listen tcp 127.0.0.1:7400: bind',
    ),
    'port-taken',
  ],
  [answered(400, 'exec /usr/bin/node: exec format error'), 'engine-arch'],
  [answered(404, 'no matching manifest for linux/arm64/v8 in the manifest list entries'), 'engine-arch'],
  [answered(400, 'client version 1.30 is too old. Minimum supported API version is 1.44'), 'engine-too-old'],
  [answered(404, 'No such image: mountbar-bridge:abc'), 'image-missing'],
  [answered(500, 'something else'), 'engine-failed'],
  [new DOMException('The operation was aborted', 'AbortError'), 'cancelled'],
  [new DOMException('timed out', 'TimeoutError'), 'engine-timeout'],
  ['a string', 'engine-failed'],
])('%s becomes %s', (error, code) => {
  expect(engineError(error, call).code).toBe(code)
})

test('keeps the engine’s own words and the port, and the cause for the log', () => {
  const cause = answered(500, 'Bind for 127.0.0.1:7400 failed: port is already allocated')
  const error = engineError(cause, call)
  expect(error.args).toEqual({
    reason: 'Bind for 127.0.0.1:7400 failed: port is already allocated',
    port: 7400,
  })
  expect(error.cause).toBe(cause)
})

test('leaves an error of ours as it is', () => {
  const own = new AppError('engine-arch')
  expect(engineError(own, call)).toBe(own)
})

test('becomes what the call says where nothing better is known', () => {
  expect(engineError(answered(500, 'no'), { ...call, otherwise: 'image-pull-failed' }).code).toBe(
    'image-pull-failed',
  )
})
