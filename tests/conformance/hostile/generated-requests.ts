import fc from 'fast-check'

import type { RawRequest } from '../../harness/dav-client.ts'

/** Few names, so that requests meet each other: the same file is written, moved, locked and deleted. */
const plainName = fc.constantFrom('a', 'b', 'c', 'dir', 'dir', '._a', '.DS_Store', '%C3%A9', 'e%CC%81')
const oddName = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    '%2e%2e',
    '..%2f',
    '%00',
    '%',
    '%zz',
    '%ff',
    '*',
    '?q',
    '#f',
    'x'.repeat(300),
  ),
  fc.constantFrom(
    'link-to-directory',
    'link-to-parent',
    'link-to-file',
    'link-relative',
    'link-to-nothing-yet',
  ),
  fc.string({ maxLength: 20, unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.string({ maxLength: 12 }),
)
const path = fc
  .array(fc.oneof({ weight: 6, arbitrary: plainName }, { weight: 1, arbitrary: oddName }), { maxLength: 3 })
  .map((names) => names.join('/'))

const lockInfo = (scope: string) =>
  `<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:${scope}/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>`

/** Every method with bodies it takes. */
const properBodies: Readonly<Record<string, readonly string[]>> = {
  OPTIONS: [''],
  GET: [''],
  HEAD: [''],
  PUT: ['', 'content', 'x'.repeat(5_000)],
  DELETE: [''],
  MKCOL: [''],
  MOVE: [''],
  COPY: [''],
  UNLOCK: [''],
  LOCK: ['', lockInfo('exclusive'), lockInfo('shared')],
  PROPFIND: [
    '',
    '<D:propfind xmlns:D="DAV:"><D:propname/></D:propfind>',
    '<D:propfind xmlns:D="DAV:"><D:prop><D:getetag/><D:lockdiscovery/><x xmlns="urn:x"/></D:prop></D:propfind>',
  ],
  PROPPATCH: [
    '<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><x xmlns="urn:x">1</x></D:prop></D:set></D:propertyupdate>',
    '<D:propertyupdate xmlns:D="DAV:"><D:remove><D:prop><x xmlns="urn:x"/></D:prop></D:remove></D:propertyupdate>',
  ],
}
const properRequest = fc
  .constantFrom(...Object.keys(properBodies))
  .chain((method) =>
    fc.record({ method: fc.constant(method), body: fc.constantFrom(...properBodies[method]!) }),
  )

const xmlPiece = fc.constantFrom(
  ...[
    '<D:propfind xmlns:D="DAV:">',
    '</D:propfind>',
    '<D:prop>',
    '</D:prop>',
    '<D:allprop/>',
    '<D:getetag/>',
  ],
  ...['<x xmlns="urn:x">', '</x>', '<D:propertyupdate xmlns:D="DAV:">', '</D:propertyupdate>', '<D:set>'],
  ...['</D:set>', '&amp;', '&x;', '<!DOCTYPE x>', '<![CDATA[x]]>', '<!-- -->', '<?xml version="1.0"?>', '\0'],
)
const oddRequest = fc.record({
  method: fc.constantFrom(...Object.keys(properBodies), 'POST', 'PATCH', 'TRACE', 'SEARCH', 'put', 'G@T', ''),
  body: fc.oneof(
    fc.constantFrom(...Object.values(properBodies).flat()),
    fc.array(xmlPiece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.string({ maxLength: 200 }),
  ),
})

const headerNames = [
  ...['Depth', 'Overwrite', 'If', 'If-Match', 'If-None-Match', 'If-Modified-Since', 'If-Unmodified-Since'],
  ...['If-Range', 'Range', 'Content-Range', 'Timeout', 'Lock-Token', 'Expect', 'X-Expected-Entity-Length'],
  ...[
    'Content-Type',
    'Content-Encoding',
    'Accept-Encoding',
    'Origin',
    'Sec-Fetch-Site',
    'Host',
    'Destination',
  ],
]
const headerValues = [
  ...[
    '',
    '0',
    '1',
    '-1',
    '*',
    'T',
    'F',
    'infinity',
    '"x"',
    'W/"x"',
    '(<urn:x>)',
    '(Not <urn:x>)',
    'bytes=0-',
  ],
  ...['bytes=-5', 'bytes=1-0,2-3', 'bytes 0-1/2', 'Second-1', 'Infinite', 'gzip', '100-continue', 'chunked'],
  ...['Mon, 01 Jan 2001 00:00:00 GMT', '(<DAV:no-lock>)', '</a> (["x"])'],
]
const oddHeader = fc.tuple(
  fc.constantFrom(...headerNames),
  fc.oneof(fc.constantFrom(...headerValues), fc.string({ maxLength: 40 })),
)

const generated = fc.record({
  request: fc.oneof({ weight: 4, arbitrary: properRequest }, { weight: 1, arbitrary: oddRequest }),
  path,
  destination: path,
  depth: fc.constantFrom('0', '1', 'infinity'),
  oddHeaders: fc.oneof(
    { weight: 2, arbitrary: fc.constant<[string, string][]>([]) },
    { weight: 1, arbitrary: fc.array(oddHeader, { maxLength: 4 }) },
  ),
  userAgent: fc.constantFrom('fuzz', 'WebDAVFS/3.0.0 (03008000) Darwin/24.6.0 (arm64)', 'WebDAVLib/1.3'),
  /** One in twenty does not know the secret. */
  knowsSecret: fc.nat(19).map((roll) => roll > 0),
})

/** `count` requests, most of them nearly right: only those get past the first check. The same `seed` gives the same ones. */
export function generateRequests(
  front: { readonly port: number; readonly basePath: string; readonly url: string },
  { seed, count }: { readonly seed: number; readonly count: number },
): readonly RawRequest[] {
  return fc.sample(generated, { seed, numRuns: count }).map((one) => ({
    method: one.request.method,
    target: inOneLine((one.knowsSecret ? front.basePath : '/') + one.path),
    port: front.port,
    headers: [
      ['User-Agent', one.userAgent],
      ['Depth', one.depth],
      ['Destination', inOneLine(front.url + one.destination)],
      ...one.oddHeaders.map(([name, value]) => [name, inOneLine(value)] as const),
    ],
    ...(one.request.body === '' ? {} : { body: one.request.body }),
  }))
}

/** A line break would begin another header, and a character above Latin-1 is no byte. */
function inOneLine(text: string): string {
  return text.replace(/[\r\n]|[^\0-\u00ff]/g, '?')
}
