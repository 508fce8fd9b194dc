/** Tells the address that connections from here seem to come from, as `203.0.113.7`. @throws AppError `public-address-unknown` */
export type PublicAddress = (signal: AbortSignal) => Promise<string>
