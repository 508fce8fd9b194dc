import { inspect } from 'node:util'

import type { Clock } from './clock.ts'

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** Facts of one entry. An `Error` is written with its stack and causes. */
export type LogFields = Readonly<Record<string, unknown>>

/** One entry: where (`mount`), what happened (`ready`), and its facts. */
export type LogMethod = (place: string, what: string, fields?: LogFields) => void

export type Logger = Readonly<Record<LogLevel, LogMethod>>

/** Takes one entry: a line without its newline. */
export type LogSink = (line: string) => void

export interface LoggerOptions {
  readonly sink: LogSink
  /** Entries below it are dropped. */
  readonly level: LogLevel
  readonly format: 'json' | 'text'
  /** Applied to the whole line, so that no field, message or stack gets past it. */
  readonly redact: (line: string) => string
  readonly clock: Clock
}

/** A logger that writes one redacted line per entry into `sink`. */
export function createLogger({ sink, level, format, redact, clock }: LoggerOptions): Logger {
  const lowest = logLevels.indexOf(level)
  const render = format === 'json' ? renderJson : renderText
  const method = (own: LogLevel): LogMethod =>
    logLevels.indexOf(own) < lowest
      ? () => undefined
      : (place, what, fields = {}) =>
          sink(redact(render({ time: new Date(clock.now()).toISOString(), level: own, place, what, fields })))
  return { debug: method('debug'), info: method('info'), warn: method('warn'), error: method('error') }
}

/** For callers that have nobody to read a log. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

interface Entry {
  readonly time: string
  readonly level: LogLevel
  readonly place: string
  readonly what: string
  readonly fields: LogFields
}

function renderJson({ fields, ...head }: Entry): string {
  return JSON.stringify({ ...head, ...mapValues(fields, (value) => toJson(value)) })
}

function renderText({ time, level, place, what, fields }: Entry): string {
  const facts = Object.entries(fields).map(([key, value]) => ` ${key}=${toText(value)}`)
  return `${time} ${level.padEnd(5)} ${place}: ${what}${facts.join('')}`
}

/** JSON has no errors, big integers or cycles; `inspect` writes what it cannot. */
function toJson(value: unknown): unknown {
  if (value instanceof Error) return inspect(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
  try {
    return JSON.parse(JSON.stringify(value)) as unknown
  } catch {
    return inspect(value)
  }
}

/** JSON strings keep a value on one line, an error's stack included. */
function toText(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value)
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : JSON.stringify(inspect(value, { breakLength: Infinity }))
}

function mapValues(fields: LogFields, change: (value: unknown) => unknown): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, change(value)]))
}
