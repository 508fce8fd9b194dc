import type { BridgeErrorCode } from '../api/errors.ts'
import type { TunnelStart } from '../api/start.ts'

/** What one line of a tunnel's log means. `undefined` parts: nothing of the kind. */
export interface LogMeaning {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** Why it does not get through. */
  readonly error?: BridgeErrorCode
  /** It has reached the server, or has just carried something there. */
  readonly isConnected?: true
  /** It uses the identity that was last written. */
  readonly hasReloaded?: true
  /** Not worth a line in anybody's log. */
  readonly isNoise?: true
}

export interface TunnelFiles {
  readonly configPath: string
  readonly certificatePath: string
  readonly privateKeyPath: string
  readonly caPath: string
  readonly pidPath: string
}

/** A program that listens for the kernel's NFS client and carries its bytes through TLS. */
export interface TunnelProgram {
  readonly name: 'efs-proxy' | 'stunnel'
  readonly program: string
  /** Trusted where the start line names nobody else. */
  readonly defaultCaPath: string
  /** Whether it says when it has reloaded its files. */
  readonly tellsReload: boolean
  args(configPath: string): readonly string[]
  config(start: TunnelStart, files: TunnelFiles, listenPort: number): string
  read(line: string): LogMeaning
}
