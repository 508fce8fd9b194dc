/** The pages of a local Identity Center: plain forms with two buttons, as a person and a browser would find them. */
export function decisionPage(
  title: string,
  action: string,
  fields: Readonly<Record<string, string>>,
): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`,
  )
  return page(
    title,
    `<form method="post" action="${action}">${inputs.join('')}
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button></form>`,
  )
}

export function page(title: string, body = ''): string {
  return `<!doctype html><title>${escape(title)}</title><h1>${escape(title)}</h1>${body}`
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
