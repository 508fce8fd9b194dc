/**
 * The numbers of macOS's WebDAV client. `webdavfs-403: X:line` names the place in Apple's public source
 * (github.com/apple-oss-distributions/webdavfs): N webdav_network.c, F webdav_file.c, C webdav_cache.c, CH webdav_cache.h,
 * Q webdav_requestqueue.c, P webdav_parse.c, D webdavd.h, V webdav_vnops.c, VF webdav_vfsops.c, H webdav.h, A webdav_agent.c.
 */

/** Request threads for the whole volume (webdavfs-403: D:71, Q:819). */
export const workerThreads = 5
/** Calls the kext lets wait for a thread (webdavfs-403: H:624). */
export const maxQueuedCalls = 128
/** Keep-alive streams, tagged per slot (webdavfs-403: N:93, 1421-1443). */
export const pooledStreams = 6
/** How often a call's budget of 10 s is waited for: 9 × 10 s (webdavfs-403: V:392-400, H:771,777). */
export const callBudgetMs = 90_000
/** What the mount costs when the server answers quota, since macOS 15.4 (webdavfs-403: VF:638-660; xnu vfs_syscalls.c). */
export const quotaMountHangMs = 90_000
/** After "other" stream errors the kext asks again this often until the server is up (webdavfs-403: V:421-441). */
export const unavailableRetryMs = 2_000
/** Pauses before the recovery `OPTIONS`; the last one repeats (webdavfs-403: N:3009-3063). */
export const pingDelaysMs = [0, 1_000, 2_000, 4_000, 8_000, 12_000] as const

/** Attributes are believed this long (webdavfs-403: CH:136, C:254-268). */
export const attributesValidMs = 60_000
/** A cached copy is opened without asking this long (webdavfs-403: CH:137, N:3394-3400). */
export const contentValidMs = 60_000
/** The directory's mtime is looked at this often for its negative names (webdavfs-403: V:1052-1072, H:785). */
export const negativeCheckMs = 10_000
/** A file created this recently is opened for writing without a GET (webdavfs-403: F:281-315, CH:139). */
export const freshlyCreatedMs = 1_000
/** statfs: the agent asks the server at most this often (webdavfs-403: F:51). */
export const statfsValidMs = 60_000

/** open(2) returns once this much of a file is there: a page on Apple silicon (webdavfs-403: N:1567-1590). */
export const firstPageBytes = 16 * 1024
/** A read further than this ahead of the download gets its own Range request (webdavfs-403: V:64, 2129-2140). */
export const readAheadBytes = 32 * 1024
/** The largest such request (webdavfs-403: H:754). */
export const maxRangeBytes = 19_700_000

/** Open files have their lock refreshed this often (webdavfs-403: Q:555-557). */
export const lockRefreshMs = 300_000

/** A sequential upload moves in steps of this size (webdavfs-403: F:1393-1407) … */
export const sequentialStepBytes = 64 * 1024
/** … each of which must drain in this time (webdavfs-403: D:99), … */
export const sequentialDrainMs = 30_000
/** … and its manager thread must start in this (webdavfs-403: D:100, N:4052-4065). */
export const managerStartMs = 5_000
/** Chunks seen on the wire from macOS 14.4: 4 MiB as 512 chunks (capture in nextcloud/all-in-one#4582). */
export const sequentialChunkBytes = 8 * 1024

/** Longer names are skipped (webdavfs-403: P:1470, 1517-1523), longer paths not sent (webdav_parse.h:62). */
export const maxNameBytes = 255
export const maxUriBytes = 3 * 1024 + 1
/** Redirects followed by PROPFIND and OPTIONS (webdavfs-403: N:2819, webdav_network.h:31). */
export const maxRedirects = 5
/** Cookies kept (webdavfs-403: webdav_cookie.c:93). */
export const maxCookies = 10

/** Apple's loop on ESTALE has no end; ours has, and says so. */
export const maxRestarts = 8
