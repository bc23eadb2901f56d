#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

#ifndef SYS_get_compression_stats
#define SYS_get_compression_stats 463
#endif
#ifndef SYS_reset_compression_stats
#define SYS_reset_compression_stats 464
#endif

static int *turn;
static long programs[64], links[64];
static int maps[64];
static unsigned long long sum[2];
static char scratch[4096];
static char *btf;
static long btf_size;

static __attribute__((unused)) long returned(long result)
{
	return result == -1 ? -errno : result;
}

/* Descriptors of programs and links are whatever they are: seen is 0 where one came back. */
static __attribute__((unused)) void result(const char *what, long got, long seen)
{
	printf("%-70s got %ld%s\n", what, got, got == seen || (seen == 0 && got > 0) ? "" : "   (not what was seen)");
	fflush(stdout);
}

static __attribute__((unused)) void sums(void)
{
	printf("    written %llu, after %llu\n", sum[0], sum[1]);
	fflush(stdout);
}

/* Tasks take turns, in the order in which the calls returned. */
static __attribute__((unused)) void await_turn(int number)
{
	while (__atomic_load_n(turn, __ATOMIC_ACQUIRE) != number)
		sched_yield();
}

static __attribute__((unused)) void done(void)
{
	__atomic_add_fetch(turn, 1, __ATOMIC_RELEASE);
}

/* An address at which nothing can be read or written. */
static __attribute__((unused)) void *bad(void)
{
	return mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static __attribute__((unused)) void *bytes(unsigned long length, const void *from, unsigned long have)
{
	char *to = calloc(1, length ? length : 1);

	for (unsigned long at = 0; have && at < length; at += have)
		memcpy(to + at, from, length - at < have ? length - at : have);
	return to;
}

/* Memory that ends behind so many bytes. */
static __attribute__((unused)) void *edge(unsigned long length, const void *from)
{
	unsigned long whole = (length + 4095) & ~4095UL;
	char *at = mmap(NULL, whole + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(at + whole, 4096, PROT_NONE);
	if (from)
		memcpy(at + whole - length, from, length);
	return at + whole - length;
}

static __attribute__((unused)) void place(const char *path, const void *content, unsigned long length, int mode, int uid, int gid)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);

	while (length > 0) {
		ssize_t n = write(fd, content, length);
		if (n <= 0)
			break;
		content = (const char *)content + n;
		length -= n;
	}
	fchown(fd, uid, gid);
	fchmod(fd, mode);
	close(fd);
}

static __attribute__((unused)) void enter(int uid, int gid, int mask, const char *folder)
{
	setresgid(gid, gid, gid);
	setresuid(uid, uid, uid);
	umask(mask);
	chdir(folder);
	for (int fd = 0; fd < 64; fd++)
		if (fd != 1)
			close(fd);
	/* Output goes on under a number that no task gets to. */
	dup2(1, 900);
	close(1);
	stdout = fdopen(900, "w");
}

/* A fresh root file system, and the kernel's types from before it. */
static __attribute__((unused)) void prepare(const char *options)
{
	struct stat st;
	int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY);

	if (fd >= 0 && fstat(fd, &st) == 0) {
		btf = malloc(st.st_size);
		while (btf_size < st.st_size) {
			ssize_t n = read(fd, btf + btf_size, st.st_size - btf_size);
			if (n <= 0)
				break;
			btf_size += n;
		}
		close(fd);
	}
	turn = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unshare(CLONE_NEWNS);
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (mount("tmpfs", "/mnt", "tmpfs", 0, options) || chroot("/mnt") || chdir("/"))
		perror("a fresh root file system in /mnt");
	chmod("/", 0755);
	mkdir("/dev", 0755);
	mkdir("/tmp", 01777);
	chmod("/tmp", 01777);
	mknod("/dev/null", S_IFCHR | 0666, makedev(1, 3));
	mknod("/dev/zero", S_IFCHR | 0666, makedev(1, 5));
	mknod("/dev/full", S_IFCHR | 0666, makedev(1, 7));
}

/* The BTF id of a function: types stand one behind the other, those of some kinds with more words behind them. */
static __attribute__((unused)) int function_id(const char *name)
{
	unsigned int *head = (unsigned int *)btf;
	static const int each[20] = {[1] = 4, [3] = 12, [14] = 4, [17] = 4};

	if (!name || !btf)
		return 0;
	char *types = btf + head[1] + head[2], *end = types + head[3], *strings = btf + head[1] + head[4];
	for (int id = 1; types < end; id++) {
		unsigned int *type = (unsigned int *)types;
		int kind = type[1] >> 24 & 31, count = type[1] & 0xffff;

		if (kind == 12 && strcmp(strings + type[0], name) == 0)
			return id;
		types += 12 + (kind < 20 ? each[kind] : 0);
		if (kind == 4 || kind == 5 || kind == 15 || kind == 19)
			types += 12 * count;
		else if (kind == 6 || kind == 13)
			types += 8 * count;
	}
	return 0;
}

/* union bpf_attr, as far as it is needed. */
static __attribute__((unused)) long bpf(int command, void *attributes, unsigned int size)
{
	return returned(syscall(SYS_bpf, command, attributes, size));
}

static __attribute__((unused)) int map_create(int type, int key, int value, int entries)
{
	unsigned int attr[32] = {type, key, value, entries};

	return bpf(0, attr, sizeof(attr));
}

static __attribute__((unused)) long load(int type, int attach_type, const char *target, void *code, unsigned int count, const char *licence, int *used)
{
	static char log[1 << 16];
	struct {
		unsigned int type, count;
		unsigned long long code, licence;
		unsigned int log_level, log_size;
		unsigned long long log;
		unsigned int version, flags;
		char name[16];
		unsigned int ifindex, attach_type, btf_fd, record;
		unsigned long long functions;
		unsigned int function_count, line_record;
		unsigned long long lines;
		unsigned int line_count, attach_id, attach_fd, relo_count;
		unsigned long long fds;
		unsigned char more[64];
	} attr;

	memset(&attr, 0, sizeof(attr));
	attr.type = type;
	attr.count = count;
	attr.code = (unsigned long)code;
	attr.licence = (unsigned long)licence;
	attr.log_level = 1;
	attr.log_size = sizeof(log);
	attr.log = (unsigned long)log;
	attr.attach_type = attach_type;
	attr.attach_id = function_id(target);
	attr.fds = (unsigned long)used;
	long fd = bpf(5, &attr, sizeof(attr));
	if (fd < 0)
		puts(log);
	return fd;
}

static __attribute__((unused)) long attach(int program)
{
	struct {
		unsigned long long name;
		unsigned int fd, more[13];
	} attr;

	memset(&attr, 0, sizeof(attr));
	attr.fd = program;
	return bpf(17, &attr, sizeof(attr));
}

static __attribute__((unused)) long store_mapped(int fd, const void *from, unsigned long length, long offset)
{
	long start = offset & ~4095L;
	char *at = mmap(NULL, offset - start + length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, start);

	if (at == MAP_FAILED)
		return -errno;
	memcpy(at + (offset - start), from, length);
	munmap(at, offset - start + length);
	return 0;
}

static __attribute__((unused)) long send_rights(int fd, void *data, unsigned long length, int *rights, int count)
{
	char control[CMSG_SPACE(16 * sizeof(int))] = {0};
	struct iovec iov = {data, length};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};

	if (count) {
		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		struct cmsghdr *head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(head), rights, count * sizeof(int));
	}
	return returned(sendmsg(fd, &message, 0));
}

static __attribute__((unused)) long receive_rights(int fd, unsigned long length, int room)
{
	char control[CMSG_SPACE(16 * sizeof(int))];
	struct iovec iov = {bytes(length, NULL, 0), length};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = CMSG_SPACE(room * sizeof(int))};

	return returned(recvmsg(fd, &message, 0));
}

