import { readFile } from 'node:fs/promises'

const listenState = '0A'

/**
 * Whether anything listens on `port` in this network. Read from the kernel's table: a trial connection would make the tunnel
 * open one of its own, and one that is in use drops newcomers.
 */
export async function isListening(port: number): Promise<boolean> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readTable))
  return tables.some((table) => hasListener(table, port))
}

/** `table` is the text of /proc/net/tcp. */
export function hasListener(table: string, port: number): boolean {
  const portHex = port.toString(16).toUpperCase().padStart(4, '0')
  return table.split('\n').some((line) => {
    const [, local, , state] = line.trim().split(/\s+/)
    return state === listenState && local?.endsWith(`:${portHex}`) === true
  })
}

/** Empty where there is no IPv6. */
async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return ''
  }
}
