/** The Mac, as containers of every engine for it call it: Docker Desktop, OrbStack, Colima, Rancher Desktop, Podman. */
const hostOfContainers = 'host.docker.internal'

const loopbackNames: readonly string[] = ['127.0.0.1', 'localhost']

/**
 * Where a bridge's tunnel connects to for what this machine calls `server`: a port that is forwarded here, by us or by somebody's own SSH, say. It
 * listens on the loopback only, which containers reach where their engine runs in a VM and hands such connections to the host's loopback. Of an
 * engine that runs on this very machine they cannot: there a direct way is needed.
 */
export function seenFromContainers({ host, port }: { readonly host: string; readonly port: number }): {
  readonly host: string
  readonly port: number
} {
  return { host: loopbackNames.includes(host) ? hostOfContainers : host, port }
}
