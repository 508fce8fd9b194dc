import type { AwsReply } from './service.ts'

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): AwsReply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) }
}

export function html(status: number, body: string): AwsReply {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body }
}
