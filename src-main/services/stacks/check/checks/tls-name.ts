import { passed, untried, type DriveCheck } from '../drive-check.ts'
import { probeTls } from '../network-probes.ts'

const timeoutMs = 10_000

/** That the server at the other end is the file system's, by a certificate that Amazon signed. */
export const tlsName: DriveCheck = {
  id: 'tls-name',
  title: 'The server’s certificate',
  applicable: () => true,
  check: async (facts, signal) => {
    const { tlsName: name, caPem } = facts.drive
    const found = await probeTls(await facts.route(), { tlsName: name, caPem }, timeoutMs, signal)
    return found.kind === 'right'
      ? passed(`made out to ${name}`)
      : untried('the server asks for ours first; mounting shows it')
  },
}
