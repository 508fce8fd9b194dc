/** As macOS's own WebDAV client names itself; every server is measured with it. */
export const macosUserAgent = 'WebDAVFS/3.0.0 (03008000) Darwin/24.6.0 (arm64)'

/** A client by the book, which our front answers in its standard manner. */
export const standardUserAgent = 'davfs2/1.6.1 neon/0.32.5'
