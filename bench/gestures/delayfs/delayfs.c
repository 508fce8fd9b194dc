/*
 * A pass-through file system that is as far away as a network file system: each operation an NFS client would make a
 * round trip for waits, and is counted. For benchmarks only.
 *
 *   delayfs --root=DIR --counts=FILE --delay-us=N MOUNTPOINT [FUSE options]
 *   delayfs --operations        prints the names of what is counted, in the order of the numbers in FILE
 *
 * FILE holds one unsigned 64-bit number per operation and is mapped into memory: read it at any time.
 *
 * As an NFS client does, the kernel keeps attributes and names for 3 s, gets attributes along with a listing, reads ahead,
 * collects writes and sends them in parallel when a file is closed or synced, and drops its pages of a file that turns out
 * changed when it is opened. Closing files, syncing folders and the times the kernel sends after its own writes cost nothing.
 */
#define FUSE_USE_VERSION 312
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CACHE_SECONDS 3.0

enum operation { GETATTR, READDIR, OPEN, CREATE, READ, WRITE, FSYNC, TRUNCATE, SETATTR,
	RENAME, UNLINK, MKDIR, RMDIR, LINK, READLINK, STATFS, OPERATIONS };

static const char *const operation_names[OPERATIONS] = { "getattr", "readdir", "open", "create", "read", "write",
	"fsync", "truncate", "setattr", "rename", "unlink", "mkdir", "rmdir", "link", "readlink", "statfs" };

static struct {
	char *root;
	char *counts_path;
	long delay_us;
} options;

static int root_fd = -1;
static _Atomic uint64_t *counts;

/*
 * An NFS server sends attributes along with what it answers; libfuse asks for them right after, on the same thread. Such a
 * question has had its trip. After open it comes only when what is known is old, and then with the new handle.
 */
static _Thread_local int attributes_came;
static _Thread_local uint64_t attributes_came_with = UINT64_MAX;

static void travel(enum operation operation)
{
	struct timespec left = { options.delay_us / 1000000, (options.delay_us % 1000000) * 1000 };

	atomic_fetch_add(&counts[operation], 1);
	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

/* FUSE's paths begin with a slash; ours are relative to root_fd. */
static const char *below_root(const char *path)
{
	return path[1] == '\0' ? "." : path + 1;
}

static int result(long returned)
{
	return returned < 0 ? -errno : (int)returned;
}

static int result_with_attributes(long returned)
{
	attributes_came = returned >= 0;
	return result(returned);
}

static void *delay_init(struct fuse_conn_info *connection, struct fuse_config *config)
{
	connection->want |= connection->capable & (FUSE_CAP_WRITEBACK_CACHE | FUSE_CAP_READDIRPLUS | FUSE_CAP_ASYNC_READ);
	connection->want &= ~FUSE_CAP_READDIRPLUS_AUTO;
	connection->max_background = 64;
	connection->congestion_threshold = 64;
	config->entry_timeout = CACHE_SECONDS;
	config->attr_timeout = CACHE_SECONDS;
	config->negative_timeout = CACHE_SECONDS;
	config->auto_cache = 1;
	config->use_ino = 1;
	config->hard_remove = 1;
	config->nullpath_ok = 1;
	return NULL;
}

static int delay_getattr(const char *path, struct stat *attributes, struct fuse_file_info *file)
{
	int is_known = attributes_came || (file != NULL && file->fh == attributes_came_with);

	attributes_came = 0;
	attributes_came_with = UINT64_MAX;
	if (!is_known)
		travel(GETATTR);
	if (file != NULL)
		return result(fstat((int)file->fh, attributes));
	return result(fstatat(root_fd, below_root(path), attributes, AT_SYMLINK_NOFOLLOW));
}

static int delay_opendir(const char *path, struct fuse_file_info *file)
{
	int fd = openat(root_fd, below_root(path), O_RDONLY | O_DIRECTORY);
	DIR *stream;

	if (fd < 0)
		return -errno;
	stream = fdopendir(fd);
	if (stream == NULL) {
		int error = errno;

		close(fd);
		return -error;
	}
	file->fh = (uintptr_t)stream;
	return 0;
}

/*
 * One trip, at the beginning, brings all names and their attributes, as one READDIRPLUS of 1 MiB does for a few thousand of
 * them. Entries need an offset: without one, libfuse asks for each entry's attributes once more.
 */
static int delay_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
	struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
	DIR *stream = (DIR *)(uintptr_t)file->fh;
	struct dirent *entry;

	(void)path;
	(void)flags;
	if (offset == 0) {
		travel(READDIR);
		rewinddir(stream);
	} else {
		seekdir(stream, offset);
	}
	while (errno = 0, (entry = readdir(stream)) != NULL) {
		struct stat attributes;

		if (fstatat(dirfd(stream), entry->d_name, &attributes, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (fill(buffer, entry->d_name, &attributes, entry->d_off, FUSE_FILL_DIR_PLUS) != 0)
			return 0; /* The buffer is full; the kernel comes back for the rest. */
	}
	return -errno;
}

static int delay_releasedir(const char *path, struct fuse_file_info *file)
{
	(void)path;
	closedir((DIR *)(uintptr_t)file->fh);
	return 0;
}

/* The kernel, which collects writes, reads the rest of a page it has only a part of, and appends by itself. */
static int readable_too(int flags)
{
	if ((flags & O_ACCMODE) == O_WRONLY)
		flags = (flags & ~O_ACCMODE) | O_RDWR;
	return flags & ~O_APPEND;
}

static int keep_open(int fd, struct fuse_file_info *file)
{
	if (fd < 0)
		return -errno;
	file->fh = (uint64_t)fd;
	return 0;
}

static int delay_open(const char *path, struct fuse_file_info *file)
{
	int returned;

	travel(OPEN);
	returned = keep_open(openat(root_fd, below_root(path), readable_too(file->flags)), file);
	attributes_came_with = returned == 0 ? file->fh : UINT64_MAX;
	return returned;
}

static int delay_create(const char *path, mode_t mode, struct fuse_file_info *file)
{
	int returned;

	travel(CREATE);
	returned = keep_open(openat(root_fd, below_root(path), readable_too(file->flags) | O_CREAT, mode), file);
	attributes_came = returned == 0;
	return returned;
}

static int delay_read(const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *file)
{
	(void)path;
	travel(READ);
	return result(pread((int)file->fh, buffer, size, offset));
}

static int delay_write(const char *path, const char *buffer, size_t size, off_t offset, struct fuse_file_info *file)
{
	(void)path;
	travel(WRITE);
	return result(pwrite((int)file->fh, buffer, size, offset));
}

static int delay_fsync(const char *path, int data_only, struct fuse_file_info *file)
{
	(void)path;
	travel(FSYNC);
	return result(data_only ? fdatasync((int)file->fh) : fsync((int)file->fh));
}

static int delay_release(const char *path, struct fuse_file_info *file)
{
	(void)path;
	return result(close((int)file->fh));
}

static int delay_truncate(const char *path, off_t size, struct fuse_file_info *file)
{
	int fd, returned;

	travel(TRUNCATE);
	if (file != NULL)
		return result_with_attributes(ftruncate((int)file->fh, size));
	fd = openat(root_fd, below_root(path), O_WRONLY);
	if (fd < 0)
		return -errno;
	returned = result_with_attributes(ftruncate(fd, size));
	close(fd);
	return returned;
}

static int delay_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *file)
{
	/* Without a time of access it is the kernel that follows up its own writes; an NFS server does that for itself. */
	if (times[0].tv_nsec != UTIME_OMIT)
		travel(SETATTR);
	if (file != NULL)
		return result_with_attributes(futimens((int)file->fh, times));
	return result_with_attributes(utimensat(root_fd, below_root(path), times, AT_SYMLINK_NOFOLLOW));
}

static int delay_chmod(const char *path, mode_t mode, struct fuse_file_info *file)
{
	travel(SETATTR);
	return result_with_attributes(file != NULL ? fchmod((int)file->fh, mode) : fchmodat(root_fd, below_root(path), mode, 0));
}

static int delay_chown(const char *path, uid_t user, gid_t group, struct fuse_file_info *file)
{
	travel(SETATTR);
	if (file != NULL)
		return result_with_attributes(fchown((int)file->fh, user, group));
	return result_with_attributes(fchownat(root_fd, below_root(path), user, group, AT_SYMLINK_NOFOLLOW));
}

static int delay_rename(const char *from, const char *to, unsigned int flags)
{
	travel(RENAME);
	return result(syscall(SYS_renameat2, root_fd, below_root(from), root_fd, below_root(to), flags));
}

static int delay_unlink(const char *path)
{
	travel(UNLINK);
	return result(unlinkat(root_fd, below_root(path), 0));
}

static int delay_mkdir(const char *path, mode_t mode)
{
	travel(MKDIR);
	return result_with_attributes(mkdirat(root_fd, below_root(path), mode));
}

static int delay_rmdir(const char *path)
{
	travel(RMDIR);
	return result(unlinkat(root_fd, below_root(path), AT_REMOVEDIR));
}

static int delay_link(const char *from, const char *to)
{
	travel(LINK);
	return result_with_attributes(linkat(root_fd, below_root(from), root_fd, below_root(to), 0));
}

static int delay_readlink(const char *path, char *buffer, size_t size)
{
	ssize_t length;

	travel(READLINK);
	length = readlinkat(root_fd, below_root(path), buffer, size - 1);
	if (length < 0)
		return -errno;
	buffer[length] = '\0';
	return 0;
}

static int delay_statfs(const char *path, struct statvfs *space)
{
	(void)path;
	travel(STATFS);
	return result(fstatvfs(root_fd, space));
}

static const struct fuse_operations operations = {
	.init = delay_init,
	.getattr = delay_getattr,
	.opendir = delay_opendir,
	.readdir = delay_readdir,
	.releasedir = delay_releasedir,
	.open = delay_open,
	.create = delay_create,
	.read = delay_read,
	.write = delay_write,
	.fsync = delay_fsync,
	.release = delay_release,
	.truncate = delay_truncate,
	.utimens = delay_utimens,
	.chmod = delay_chmod,
	.chown = delay_chown,
	.rename = delay_rename,
	.unlink = delay_unlink,
	.mkdir = delay_mkdir,
	.rmdir = delay_rmdir,
	.link = delay_link,
	.readlink = delay_readlink,
	.statfs = delay_statfs,
};

static const struct fuse_opt option_table[] = {
	{ "--root=%s", offsetof(__typeof__(options), root), 0 },
	{ "--counts=%s", offsetof(__typeof__(options), counts_path), 0 },
	{ "--delay-us=%ld", offsetof(__typeof__(options), delay_us), 0 },
	FUSE_OPT_END,
};

static _Atomic uint64_t *map_counts(const char *path)
{
	size_t bytes = OPERATIONS * sizeof(uint64_t);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	void *mapped;

	if (fd < 0 || ftruncate(fd, (off_t)bytes) < 0)
		return NULL;
	mapped = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return mapped == MAP_FAILED ? NULL : mapped;
}

int main(int argc, char *argv[])
{
	struct fuse_args args = FUSE_ARGS_INIT(argc, argv);
	int status;

	if (argc == 2 && strcmp(argv[1], "--operations") == 0) {
		for (int operation = 0; operation < OPERATIONS; operation++)
			puts(operation_names[operation]);
		return 0;
	}
	if (fuse_opt_parse(&args, &options, option_table, NULL) < 0)
		return 2;
	if (options.root == NULL || options.counts_path == NULL) {
		fputs("delayfs: --root and --counts are needed\n", stderr);
		return 2;
	}
	root_fd = open(options.root, O_PATH | O_DIRECTORY);
	counts = map_counts(options.counts_path);
	if (root_fd < 0 || counts == NULL) {
		perror("delayfs");
		return 1;
	}
	/* Modes as the servers ask for them. */
	umask(0);
	status = fuse_main(args.argc, args.argv, &operations, NULL);
	fuse_opt_free_args(&args);
	return status;
}
