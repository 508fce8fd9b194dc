import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { davClient } from '../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../harness/front.ts'
import { waitFor } from '../harness/wait-for.ts'
import { needs, programOf } from '../harness/needs.ts'
import { serveWebPage, type WebPage } from '../harness/web-page.ts'

/** What is on the drive. Nothing of it may change or become known; what can speak for itself says so if it runs. */
const files: Readonly<Record<string, string | Buffer>> = {
  'secret.txt': 'the content of the secret',
  'script.js': 'window.postMessage("a script", "*")',
  'style.css': 'body { --leaked: a-style }',
  'pixel.gif': Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
  'page.html': '<script>parent.postMessage("a frame", "*")</script>',
}

const hostilePagePath = join(import.meta.dirname, '../fixtures/hostile-page.html')

// The worst case: the page knows the whole URL, secret included.
needs('chromium')('a web page that knows the URL', () => {
  let front: TestFront
  let website: WebPage
  let browser: Browser
  /** On another site, and on another port of 127.0.0.1: another origin but the same site, to which other rules apply. */
  let pages: readonly Page[]
  beforeAll(async () => {
    front = await startTestFront({ requestLog: true })
    const dav = davClient(front)
    for (const [name, body] of Object.entries(files)) await dav('PUT', name, { body })
    website = await serveWebPage(await readFile(hostilePagePath, 'utf8'))
    browser = await chromium.launch({
      executablePath: programOf('chromium'),
      args: [
        '--no-sandbox',
        '--host-resolver-rules=MAP *.example 127.0.0.1',
        // Chromium's own wall between web pages and loopback would hide what the front does; others have none.
        '--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessChecks',
      ],
    })
    const hosts = ['elsewhere.example', '127.0.0.1']
    pages = await Promise.all(hosts.map(() => browser.newPage()))
    for (const [index, page] of pages.entries()) await page.goto(`http://${hosts[index]!}:${website.port}/`)
  })
  afterAll(async () => {
    await browser.close()
    await website[Symbol.asyncDispose]()
    await front.stop()
  })
  afterEach(async () => {
    expect((await readdir(front.rootDir)).sort()).toEqual(Object.keys(files).sort())
    for (const [name, content] of Object.entries(files)) {
      expect(await readFile(join(front.rootDir, name)), name).toEqual(Buffer.from(content))
    }
  })

  /** Calls a function of the hostile page on each of its origins and gives what each learnt. */
  async function attack(functionName: string, argument: object): Promise<readonly unknown[]> {
    const outcomes: unknown[] = []
    for (const page of pages)
      outcomes.push(await page.evaluate(`${functionName}(${JSON.stringify(argument)})`))
    return outcomes
  }

  test.for([
    ['GET', {}],
    ['HEAD', {}],
    ['PROPFIND', { Depth: '1' }],
    ['PUT', {}],
    ['DELETE', {}],
    ['MKCOL', {}],
    ['POST', { 'Content-Type': 'text/plain' }],
    ['MOVE', { Destination: '/moved' }],
    ['COPY', { Destination: '/copied' }],
    ['LOCK', {}],
    ['PROPPATCH', {}],
    ['OPTIONS', {}],
  ] as const)('cannot %s with fetch', async ([method, headers]) => {
    const outcomes = await attack('withFetch', {
      url: `${front.url}secret.txt`,
      method,
      headers,
      mode: 'cors',
    })
    expect(outcomes).toEqual(['refused TypeError', 'refused TypeError'])
  })

  test.for([['GET'], ['HEAD'], ['POST']] as const)(
    'learns nothing from a %s without CORS',
    async ([method]) => {
      const outcomes = await attack('withFetch', { url: `${front.url}secret.txt`, method, mode: 'no-cors' })
      // An opaque answer says nothing either, not even its status.
      for (const outcome of outcomes) expect(['refused TypeError', 'opaque 0 ']).toContain(outcome)
    },
  )

  test.for([['text/plain'], ['multipart/form-data'], ['application/x-www-form-urlencoded']] as const)(
    'cannot write with a form of %s',
    async ([enctype]) => {
      const before = front.events.length
      expect(await attack('withForm', { url: `${front.url}secret.txt`, enctype })).toEqual(['sent', 'sent'])
      const posts = await waitFor(
        () => {
          const seen = front.events.slice(before)
          const found = seen.filter((event) => event.type === 'request' && event.method === 'POST')
          return found.length === 2 && found
        },
        { what: 'the front to tell of both forms' },
      )
      for (const post of posts)
        expect(post).toMatchObject({ status: expect.toSatisfy((status: number) => status >= 400) as number })
    },
  )

  test.for([
    ['img', 'src', 'pixel.gif'],
    ['script', 'src', 'script.js'],
    ['link', 'href', 'style.css'],
    ['video', 'src', 'pixel.gif'],
    ['object', 'data', 'page.html'],
    ['iframe', 'src', 'page.html'],
  ] as const)('cannot embed a file with <%s>', async ([tag, attribute, file]) => {
    for (const page of pages) await page.reload()
    expect(await attack('withElement', { tag, attribute, url: front.url + file })).toEqual([
      'nothing',
      'nothing',
    ])
  })

  test('cannot become the same origin by rebinding its name to 127.0.0.1', async () => {
    const rebound = front.url.replace('127.0.0.1', 'rebound.example')
    // The page came from its own server, under the name and port that now lead to the front.
    const page = await browser.newPage()
    const pageUrl = new URL('/page-of-somebody-else', rebound).href
    await page.route(pageUrl, (route) => route.fulfill({ path: hostilePagePath, contentType: 'text/html' }))
    await page.goto(pageUrl)
    for (const method of ['GET', 'PUT', 'DELETE', 'PROPFIND', 'MKCOL', 'OPTIONS']) {
      const attempt = { url: `${rebound}secret.txt`, method, mode: 'same-origin' }
      expect(await page.evaluate(`withFetch(${JSON.stringify(attempt)})`), method).toBe('basic 403 ')
    }
  })
})
