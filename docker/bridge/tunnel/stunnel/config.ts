import type { TunnelStart } from '../../api/start.ts'
import type { TunnelFiles } from '../tunnel-program.ts'

/** The text of stunnel's configuration: the same connection that efs-proxy would make. */
export function stunnelConfig(
  { connect, tlsName }: TunnelStart,
  files: TunnelFiles,
  listenPort: number,
): string {
  return `foreground = yes
pid =
debug = info
socket = l:TCP_NODELAY=1
socket = r:TCP_NODELAY=1

[nfs]
client = yes
accept = 127.0.0.1:${listenPort}
connect = ${connect.host}:${connect.port}
cert = ${files.certificatePath}
key = ${files.privateKeyPath}
CAfile = ${files.caPath}
verifyChain = yes
checkHost = ${tlsName}
sni = ${tlsName}
TIMEOUTconnect = 10
`
}
