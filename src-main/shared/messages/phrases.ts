export type Arg = string | number | undefined

/** A name or path in quotation marks, or `otherwise` where none is known. */
export function named(arg: Arg, otherwise: string): string {
  return arg === undefined ? otherwise : `“${arg}”`
}

export function given(arg: Arg, otherwise: string): string {
  return arg === undefined ? otherwise : String(arg)
}

export function size(bytes: Arg): string {
  const gibibytes = Number(bytes) / 1024 ** 3
  return gibibytes >= 1 ? `${Math.round(gibibytes * 10) / 10} GiB` : `${String(bytes)} bytes`
}

/** `line 3 of ~/.aws/config`, or as much of it as is known. */
export function placed(path: Arg, line: Arg, otherwise: string): string {
  return line === undefined ? named(path, otherwise) : `line ${line} of ${named(path, otherwise)}`
}

/** Where a mistake is, behind the sentence about it. */
export function at(path: Arg, line: Arg): string {
  if (path === undefined) return line === undefined ? '' : ` (line ${line})`
  return ` (${placed(path, line, '')})`
}

export function because(reason: Arg): string {
  return reason === undefined || reason === '' ? '' : `: ${String(reason).replace(/\.$/, '')}`
}

export function ending(exitCode: Arg, signal: Arg): string {
  if (signal !== undefined) return ` (${signal})`
  return exitCode === undefined ? '' : ` with code ${exitCode}`
}

export function duration(timeoutMs: Arg, otherwise: string): string {
  return timeoutMs === undefined ? otherwise : `${Math.round(Number(timeoutMs) / 100) / 10} seconds`
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`
}
