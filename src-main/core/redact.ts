const mask = '***'

/** Each shape of a secret, and what stays of it. Order matters: whole blocks before what may stand in them. */
const rules: readonly (readonly [RegExp, string])[] = [
  // Certificates may be shown, but telling them from keys by their label is not worth the risk. A log line has `\n` escaped.
  [/-----BEGIN ([A-Z0-9 ]+)-----.*?(?:-----END \1-----|$)/gs, `-----BEGIN $1----- ${mask}`],
  [/\b(bearer|basic)(\s+)[\w.~+/-]{8,}=*/gi, `$1$2${mask}`],
  // key=value, "key":"value", key: value, in the spellings of AWS's SDKs, its CLI and its signed URLs.
  [
    /((?:aws_?)?(?:secret_?access_?key|session_?token|security-token)["']?\s*[:=]\s*["']?)[\w+/=%-]{8,}/gi,
    `$1${mask}`,
  ],
  [
    /((?:access_?token|refresh_?token|client_?secret|path_?secret|token_?value|device_?code|code_?verifier|password)["']?\s*[:=]\s*["']?)[\w.~+/=%-]{8,}/gi,
    `$1${mask}`,
  ],
  [/(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"']+/gi, `$1${mask}`],
  [/\b(A[KS]IA)[A-Z0-9]{16}\b/g, `$1${mask}`],
  // As a proxy's address has it.
  [/(:\/\/[^\s/:@"']*):[^\s/@"']+@/g, `$1:${mask}@`],
  // A front's path segment: who knows it can read the drive's files.
  [/\/[0-9a-f]{32}(?=[/?#\s"'\\)]|$)/g, `/${mask}`],
]

/** `text` with every known shape of a secret replaced; keys and structure stay readable. */
export function redact(text: string): string {
  return rules.reduce((current, [pattern, replacement]) => current.replace(pattern, replacement), text)
}
