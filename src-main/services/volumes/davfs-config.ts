/**
 * davfs2's options for a server on the same machine that does the caching itself: written files go out at once, locks are
 * used, nothing is asked, and a front that is restarted is found again within seconds. See davfs2.conf(5) for each.
 * The cache folder stays the package's own: the daemon runs as the user `davfs2`, who cannot enter a folder of ours.
 */
const options = {
  ask_auth: 0,
  use_locks: 1,
  n_cookies: 0,
  delay_upload: 0,
  gui_optimize: 0,
  // Seconds that attributes are believed; as long as the front believes its own.
  dir_refresh: 5,
  file_refresh: 1,
  // MiB for files read; open files may take more.
  cache_size: 64,
  table_size: 4096,
  // KiB; some kernels offer FUSE larger messages than the default of 16 takes.
  buf_size: 1024,
  // Seconds. The front holds a request for up to 60 before it gives up on its backend.
  connect_timeout: 10,
  read_timeout: 90,
  retry: 1,
  max_retry: 5,
}

export const davfsConfig = Object.entries(options)
  .map(([name, value]) => `${name} ${value}\n`)
  .join('')
