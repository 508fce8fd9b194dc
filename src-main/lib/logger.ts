export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** Facts of one entry. An `Error` is written with its stack and causes. */
export type LogFields = Readonly<Record<string, unknown>>

/** One entry: where (`mount`), what happened (`ready`), and its facts. */
export type LogMethod = (place: string, what: string, fields?: LogFields) => void

export type Logger = Readonly<Record<LogLevel, LogMethod>>
