export interface SystemProxy {
  readonly httpEnabled: boolean
  /** `host:port`. */
  readonly httpProxy: string | undefined
  readonly exceptions: readonly string[]
}

/**
 * Reads what `scutil --proxy` prints: a dictionary with lines `  HTTPEnable : 1`, and the exceptions as an array of
 * numbered lines.
 */
export function parseScutilProxy(output: string): SystemProxy {
  const values = new Map<string, string>()
  const exceptions: string[] = []
  let isInExceptions = false
  for (const line of output.split('\n')) {
    const [, key, value] = /^\s*(\S+) : (.*)$/.exec(line) ?? []
    if (key === undefined || value === undefined) {
      if (/^\s*\}/.test(line)) isInExceptions = false
      continue
    }
    if (value.startsWith('<array>')) isInExceptions = key === 'ExceptionsList'
    else if (isInExceptions) exceptions.push(value.trim())
    else values.set(key, value.trim())
  }
  const host = values.get('HTTPProxy')
  return {
    httpEnabled: values.get('HTTPEnable') === '1',
    httpProxy: host === undefined ? undefined : `${host}:${values.get('HTTPPort') ?? '80'}`,
    exceptions,
  }
}
