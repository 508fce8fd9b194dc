/** An element with text or elements in it; `undefined` ones are left out. */
export function element(name: string, content: string | readonly (Xml | undefined)[]): Xml {
  const inner =
    typeof content === 'string' ? escape(content) : content.map((child) => child?.text ?? '').join('')
  return { text: `<${name}>${inner}</${name}>` }
}

/** Text that is XML already. */
export interface Xml {
  readonly text: string
}

export function xmlDocument(root: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.text}`
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"\p{Cc}]/gu, (character) => `&#${String(character.codePointAt(0))};`)
}
