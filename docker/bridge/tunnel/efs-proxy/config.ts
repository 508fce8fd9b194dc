import type { TunnelStart } from '../../api/start.ts'
import type { TunnelFiles } from '../tunnel-program.ts'

/**
 * How long it may take to connect. TLS errors are held back for up to 30 s, so that a shorter limit would turn each of them into a
 * timeout.
 */
const connectTimeoutSec = 60

/** The text of efs-proxy's configuration, with the same keys as AWS's mount helper writes. */
export function efsProxyConfig(
  { connect, tlsName, fileSystemId, region }: TunnelStart,
  files: TunnelFiles,
  listenPort: number,
): string {
  return `fips = no
debug = info
log_format = stdout
pid = ${files.pidPath}

[efs]
accept = 127.0.0.1:${listenPort}
connect = ${hostAndPort(connect)}
cert = ${files.certificatePath}
key = ${files.privateKeyPath}
CAfile = ${files.caPath}
checkHost = ${tlsName}
retry_nfs_mount_command_timeout_sec = ${connectTimeoutSec}
proxy_logging_level = INFO
fs_id = ${fileSystemId}
region = ${region}
cloud_watch_metrics = false
cloud_watch_logs = false
`
}

/** IPv6 addresses are told from their port by brackets. */
export function hostAndPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
