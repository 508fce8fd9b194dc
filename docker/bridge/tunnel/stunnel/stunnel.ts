import type { TunnelProgram } from '../tunnel-program.ts'
import { stunnelConfig } from './config.ts'
import { readStunnelLine } from './log-lines.ts'

/** Stands in for efs-proxy where Amazon's packages cannot be had: tests on Debian. */
export const stunnel: TunnelProgram = {
  name: 'stunnel',
  program: 'stunnel',
  defaultCaPath: '/etc/ssl/certs/ca-certificates.crt',
  tellsReload: true,
  args: (configPath) => [configPath],
  config: stunnelConfig,
  read: readStunnelLine,
}
