/** The same as in this workspace's package.json, which a bundle cannot read; a test compares them. */
export const bridgeVersion = '0.1.0'
