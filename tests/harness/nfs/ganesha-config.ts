interface ConfigOptions {
  readonly pluginsDir: string
  readonly port: number
  readonly exportDir: string
  readonly recoveryDir: string
}

/**
 * Clients may reclaim what they had open for as long after a restart as their lease lasts; the server ends that time early once all
 * it remembers have done so. Short, because a client that died with the server never does, and everybody waits for it.
 */
const leaseSeconds = 20

/** NFSv4 only: no rpcbind, no lock manager, no idmapd is asked for. */
export function ganeshaConfig({ pluginsDir, port, exportDir, recoveryDir }: ConfigOptions): string {
  return `
NFS_CORE_PARAM {
  Protocols = 4;
  NFS_Port = ${port};
  Bind_addr = 127.0.0.1;
  Enable_NLM = false;
  Enable_RQUOTA = false;
  Enable_UDP = false;
  Plugins_Dir = "${pluginsDir}";
  # Not every kernel, and no container, lets a server ask for it.
  Allow_Set_Io_Flusher_Fail = true;
}
NFSV4 {
  Minor_Versions = 1, 2;
  Lease_Lifetime = ${leaseSeconds};
  Grace_Period = ${leaseSeconds};
  RecoveryRoot = "${recoveryDir}";
  Only_Numeric_Owners = true;
}
# What tests, and the simulated bucket, change behind the server's back shows at once.
MDCACHE { Dir_Chunk = 0; }
EXPORT {
  Export_Id = 1;
  Path = "${exportDir}";
  Pseudo = "/";
  Access_Type = RW;
  Squash = No_Root_Squash;
  SecType = sys;
  Protocols = 4;
  Transports = TCP;
  Attr_Expiration_Time = 0;
  FSAL { Name = VFS; }
}
LOG { Default_Log_Level = EVENT; }
`
}
