import { createHash, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

const modulusBits = 3072

/** The RSA key of a tunnel identity. Making one is slow, so a drive keeps its key for as long as it is mounted. */
export interface TunnelKey {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Takes 100 ms to seconds of one of Node's worker threads, none of the event loop. The key is in memory only. */
export async function generateTunnelKey(): Promise<TunnelKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusBits })
  return tunnelKeyFrom(privateKey)
}

/** @param privateKey any RSA key; AWS's client uses 3072 bits. */
export function tunnelKeyFrom(privateKey: KeyObject): TunnelKey {
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

/** SHA-1 of the bits of the public key alone, without their ASN.1 wrapper: the X.509 subject key identifier, and what is signed. */
export function publicKeyHash(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'pkcs1', format: 'der' }))
    .digest()
}
