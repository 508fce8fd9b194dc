import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test, vi } from 'vitest'

import {
  contentSecurityPolicy,
  isOwnPage,
  popoverUrl,
  servePages,
} from '../../../src-main/app/shell/page-protocol.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

vi.mock('electron', () => import('../../fakes/fake-electron.ts'))

const origin = 'mountbar-app://popover'

test('the page comes with its type and its policy', async () => {
  await using pages = await serve()
  const response = await pages.get(popoverUrl)
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('<p>page</p>')
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
  })
})

test.each([
  `${origin}/`,
  `${origin}/missing.html`,
  `${origin}/../secret.html`,
  `${origin}/..%2fsecret.html`,
  `${origin}/%2e%2e/secret.html`,
  `${origin}/..%5csecret.html`,
  `${origin}//etc/passwd`,
  `${origin}/inner/index.html`,
  `${origin}/index.html%00.js`,
  `${origin}/.hidden.html`,
  `${origin}/data.bin`,
  `${origin}/link.html`,
  'mountbar-app://elsewhere/index.html',
])('%s is not served', async (url) => {
  await using pages = await serve()
  const response = await pages.get(url)
  expect([response.status, await response.text()]).toEqual([404, ''])
})

test('a query changes nothing about which file it is', async () => {
  await using pages = await serve()
  const asked = await Promise.all([
    pages.get(`${popoverUrl}?file=../secret.html`),
    pages.get(`${origin}/missing.html?/index.html`),
  ])
  expect(asked.map(({ status }) => status)).toEqual([200, 404])
})

test('nothing but GET is answered', async () => {
  await using pages = await serve()
  expect((await pages.get(popoverUrl, 'POST')).status).toBe(404)
})

test.each<[string, boolean]>([
  [popoverUrl, true],
  [`${origin}/index.js`, true],
  ['mountbar-app://popover.example.com/index.html', false],
  ['mountbar-app://elsewhere/index.html', false],
  ['https://popover/index.html', false],
  ['file:///index.html', false],
])('%s is our own: %s', (url, isOwn) => {
  expect(isOwnPage(url)).toBe(isOwn)
})

test('the policy lets nothing in but the page’s own files, and no code or markup made of text', () => {
  expect(contentSecurityPolicy.split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'none'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ])
})

test('the page says the same policy of itself', async () => {
  const html = await readFile(join(import.meta.dirname, '../../../src-renderer/index.html'), 'utf8')
  const [, policy] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html) ?? []
  expect(policy).toBe(contentSecurityPolicy)
})

type Asked = Pick<Request, 'url' | 'method'>

interface Pages extends AsyncDisposable {
  get(url: string, method?: string): Promise<Response>
}

/** A built page in a folder, with something beside the folder that nobody may have. */
async function serve(): Promise<Pages> {
  const temp = await makeTempDir('pages')
  const rendererDir = join(temp.dir, 'renderer')
  await mkdir(join(rendererDir, 'inner'), { recursive: true })
  for (const name of ['index.html', 'inner/index.html', '.hidden.html', 'data.bin', '../secret.html'])
    await writeFile(join(rendererDir, name), '<p>page</p>')
  await symlink('../secret.html', join(rendererDir, 'link.html'))
  let handler: ((request: Asked) => Promise<Response>) | undefined
  const protocol = {
    handle: (_scheme: string, answer: (request: Asked) => Promise<Response>) => {
      handler = answer
    },
    unhandle: () => undefined,
  }
  servePages({ protocol } as never, rendererDir)
  return {
    // As Chromium hands it over: parsed, so that plain dots are gone.
    get: async (url, method = 'GET') =>
      (await handler?.({ url: new URL(url).href, method })) ?? new Response(null, { status: 500 }),
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  }
}
