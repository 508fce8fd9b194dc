/** An error as S3 answers it; `code` is what the SDK turns into the error's name. */
export class S3Error extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, headers: Readonly<Record<string, string>> = {}) {
    super(code)
    this.name = 'S3Error'
    this.status = status
    this.code = code
    this.headers = headers
  }
}
