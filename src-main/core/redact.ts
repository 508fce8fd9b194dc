/** `text` with every known shape of a secret replaced; keys and structure stay readable. */
export declare function redact(text: string): string
