/** AWS's query protocol: forms in, XML out. */

export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** An element; nothing for what is not there. */
export function tag(name: string, value: string | undefined): string {
  return value === undefined ? '' : `<${name}>${escapeXml(value)}</${name}>`
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** `Parameters.member.1.ParameterKey=…` as objects in their order; members that are plain values have the name ''. */
export function listOf(input: URLSearchParams, name: string): readonly Readonly<Record<string, string>>[] {
  const found: Record<string, string>[] = []
  for (const [key, value] of input) {
    const [, index, field = ''] = new RegExp(`^${name}\\.member\\.(\\d+)(?:\\.(.+))?$`).exec(key) ?? []
    if (index === undefined) continue
    const position = Number(index) - 1
    found[position] = { ...found[position], [field]: value }
  }
  return found
}
