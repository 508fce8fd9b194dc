import { connect } from 'node:net'
import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { text } from 'node:stream/consumers'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import {
  listenForCallback,
  type Callback,
  type Loopback,
} from '../../../../../src-main/services/credentials/sso/loopback.ts'

const state = 'the-state'
let loopback: Loopback
let callback: Callback | undefined
let port: number
beforeEach(async () => {
  loopback = await listenForCallback(state)
  callback = undefined
  void loopback.callback.then((found) => (callback = found))
  port = Number(new URL(loopback.redirectUri).port)
})
afterEach(async () => {
  await loopback[Symbol.asyncDispose]()
})

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** A request with all of its parts as given; `fetch` would not send another Host. */
function send(
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent: false, ...options }, (response) => {
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      )
    })
    sent.on('error', reject).end()
  })
}

test('a callback with the right state gives its code', async () => {
  const { status } = await send(`/oauth/callback?code=abc&state=${state}`)
  expect(status).toBe(200)
  expect(await loopback.callback).toEqual({ kind: 'code', code: 'abc' })
})

test('a refusal with the right state is one', async () => {
  await send(`/oauth/callback?error=access_denied&error_description=No&state=${state}`)
  expect(await loopback.callback).toEqual({ kind: 'refused', error: 'access_denied' })
})

describe('a request that is not the callback', () => {
  test.each([
    { title: 'another state', path: '/oauth/callback?code=abc&state=the-statf' },
    { title: 'a part of the state', path: '/oauth/callback?code=abc&state=the-stat' },
    { title: 'no state', path: '/oauth/callback?code=abc' },
    { title: 'an empty state', path: '/oauth/callback?code=abc&state=' },
    { title: 'two states', path: `/oauth/callback?code=abc&state=${state}&state=other` },
    { title: 'a refusal with another state', path: '/oauth/callback?error=access_denied&state=other' },
    { title: 'neither code nor refusal', path: `/oauth/callback?state=${state}` },
    { title: 'an empty code', path: `/oauth/callback?code=&state=${state}` },
    { title: 'another path', path: `/oauth/callback/?code=abc&state=${state}` },
    { title: 'the root', path: `/?code=abc&state=${state}` },
    { title: 'a favicon', path: '/favicon.ico' },
    { title: 'a POST', path: `/oauth/callback?code=abc&state=${state}`, method: 'POST' },
    { title: 'a HEAD', path: `/oauth/callback?code=abc&state=${state}`, method: 'HEAD' },
    {
      title: 'a rebound name',
      path: `/oauth/callback?code=abc&state=${state}`,
      headers: { Host: 'rebound.example' },
    },
    {
      title: 'localhost, which is not what was registered',
      path: `/oauth/callback?code=abc&state=${state}`,
      headers: { Host: 'localhost' },
    },
    { title: 'a target that is no path', path: '//[' },
  ])('is answered 404 and changes nothing: $title', async ({ title: _, path, ...options }) => {
    expect((await send(path, options)).status).toBe(404)
    expect(callback).toBeUndefined()
    // The real one is still welcome.
    expect((await send(`/oauth/callback?code=real&state=${state}`)).status).toBe(200)
    expect(await loopback.callback).toEqual({ kind: 'code', code: 'real' })
  })
})

test('a second callback is answered 404 and does not replace the first', async () => {
  await send(`/oauth/callback?code=first&state=${state}`)
  expect((await send(`/oauth/callback?code=second&state=${state}`)).status).toBe(404)
  expect(await loopback.callback).toEqual({ kind: 'code', code: 'first' })
})

test('the page has no scripts, loads nothing, repeats nothing and passes its address on to nobody', async () => {
  const { body, headers } = await send(`/oauth/callback?code=%3Cscript%3E&state=${state}`)
  expect(body).toContain('You can close this window')
  expect(body).not.toMatch(/<script|src=|href=|on\w+=/i)
  expect(headers).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'") as string,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
})

test('only this machine can reach it', async () => {
  const others = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address !== undefined && !address.internal && address.family === 'IPv4')
    .map((address) => address!.address)
  for (const host of [...others, '127.0.0.2', '::1']) {
    const outcome = await new Promise((resolve) => {
      const socket = connect({ host, port }, () => resolve('connected'))
      socket.on('error', () => resolve('refused')).on('close', () => resolve('closed'))
    })
    expect(outcome, host).toBe('refused')
  }
})

test('disposing closes the port, also while somebody holds a connection open', async () => {
  const idle = connect({ host: '127.0.0.1', port })
  await new Promise((resolve) => idle.once('connect', resolve))
  const cut = new Promise((resolve) => idle.once('close', resolve))
  await loopback[Symbol.asyncDispose]()
  await cut
  await expect(send('/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  loopback = await listenForCallback(state)
})
