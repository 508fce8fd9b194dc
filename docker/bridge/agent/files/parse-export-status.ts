import type { ExportStatus } from '../../api/files.ts'

const fields = { S3Key: 'objectUrl', ExportError: 'exportError', FilePath: 'filePath' } as const

/** AWS documents the names of the fields, one a line, but not what stands between name and value. */
const line = /^\s*(\w+)\s*[:=]\s*(.*)$/

/** `text` is the value of `user.s3files.status`. Unknown fields and empty values are left out. */
export function parseExportStatus(text: string): ExportStatus {
  const status: { -readonly [Field in keyof ExportStatus]: ExportStatus[Field] } = {}
  for (const raw of text.replaceAll('\0', '').split(/\r?\n/)) {
    const [, name = '', value = ''] = line.exec(raw) ?? []
    if (isField(name) && value.trim() !== '') status[fields[name]] = unquoted(value.trim())
  }
  return status
}

function isField(name: string): name is keyof typeof fields {
  return Object.hasOwn(fields, name)
}

function unquoted(value: string): string {
  return /^"(.+)"$/.exec(value)?.[1] ?? value
}
