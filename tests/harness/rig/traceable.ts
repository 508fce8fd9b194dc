/** The forms in which `secret` may turn up: as it is, encoded for a URL, and inside of something that is Base64. */
export function traceable(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), ...[0, 1, 2].map((offset) => insideBase64(secret, offset))]
}

/** What of it does not depend on its neighbours, when it begins at `offset` of a group of three bytes. */
function insideBase64(secret: string, offset: number): string {
  const encoded = Buffer.from(' '.repeat(offset) + secret)
    .toString('base64')
    .replaceAll('=', '')
  return encoded.slice(offset === 0 ? 0 : 4, -4)
}
