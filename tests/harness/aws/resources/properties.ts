/** Properties of a resource as CloudFormation resolved them: nothing is known of their shape. */
export type Properties = Readonly<Record<string, unknown>>

export function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

export function numberOf(properties: Properties, name: string): number | undefined {
  const text = textOf(properties, name)
  return text === undefined ? undefined : Number(text)
}

export function partOf(properties: Properties, name: string): Properties | undefined {
  const value = properties[name]
  return typeof value === 'object' && value !== null ? (value as Properties) : undefined
}

export function textsOf(properties: Properties, name: string): readonly string[] | undefined {
  const value = properties[name]
  return Array.isArray(value) ? value.map(String) : undefined
}

/** CloudFormation's `{Key, Value}` as the tags of S3 Files. */
export function tagsOf(properties: Properties): { readonly key: string; readonly value: string }[] {
  const tags = properties['Tags']
  if (!Array.isArray(tags)) return []
  return (tags as Properties[]).map((tag) => ({
    key: textOf(tag, 'Key') ?? '',
    value: textOf(tag, 'Value') ?? '',
  }))
}
