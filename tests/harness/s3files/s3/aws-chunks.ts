/** Takes the body out of the `aws-chunked` encoding; signatures of chunks and checksums behind them are not looked at. */
export function decodeAwsChunks(encoded: Buffer): Buffer {
  const chunks: Buffer[] = []
  for (let offset = 0; ;) {
    const lineEnd = encoded.indexOf('\r\n', offset)
    if (lineEnd === -1) throw new TypeError('aws-chunked body ends too soon')
    const length = parseInt(encoded.toString('ascii', offset, lineEnd), 16)
    if (length === 0) return Buffer.concat(chunks)
    const start = lineEnd + 2
    chunks.push(encoded.subarray(start, start + length))
    offset = start + length + 2
  }
}
