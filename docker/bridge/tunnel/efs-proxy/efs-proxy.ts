import type { TunnelProgram } from '../tunnel-program.ts'
import { efsProxyConfig } from './config.ts'
import { readEfsProxyLine } from './log-lines.ts'

/** AWS's own program, run the way its mount helper would, less the helper. */
export const efsProxy: TunnelProgram = {
  name: 'efs-proxy',
  program: 'efs-proxy',
  // Amazon's four roots, from the same package.
  defaultCaPath: '/etc/amazon/efs/efs-utils.crt',
  tellsReload: false,
  // Reads go through the mount target: without the second option it asks S3 itself, for which it would need credentials.
  args: (configPath) => [configPath, '--tls', '--no-direct-s3-read'],
  config: efsProxyConfig,
  read: readEfsProxyLine,
}
